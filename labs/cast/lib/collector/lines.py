"""Lines of a log: objects of JSON, one a line, or OTLP's log records."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casebook.strict import loads

from collector.otlp import MAX_ATTRIBUTES, NotOtlp, plain, resources, text

MOST_LINES, MAX_BYTES = 50_000, 12_000_000
MAX_LINE = 8_192
OVERHEAD = 600


@dataclass(frozen=True)
class Line:
    """A line. `came`: when it arrived, seconds since the epoch; `fields`: of its object. An OTLP record has its body as
    `message`, and `severity`, `trace_id`, `span_id`, `service`, beside its attributes."""

    came: float
    fields: Mapping[str, Any]
    size: int


class Lines:
    """The latest lines, in the order in which they came."""

    def __init__(self) -> None:
        self._kept: deque[Line] = deque()
        self._size = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Line]:
        return iter(self._kept)

    def add(self, line: Line) -> None:
        """Keep it."""
        self._kept.append(line)
        self._size += line.size
        while len(self._kept) > MOST_LINES or self._size > MAX_BYTES:
            self._size -= self._kept.popleft().size
            self.dropped += 1

    def where(self, **fields: Any) -> list[Line]:
        """Those whose fields have these values."""
        return [line for line in self._kept if all(line.fields.get(name) == value for name, value in fields.items())]


def read_lines(body: bytes, came: float) -> tuple[list[Line], int]:
    """The lines of a body, and how many there are that are no object of JSON."""
    found, broken = [], 0
    for raw in body.splitlines():
        if not raw.strip():
            continue
        try:
            fields = loads(raw) if len(raw) <= MAX_LINE else None
        except ValueError:
            fields = None
        if isinstance(fields, dict):
            found.append(Line(came, fields, OVERHEAD + 2 * len(raw)))
        else:
            broken += 1
    return found, broken


def records_of(document: Any, came: float) -> list[Line]:
    """The records of an `ExportLogsServiceRequest` in OTLP's JSON encoding.

    Raises:
        NotOtlp: it is none.
    """
    try:
        return list(_records(document, came))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise NotOtlp(f"expected OTLP logs as JSON: {type(error).__name__}") from error


def _records(document: Any, came: float) -> Iterator[Line]:
    for service, scopes in resources(document, "resourceLogs", "scopeLogs"):
        for scope in scopes:
            for raw in scope["logRecords"]:
                fields = _fields(raw, service)
                yield Line(came, fields, OVERHEAD + sum(len(str(value)) + len(key) for key, value in fields.items()))


def _fields(raw: Mapping[str, Any], service: str) -> dict[str, Any]:
    said = raw.get("attributes", [])[:MAX_ATTRIBUTES]
    given = {text(entry["key"]): _short(plain(entry["value"])) for entry in said}
    known = {
        "message": text(plain(raw.get("body") or {})),
        "severity": text(raw.get("severityText", "")),
        "trace_id": text(raw.get("traceId", "")).lower(),
        "span_id": text(raw.get("spanId", "")).lower(),
        "service": service,
    }
    return {name: value for name, value in known.items() if value} | given


def _short(value: Any) -> Any:
    return text(value) if isinstance(value, str) else value
