"""Logs of services: what was added since the last look, and lines with some words in them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.safe import visible
from infra.runtime import Deployment

CHUNK = 40
CHUNKS = 10
LINE = 400
FOUND = 200
LOOK_BYTES, SEARCH_BYTES = 64 << 10, 1 << 20
_ANCHOR = 400


def added(before: str, now: str) -> str:
    """What was appended between two looks at the end of a log."""
    if now.startswith(before):
        return now[len(before) :]
    anchor = before[-_ANCHOR:]
    at = now.rfind(anchor)
    return now[at + len(anchor) :] if at >= 0 else now


@dataclass(frozen=True)
class Line:
    """One line of a service's log, safe to show. `n` counts all lines, so that a page can tell new from old."""

    n: int
    service: str
    text: str


@dataclass
class Logs:
    """The last lines of some services, in the order in which they were seen."""

    services: tuple[str, ...]
    _seen: dict[str, str] = field(default_factory=dict)
    _lines: deque[Line] = field(default_factory=lambda: deque(maxlen=CHUNK * CHUNKS))
    _next: int = 0

    def look(self, deployment: Deployment) -> None:
        """Take in what is new.

        Raises:
            infra.errors.PlatformBroken: the system is gone.
        """
        for service in self.services:
            text = deployment.logs(service, LOOK_BYTES)
            whole = text[: text.rfind("\n") + 1]
            new = added(self._seen.get(service, ""), whole)
            self._seen[service] = whole
            for line in new.splitlines()[-CHUNK * CHUNKS :]:
                self._lines.append(Line(self._next, service, visible(line, LINE)))
                self._next += 1

    def chunks(self) -> dict[str, list[tuple[int, str, str]]]:
        """The lines in pieces that stay the same once they are full, by name."""
        found: dict[str, list[tuple[int, str, str]]] = {}
        for line in self._lines:
            found.setdefault(f"log/{line.n // CHUNK}", []).append((line.n, line.service, line.text))
        return found


def find(deployment: Deployment, services: Iterable[str], words: str) -> list[tuple[str, str]]:
    """The last lines of services, as (service, line), that hold all the words, upper or lower case.

    Raises:
        infra.errors.PlatformBroken: the system is gone.
    """
    wanted = words.lower().split()
    found: list[tuple[str, str]] = []
    for service in services:
        lines = deployment.logs(service, SEARCH_BYTES).splitlines()
        hits = [line for line in lines if wanted and all(word in line.lower() for word in wanted)]
        found += [(service, visible(line, LINE)) for line in hits[-FOUND:]]
    return found[-FOUND:]
