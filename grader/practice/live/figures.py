"""Figures that a lab's services tell of themselves, read about once a second while somebody looks, and drawn.

Whatever they say may be a candidate's: sizes, names and numbers are bounded, and what makes no sense is passed over.
"""

from __future__ import annotations

import json
import math
import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from grader import fetch
from grader.course.watch import Figures, Watch
from grader.errors import BadInput
from grader.safe import visible

TIMEOUT_S = 0.5
MOST_BYTES = 1 << 18
MOST_LINES = 4000
MOST_SERIES = 10
NAME = 40
KEPT_S = 320.0
HOLD_S = 8.0
"""A figure stands for so long if none newer is read."""

OTHERS = "others"
_SAMPLE = re.compile(r"([A-Za-z_:][\w:]{0,120})(?:\{([^}]{0,2000})\})?[ \t]+(\S{1,40})")
_LABEL = re.compile(r'(\w{1,60})="((?:[^"\\]|\\.){0,200})"')
Series = dict[str, float]


def read(body: bytes, figures: Figures) -> Series:
    """What an answer says of these figures, by series; without those that are no finite numbers."""
    text = body.decode("utf-8", "replace")
    found = _in_json(text, figures) if text.lstrip()[:1] == "{" else _in_text(text, figures)
    summed: Series = {}
    for name, value in found:
        if math.isfinite(value):
            shown = visible(name, NAME) or "unnamed"
            summed[shown] = summed.get(shown, 0.0) + value
    return summed


def _in_text(text: str, figures: Figures) -> Iterable[tuple[str, float]]:
    """Samples of Prometheus' text."""
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        sample = _SAMPLE.match(line)
        if sample is None or sample[1] != figures.name:
            continue
        labels = dict(_LABEL.findall(sample[2] or ""))
        if all(labels.get(label) == value for label, value in figures.where.items()):
            yield labels.get(figures.by, "") if figures.by else figures.called or figures.name, _number(sample[3])


def _in_json(text: str, figures: Figures) -> Iterable[tuple[str, float]]:
    """Numbers of a JSON object."""
    try:
        level: list[tuple[str, Any]] = [(figures.called or figures.name, json.loads(text))]
    except (ValueError, RecursionError):
        return
    for part in figures.name.split("."):
        if part == "*":
            level = [one for _, at in level if isinstance(at, dict) for one in at.items()]
        else:
            level = [(name, at[part]) for name, at in level if isinstance(at, dict) and part in at]
    for name, value in level:
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield name, _number(str(value))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


@dataclass
class Board:
    """The charts of one lab. Times in seconds since the epoch.

    Attributes:
        watches: as lab.yaml has them.
        trouble: of each address that did not answer at the last look, a sentence.
    """

    watches: Sequence[Watch]
    trouble: dict[str, str] = field(default_factory=dict)
    _seen: deque[tuple[float, list[Series | None]]] = field(default_factory=deque)
    _last: dict[tuple[int, int], tuple[float, Series]] = field(default_factory=dict)

    def look(self, addresses: Mapping[str, str], now: float) -> None:
        """Read all figures once; `addresses` has `<service>:<port>` as this machine reaches it."""
        bodies = {url: self._fetched(url, addresses) for watch in self.watches for url in _urls(watch)}
        self.take(bodies, now)

    def take(self, bodies: Mapping[str, bytes | None], now: float) -> None:
        """Note what was read of each address; None: nothing."""
        found: list[Series | None] = []
        for n, watch in enumerate(self.watches):
            series: Series = {}
            for m, figures in enumerate(watch.of):
                body = bodies.get(figures.url)
                told = {} if body is None else read(body, figures)
                for name, value in (self._rates((n, m), told, now) if figures.rate else told).items():
                    series[name] = series.get(name, 0.0) + value
            silent = all(bodies.get(figures.url) is None for figures in watch.of)
            found.append(None if silent else _few(series))
        self._seen.append((now, found))
        while self._seen[0][0] < now - KEPT_S:
            self._seen.popleft()

    def chart(self, now: float, width: float, bins: int) -> dict[str, Any]:
        """All charts of the last `bins` bins of `width` seconds, which stay where they are as time goes on; a bin has
        the newest figures up to its end, None where those are too old."""
        begin = (math.floor(now / width) - bins + 1) * width
        held: list[list[Series | None]] = []
        seen, at = list(self._seen), 0
        for n in range(bins):
            end = begin + (n + 1) * width
            while at < len(seen) and seen[at][0] < end:
                at += 1
            fresh = at and seen[at - 1][0] >= min(end, now) - max(HOLD_S, width)
            held.append(seen[at - 1][1] if fresh else [None] * len(self.watches))
        charts = [self._drawn(watch, [one[n] for one in held]) for n, watch in enumerate(self.watches)]
        known = {
            "start": round(begin, 2),
            "width": width,
            "clock": True,
            "phases": [],
            "title": "the system's own figures",
        }
        return {**known, "n": [int(any(series is not None for series in one)) for one in held], "charts": charts}

    def _drawn(self, watch: Watch, held: Sequence[Series | None]) -> dict[str, Any]:
        names = _in_order(one for one in held if one is not None)
        rows = {name: [None if one is None else round(one.get(name, 0.0), 4) for one in held] for name in names}
        if watch.draw == "share":
            rows = _shares(rows, len(held))
        return {"title": visible(watch.title, 60), "unit": visible(watch.unit, 30), "draw": watch.draw, "series": rows}

    def _rates(self, which: tuple[int, int], told: Series, now: float) -> Series:
        """What was added a second since the last look; a number that fell began anew."""
        before = self._last.get(which)
        if not told:
            return {}
        self._last[which] = now, told
        if before is None or now <= before[0]:
            return {}
        was = before[1]
        return {
            name: max(0.0, value - was.get(name, 0.0) if value >= was.get(name, 0.0) else value) / (now - before[0])
            for name, value in told.items()
        }

    def _fetched(self, url: str, addresses: Mapping[str, str]) -> bytes | None:
        parts = urlsplit(url)
        address = addresses.get(f"{parts.hostname}:{parts.port}")
        if address is None:
            return None
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            status, body = fetch.get(f"http://{address}", path, MOST_BYTES, parts.hostname or "", TIMEOUT_S)
        except BadInput as error:
            self.trouble[url] = str(error)
            return None
        self.trouble.pop(url, None)
        return body if status == 200 else None


def _urls(watch: Watch) -> list[str]:
    return [figures.url for figures in watch.of]


def _few(series: Series) -> Series:
    """The first ones; what is beyond is added up."""
    names = list(series)
    kept = {name: series[name] for name in names[:MOST_SERIES]}
    beyond = sum(series[name] for name in names[MOST_SERIES:])
    return kept if len(names) <= MOST_SERIES else {**kept, OTHERS: beyond + kept.get(OTHERS, 0.0)}


def _in_order(seen: Iterable[Series]) -> list[str]:
    """All names that were seen, in the order of coming, so that one that comes changes no other's colour."""
    names = list(dict.fromkeys(name for one in seen for name in one))
    return [*(name for name in names if name != OTHERS), *(name for name in names if name == OTHERS)]


def _shares(rows: Mapping[str, list[float | None]], bins: int) -> dict[str, list[float | None]]:
    """Each as a part of the bin's sum, in per cent."""
    sums = [sum(row[n] or 0.0 for row in rows.values()) for n in range(bins)]
    return {
        name: [
            None if value is None else round(100 * value / whole, 2) if whole else 0.0
            for value, whole in zip(row, sums, strict=True)
        ]
        for name, row in rows.items()
    }
