"""What traces and logs have in common in OTLP's JSON encoding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MAX_TEXT, MAX_ATTRIBUTES = 200, 24


class NotOtlp(ValueError):
    """A body that is no OTLP JSON. One sentence."""


def resources(document: Any, many: str, scopes: str) -> Iterator[tuple[str, Sequence[Any]]]:
    """Each resource's `service.name`, and its scopes."""
    for resource in document[many]:
        named = dict(texts(resource.get("resource", {}).get("attributes", [])))
        yield named.get("service.name", ""), resource[scopes]


def seconds(nanoseconds: Any) -> float:
    """Since the epoch; ValueError for what is no time."""
    value = int(nanoseconds)
    if not 0 <= value < 1 << 64:
        raise ValueError("no time")
    return value / 1e9


def text(value: Any) -> str:
    """A text, cut, without halves of characters."""
    return str(value)[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def texts(raw: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Attributes as texts."""
    for entry in raw[:MAX_ATTRIBUTES]:
        yield text(entry["key"]), text(plain(entry["value"]))


def plain(value: Mapping[str, Any]) -> Any:
    """An `AnyValue` as JSON has it: a text, a number, true or false, or the text of anything else."""
    kind, found = next(iter(value.items()), ("", ""))
    if kind == "intValue":
        return int(found)
    if kind in ("stringValue", "boolValue", "doubleValue"):
        return found
    return text(found)
