"""Log lines of a run's services: the end of each file, and the lines that carry a request's id.

Files are read from their end and only so far, links are not followed, and every line is made safe and short.
"""

from __future__ import annotations

import html
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.safe import visible

_READ = 4_000_000
_SHORTEST_ID = 6
_LINE = 300
_ERROR = re.compile(rb"^\w[\w.]*(?:Error|Exception)\b[^\n]{0,200}", re.MULTILINE)
"""How the last line of a traceback begins."""


class Budget:
    """How many bytes of page the logs may still fill."""

    def __init__(self, size: int) -> None:
        self.left = size

    def take(self, line: str) -> bool:
        """Whether the line, escaped, still fits; if so it is accounted for."""
        size = len(html.escape(line).encode("utf-8", "replace")) + 1
        if size > self.left:
            return False
        self.left -= size
        return True


@dataclass(frozen=True)
class Tail:
    """The last lines of one service's log, and how many bytes the file has."""

    service: str
    lines: tuple[str, ...]
    size: int


class TrialLogs:
    """The logs of one trial, by service."""

    def __init__(self, folder: Path) -> None:
        self._content: dict[str, bytes] = {}
        self._sizes: dict[str, int] = {}
        if folder.is_symlink() or not folder.is_dir():
            return
        for path in sorted(folder.glob("*.log")):
            if path.is_file() and not path.is_symlink():
                self._content[path.stem], self._sizes[path.stem] = _end_of(path)

    def __len__(self) -> int:
        return len(self._content)

    def with_id(self, request_id: str, budget: Budget, limit: int = 6) -> list[tuple[str, str]]:
        """Up to `limit` (service, line) that contain the id."""
        found: list[tuple[str, str]] = []
        needle = request_id.encode()
        if len(needle) < _SHORTEST_ID:
            return found
        for service, content in self._content.items():
            at = content.find(needle)
            while at >= 0 and len(found) < limit:
                start, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at)
                end = len(content) if end < 0 else end
                line = _line(content[start : min(end, start + 10 * _LINE)])
                if budget.take(line):
                    found.append((visible(service, 40), line))
                at = content.find(needle, end)
        return found

    def around(self, service: str, words: Collection[str], most: int) -> tuple[str, list[str]]:
        """Of a service's log about `most` lines around the first that contains one of the words, and the word; where
        none does, an empty word, and the lines that end with the most frequent error, else the last ones. Words of less
        than six characters are nobody's name."""
        content = self._content.get(service, b"")
        names = [re.escape(word.encode()) for word in words if len(word) >= _SHORTEST_ID]
        found = re.search(b"|".join(names), content) if names else None
        if not found:
            errors = Counter(_ERROR.findall(content))
            end = content.rfind(errors.most_common(1)[0][0]) if errors else len(content)
            end = len(content) if content.find(b"\n", end) < 0 else content.find(b"\n", end)
            return "", [_line(raw) for raw in reversed(list(_backwards(content[:end], most)))]
        before = content[: content.rfind(b"\n", 0, found.start()) + 1].splitlines()[-(most // 3) :]
        after = content[found.start() : found.start() + most * 10 * _LINE].splitlines()
        first = content[content.rfind(b"\n", 0, found.start()) + 1 : found.start()] + after[0]
        lines = [*before, first, *after[1:]][:most]
        return found[0].decode(), [_line(raw) for raw in lines if raw.strip()]

    def tails(self, budget: Budget, limit: int) -> list[Tail]:
        """The last lines of each service, at most `limit` bytes of page for each."""
        return [self._tail(service, budget, limit) for service in self._content]

    def _tail(self, service: str, budget: Budget, limit: int) -> Tail:
        own = Budget(min(limit, budget.left))
        lines: list[str] = []
        for raw in _backwards(self._content[service]):
            line = _line(raw)
            if not own.take(line):
                break
            budget.take(line)
            lines.append(line)
        return Tail(visible(service, 40), tuple(reversed(lines)), self._sizes[service])


def _line(raw: bytes) -> str:
    return visible(raw.rstrip(b"\r\n").decode("utf-8", "replace"), _LINE)


def _backwards(content: bytes, most: int = 200) -> Iterable[bytes]:
    end = len(content.rstrip())
    for _ in range(most):
        if end <= 0:
            return
        start = content.rfind(b"\n", 0, end) + 1
        yield content[start:end]
        end = start - 1


def _end_of(path: Path) -> tuple[bytes, int]:
    """The last part of a file, and the file's size."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _READ))
        return file.read(_READ), size


def none_found(lines: Sequence[Sequence[tuple[str, str]]]) -> bool:
    """Whether not one of the requests was found in any log."""
    return not any(lines)
