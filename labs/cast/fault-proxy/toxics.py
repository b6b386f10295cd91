"""What a toxic is: the vocabulary of Toxiproxy, its checks, and its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from problems import BAD_STREAM, BAD_TYPE, bad_body

STREAMS = ("upstream", "downstream")
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "latency": ("latency", "jitter"),
    "timeout": ("timeout",),
    "reset_peer": ("timeout",),
    "bandwidth": ("rate",),
    "slow_close": ("delay",),
    "slicer": ("average_size", "size_variation", "delay"),
    "limit_data": ("bytes",),
}
"""Whole numbers that each type takes, 0 where not given. In ms; rate in KB/s, sizes in bytes, slicer's delay in us."""


@dataclass(frozen=True)
class Toxic:
    """One toxic of a proxy.

    Attributes:
        stream: `upstream` (client to server) or `downstream`.
        toxicity: probability, 0 to 1, that it acts on a connection.
        attributes: one value for each name in `ATTRIBUTES`.
    """

    name: str
    type: str
    stream: str
    toxicity: float
    attributes: Mapping[str, int]

    @classmethod
    def parse(cls, raw: Any) -> Toxic:
        """From the body of a POST: stream `downstream`, toxicity 1 and name `<type>_<stream>` where not given.

        Raises:
            Problem: 400, with Toxiproxy's words where it has some.
        """
        body = _object(raw)
        stream, kind = body.get("stream", "downstream"), body.get("type")
        if stream not in STREAMS:
            raise BAD_STREAM
        if not isinstance(kind, str) or kind not in ATTRIBUTES:
            raise BAD_TYPE
        name = body.get("name") or f"{kind}_{stream}"
        if not isinstance(name, str):
            raise bad_body("name must be text")
        blank = cls(name, kind, stream, 1.0, dict.fromkeys(ATTRIBUTES[kind], 0))
        return blank.amended(body)

    def amended(self, raw: Any) -> Toxic:
        """With the attributes and the toxicity that a body names; the rest stays. Raises as `parse`."""
        body = _object(raw)
        toxicity, given = body.get("toxicity", self.toxicity), body.get("attributes") or {}
        if not _is_number(toxicity) or not 0 <= toxicity <= 1:
            raise bad_body("toxicity must be a number from 0 to 1")
        if not isinstance(given, dict):
            raise bad_body("attributes must be an object")
        for key, value in given.items():
            if key not in ATTRIBUTES[self.type]:
                raise bad_body(f"{self.type} has no attribute {key}; it has {', '.join(ATTRIBUTES[self.type])}")
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise bad_body(f"attribute {key} must be a whole number, 0 or more")
        changed = replace(self, toxicity=float(toxicity), attributes={**self.attributes, **given})
        changed._check_slices()
        return changed

    def _check_slices(self) -> None:
        if self.type == "slicer" and not self.attributes["average_size"] > self.attributes["size_variation"]:
            raise bad_body("average_size must be greater than size_variation")

    def json(self) -> dict[str, Any]:
        """As Toxiproxy shows it."""
        return {
            "attributes": dict(self.attributes),
            "name": self.name,
            "type": self.type,
            "stream": self.stream,
            "toxicity": self.toxicity,
        }


def _object(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise bad_body("must be an object")
    return raw


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
