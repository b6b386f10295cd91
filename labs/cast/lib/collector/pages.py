"""What was sent, for people: waterfalls as `traces` draws them, lines by word, the last scrapes, the bill."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Mapping
from html import escape
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from casebook import page
from casebook.page import Html

from collector.intake import Intake

SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
MOST = 300
FLAT = frozenset({"page", "spans"})
_LINKS = (("/", "traces"), ("/logs", "logs"), ("/scrapes", "metrics"), ("/bill", "bill"))


def drawing() -> Any:
    """The module `page` of `labs/cast/traces`, which lies beside this library. Its modules have flat names, so they are
    not left where a world of that name would find them."""
    folder = str(Path(__file__).resolve().parents[2] / "traces")
    before: dict[str, ModuleType] = {}
    for name in FLAT.intersection(sys.modules):
        before[name] = sys.modules.pop(name)
    sys.path.insert(0, folder)
    try:
        return importlib.import_module("page")
    finally:
        sys.path.remove(folder)
        for name in FLAT:
            sys.modules.pop(name, None)
        sys.modules.update(before)


class Pages:
    """Pages by path."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._drawing = drawing()

    def page(self, path: str, query: Mapping[str, str]) -> bytes | None:
        """The page of a path; None if there is none."""
        if path == "/":
            order, words = query.get("order", "slowest")[:20], query.get("q", "")[:200]
            return self._within(self._drawing.index(self._intake.traces.roots(), order, words))
        if path.startswith("/trace/"):
            spans = self._intake.traces.trace(path.removeprefix("/trace/"))
            return self._within(self._drawing.waterfall(spans)) if spans else None
        made = {"/logs": self._logs, "/scrapes": self._scrapes, "/bill": self._bill}.get(path)
        return self._within(made(query.get("q", "")[:200]).encode()) if made else None

    def _within(self, whole: bytes) -> bytes:
        """The page under links to the others."""
        links = " · ".join(page.link(path, name) for path, name in _LINKS)
        head, mark, rest = whole.partition(b"<h1>") if b"<body>" not in whole else whole.partition(b"<body>")
        nav = f"<p>{links}</p>".encode()
        return head + (mark + nav if mark == b"<body>" else nav + mark) + rest

    def _logs(self, words: str) -> str:
        wanted = words.lower().split()
        said = ((line, json.dumps(line.fields, ensure_ascii=False)) for line in reversed(list(self._intake.lines)))
        chosen = list(islice(((line, text) for line, text in said if _holds(text, wanted)), MOST))
        form = f'<form>with the words <input name="q" value="{escape(words)}"> <button>show</button></form>'
        rows = [[time.strftime("%H:%M:%S", time.localtime(line.came)), text] for line, text in chosen]
        return page.document("Lines", Html(form), page.table(["came", f"the newest {len(rows)}"], rows))

    def _scrapes(self, words: str) -> str:
        parts: list[Html] = []
        for name in self._intake.scrapes.words:
            latest = self._intake.scrapes.latest(name)
            rows = [[f"{own}{_labels(pairs)}", f"{value:g}"] for (own, pairs), value in sorted(latest.samples.items())]
            parts += [page.heading(f"{name}: {latest.series} series"), page.text_of(latest.error)]
            parts.append(page.table(["series", "value"], rows[:MOST]))
        return page.document("The last scrapes", *parts)

    def _bill(self, words: str) -> str:
        billed = self._intake.billed()
        rows = [[name, billed["last_second"][name], billed["all"][name]] for name in billed["all"]]
        series = page.table(["service", "series"], list(billed["series"].items()))
        return page.document("The bill", page.table(["", "in the last second", "in all"], rows), series, again_s=2)


def _holds(text: str, words: list[str]) -> bool:
    lower = text.lower()
    return all(word in lower for word in words)


def _labels(pairs: tuple[tuple[str, str], ...]) -> str:
    inside = ", ".join(f'{name}="{value}"' for name, value in pairs)
    return f"{{{inside}}}" if inside else ""
