"""Spans out of OTLP's JSON with kind and links, and the traces that they make up. All of it is cut to size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.otlp import NotOtlp, resources, seconds, text, texts

MAX_EVENTS, MAX_LINKS = 24, 128
MOST_TRACES, MAX_SPANS = 20_000, 200
MAX_BYTES = 50_000_000
OVERHEAD = 1_200
KINDS = ("", "internal", "server", "client", "producer", "consumer")
_PARTS = ("traceId", "spanId", "name", "startTimeUnixNano", "endTimeUnixNano")


@dataclass(frozen=True)
class Span:
    """One span.

    Attributes:
        trace, id, parent: hexadecimal digits in lower case; parent is empty for a root.
        service, name: of the resource (`service.name`), of the span.
        kind: `internal`, `server`, `client`, `producer`, `consumer`, or empty.
        start, end, came: seconds since the epoch; `came` is when it arrived, by this clock.
        failed: whether its status is an error.
        attributes: names and values, as texts.
        events: seconds since its start, name.
        links: trace and span of each.
    """

    trace: str
    id: str
    parent: str
    service: str
    name: str
    kind: str
    start: float
    end: float
    came: float
    failed: bool
    attributes: tuple[tuple[str, str], ...] = ()
    events: tuple[tuple[float, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end - self.start

    @property
    def size(self) -> int:
        """About how many bytes it keeps."""
        pairs = sum(150 + len(key) + len(value) for key, value in self.attributes)
        return (
            OVERHEAD + len(self.name) + pairs + sum(80 + len(name) for _, name in self.events) + 150 * len(self.links)
        )

    def value(self, name: str) -> str:
        """An attribute; empty if there is none."""
        return dict(self.attributes).get(name, "")


class Traces:
    """Traces by the order in which they were first heard of. The oldest are forgotten where there are too many."""

    def __init__(self) -> None:
        self._size = 0
        self._spans: OrderedDict[str, dict[str, Span]] = OrderedDict()
        self.doubled = self.dropped = 0

    def __len__(self) -> int:
        return len(self._spans)

    def add(self, span: Span) -> None:
        """Keep a span, the first of its id: an exporter that heard no answer sends again."""
        known = self._spans.setdefault(span.trace, {})
        if span.id in known:
            self.doubled += 1
            return
        if len(known) >= MAX_SPANS:
            self.dropped += 1
            return
        known[span.id] = span
        self._size += span.size
        while len(self._spans) > MOST_TRACES or self._size > MAX_BYTES:
            _, forgotten = self._spans.popitem(last=False)
            self._size -= sum(span.size for span in forgotten.values())
            self.dropped += len(forgotten)

    def ids(self) -> Sequence[str]:
        """Of all traces, the oldest first."""
        return list(self._spans)

    def trace(self, id: str) -> list[Span]:
        """The spans of a trace, by their start; none if it is not kept."""
        return sorted(self._spans.get(id, {}).values(), key=lambda span: (span.start, -span.end))

    def roots(self) -> list[Span]:
        """The first span of every trace whose first span has arrived, newest first."""
        firsts = (next((span for span in spans.values() if not span.parent), None) for spans in self._spans.values())
        return sorted((span for span in firsts if span is not None), key=lambda span: -span.start)


def spans_of(document: Any, came: float) -> list[Span]:
    """The spans of an `ExportTraceServiceRequest` in OTLP's JSON encoding.

    Raises:
        NotOtlp: it is none.
    """
    try:
        return list(_spans(document, came))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError) as error:
        raise NotOtlp(f"expected OTLP traces as JSON: {type(error).__name__}") from error


def _spans(document: Any, came: float) -> Iterator[Span]:
    for service, scopes in resources(document, "resourceSpans", "scopeSpans"):
        for scope in scopes:
            for raw in scope["spans"]:
                yield _span(raw, service, came)


def _span(raw: Mapping[str, Any], service: str, came: float) -> Span:
    trace, id, name, start, end = (raw[key] for key in _PARTS)
    begin = seconds(start)
    events = [(seconds(event["timeUnixNano"]) - begin, text(event["name"])) for event in raw.get("events", [])]
    links = [(text(link["traceId"]).lower(), text(link["spanId"]).lower()) for link in raw.get("links", [])]
    return Span(
        trace=text(trace).lower(),
        id=text(id).lower(),
        parent=text(raw.get("parentSpanId") or "").lower(),
        service=service,
        name=text(name),
        kind=_kind(raw.get("kind", 0)),
        start=begin,
        end=max(begin, seconds(end)),
        came=came,
        failed=raw.get("status", {}).get("code") in (2, "STATUS_CODE_ERROR"),
        attributes=tuple(texts(raw.get("attributes", []))),
        events=tuple(events[:MAX_EVENTS]),
        links=tuple(links[:MAX_LINKS]),
    )


def _kind(raw: Any) -> str:
    if isinstance(raw, str):
        name = raw.removeprefix("SPAN_KIND_").lower()
        return name if name in KINDS else ""
    return KINDS[raw] if type(raw) is int and 0 <= raw < len(KINDS) else ""
