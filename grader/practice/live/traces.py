"""Traces out of the pages of a lab's collector (labs/cast/traces), which offers nothing else: a list, and waterfalls.

All in them was written by services of the candidate's, so all is cut and made visible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlencode

from grader.errors import BadInput
from grader.fetch import get
from grader.safe import visible

PAGE = "traces"
"""The name of the collector's page in lab.yaml."""

MOST_BYTES = 2 << 20
MOST_SPANS = 120
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def listed(url: str, order: str, words: str) -> list[dict[str, Any]]:
    """The traces that the collector lists, of those with the words.

    Args:
        url: the collector's page.
        order: slowest or newest.

    Raises:
        BadInput: it does not answer, or with something else.
    """
    asked = urlencode({"order": "slowest" if order == "slowest" else "newest", "q": words[:200]})
    found = []
    for cells in _table(_get(url, f"/?{asked}")):
        if len(cells) == 4 and (id := cells[2].link.rpartition("/")[2]):
            began, took, name, known = (cell.text for cell in cells)
            ms = _number(took)
            found.append({"id": id, "began": began, "ms": ms, "name": visible(name, 80), "known": visible(known, 200)})
    return found


def one(url: str, id: str) -> list[dict[str, Any]]:
    """The spans of a trace, each below its parent: depth, name, service, from and length in ms, whether it failed.

    Raises:
        BadInput: there is none of that id, or the collector does not answer.
    """
    if not _ID.fullmatch(id):
        raise BadInput("that is no id of a trace")
    found = []
    for cells in _table(_get(url, f"/trace/{quote(id)}")):
        if len(cells) == 5:
            name, start, took, bar, known = cells
            found.append(
                {
                    "depth": round(max(0.0, name.indent - 0.5)),
                    "name": visible(name.own.strip(), 80),
                    "service": visible(name.small.strip(), 40),
                    "from": _number(start.text),
                    "ms": _number(took.text),
                    "failed": bar.failed,
                    "known": visible(known.lines[0], 200),
                    "events": [_event(line) for line in known.lines[1:20]],
                }
            )
    return found[:MOST_SPANS]


def _event(line: str) -> list[Any]:
    at, _, name = line.partition(" ms: ")
    return [_number(at), visible(name, 80)]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _get(url: str, path: str) -> str:
    status, body = get(url, path, MOST_BYTES, "the collector of traces")
    if status == 404:
        raise BadInput("the collector does not keep that trace any more")
    if status != 200:
        raise BadInput(f"the collector of traces answered with status {status}")
    return body.decode("utf-8", "replace")


@dataclass
class _Cell:
    """A cell of a table: its text as lines, of which `own` is what is in no element and `small` in a span."""

    indent: float = 0.0
    link: str = ""
    failed: bool = False
    own: str = ""
    small: str = ""
    lines: list[str] = field(default_factory=lambda: [""])

    @property
    def text(self) -> str:
        return "".join(self.lines).strip()


class _Table(HTMLParser):
    """The rows of the first table of a page, without its head."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[_Cell]] = []
        self._cell: _Cell | None = None
        self._inside = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "tr":
            self.rows.append([])
        elif tag == "td" and self.rows:
            indent = re.search(r"padding-left:([0-9.]+)rem", given.get("style", ""))
            self._cell, self._inside = _Cell(float(indent[1]) if indent else 0.0), 0
            self.rows[-1].append(self._cell)
        elif self._cell is not None and tag == "br":
            self._cell.lines.append("")
        elif self._cell is not None:
            self._inside += 1
            self._cell.link = self._cell.link or given.get("href", "")
            self._cell.failed |= {"bar", "bad"} <= set(given.get("class", "").split())

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._cell = None
        elif self._cell is not None:
            self._inside -= 1

    def handle_data(self, data: str) -> None:
        if self._cell is None:
            return
        self._cell.lines[-1] += data
        if self._inside:
            self._cell.small += data
        else:
            self._cell.own += data


def _table(page: str) -> list[list[_Cell]]:
    parser = _Table()
    parser.feed(page)
    return [row for row in parser.rows if row]
