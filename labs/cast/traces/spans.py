"""Spans out of OTLP's JSON, and the traces that they make up. What arrives is checked and cut to size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_TEXT, MAX_ATTRIBUTES, MAX_SPANS = 200, 24, 200
MAX_CHARACTERS = 8_000_000
OVERHEAD = 400
SPAN_PARTS = ("traceId", "spanId", "name", "startTimeUnixNano", "endTimeUnixNano")


class NotOtlp(ValueError):
    """A body that is no OTLP JSON."""


@dataclass(frozen=True)
class Span:
    """One span. Times in seconds since the epoch; `events` are (seconds since the span's start, name)."""

    trace: str
    id: str
    parent: str
    service: str
    name: str
    start: float
    end: float
    failed: bool
    attributes: tuple[tuple[str, str], ...]
    events: tuple[tuple[float, str], ...]

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end - self.start

    @property
    def size(self) -> int:
        """About how many bytes it keeps."""
        pairs = sum(len(key) + len(value) for key, value in self.attributes)
        return OVERHEAD + len(self.name) + pairs + sum(len(name) for _, name in self.events)


class Traces:
    """The latest traces by the order in which they were first heard of: at most `keep`, and `MAX_CHARACTERS` in all."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._size = 0
        self._spans: OrderedDict[str, dict[str, Span]] = OrderedDict()

    def add(self, document: Any) -> int:
        """Take in what an exporter sent; how many spans there were.

        Raises:
            NotOtlp: it is not an export of traces.
        """
        spans = list(read(document))
        for span in spans:
            known = self._spans.setdefault(span.trace, {})
            if len(known) < MAX_SPANS and span.id not in known:
                known[span.id] = span
                self._size += span.size
        while len(self._spans) > self._keep or self._size > MAX_CHARACTERS:
            _, forgotten = self._spans.popitem(last=False)
            self._size -= sum(span.size for span in forgotten.values())
        return len(spans)

    def trace(self, id: str) -> list[Span]:
        """The spans of a trace, by their start; none if it is not kept."""
        return sorted(self._spans.get(id, {}).values(), key=lambda span: (span.start, -span.end))

    def roots(self) -> list[Span]:
        """The first span of every trace whose first span has arrived, newest first."""
        found = []
        for spans in self._spans.values():
            found += [span for span in spans.values() if not span.parent][:1]
        return sorted(found, key=lambda span: -span.start)


def read(document: Any) -> Iterator[Span]:
    """The spans of an `ExportTraceServiceRequest` in OTLP's JSON encoding; raises NotOtlp."""
    try:
        for resource in document["resourceSpans"]:
            service = dict(_attributes(resource.get("resource", {}).get("attributes", []))).get("service.name", "")
            for scope in resource["scopeSpans"]:
                for raw in scope["spans"]:
                    yield _span(raw, service)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise NotOtlp(f"expected OTLP traces as JSON: {type(error).__name__}") from error


def _span(raw: dict[str, Any], service: str) -> Span:
    trace, id, name, start, end = (raw[key] for key in SPAN_PARTS)
    begin = _seconds(start)
    marks = [(_seconds(event["timeUnixNano"]) - begin, _text(event["name"])) for event in raw.get("events", [])]
    return Span(
        trace=_text(trace),
        id=_text(id),
        parent=_text(raw.get("parentSpanId") or ""),
        service=service,
        name=_text(name),
        start=begin,
        end=max(begin, _seconds(end)),
        failed=raw.get("status", {}).get("code") in (2, "STATUS_CODE_ERROR"),
        attributes=tuple(_attributes(raw.get("attributes", []))),
        events=tuple(marks[:MAX_ATTRIBUTES]),
    )


def _seconds(nanoseconds: Any) -> float:
    value = int(nanoseconds)
    if not 0 <= value < 1 << 64:
        raise ValueError("no time")
    return value / 1e9


def _text(value: Any) -> str:
    return str(value)[:MAX_TEXT]


def _attributes(raw: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for entry in raw[:MAX_ATTRIBUTES]:
        yield _text(entry["key"]), _text(next(iter(entry["value"].values()), ""))
