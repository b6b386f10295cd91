"""What a door is told, from DOOR: which paths go where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Rule:
    """Where calls go.

    Attributes:
        prefix: of their paths; whole parts of a path, so `/v1` is not of `/v11`.
        to: URL of a service, without a path: `http://api:8080`.
        strip: whether the service gets the path without the prefix.
        by: the header of a call, or else the field of its JSON body, that says what it is about; empty: nothing does.
    """

    prefix: str
    to: str
    strip: bool = False
    by: str = ""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the service."""
        url = urlsplit(self.to)
        return url.hostname or "", url.port or 80

    def covers(self, path: str) -> bool:
        """Whether a call of this path goes there."""
        whole = self.prefix.rstrip("/")
        return path.startswith(whole) and path[len(whole) :][:1] in ("", "/")

    def path(self, raw: str) -> str:
        """The path, with its query, as the service gets it."""
        left = raw.removeprefix(self.prefix.rstrip("/")) if self.strip else raw
        return left if left.startswith("/") else f"/{left}"


def rules(raw: Any) -> tuple[Rule, ...]:
    """The list in DOOR, longest prefix first.

    Raises:
        ValueError: it makes no sense; one sentence.
    """
    if not isinstance(raw, list) or not raw:
        raise ValueError('DOOR must be a list of {"prefix", "to"}, with "strip" and "by" where they are wanted')
    made = [_rule(each, f"DOOR[{n}]") for n, each in enumerate(raw)]
    if len({rule.prefix.rstrip("/") for rule in made}) < len(made):
        raise ValueError("DOOR has one prefix twice")
    return tuple(sorted(made, key=lambda rule: -len(rule.prefix)))


def found(known: Sequence[Rule], path: str) -> Rule | None:
    """The rule of a path; None: it is none of the door's."""
    return next((rule for rule in known if rule.covers(path)), None)


def _rule(raw: Any, where: str) -> Rule:
    if not isinstance(raw, dict) or not {"prefix", "to"} <= raw.keys() <= {"prefix", "to", "strip", "by"}:
        raise ValueError(f"{where} must be an object with prefix, to, and perhaps strip and by")
    texts = [raw["prefix"], raw["to"], raw.get("by", "")]
    if not all(isinstance(text, str) for text in texts) or not isinstance(raw.get("strip", False), bool):
        raise ValueError(f"{where}: prefix, to and by must be texts, strip true or false")
    rule = Rule(**raw)
    if not rule.prefix.startswith("/"):
        raise ValueError(f"{where}: prefix must begin with a slash")
    url = urlsplit(rule.to)
    if url.scheme != "http" or not url.hostname or url.path not in ("", "/") or not rule.address[1]:
        raise ValueError(f"{where}: to must be http://host:port")
    return rule
