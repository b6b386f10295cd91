"""The picture: which release was in force in the last minute, and whose numbers the answers were."""

from __future__ import annotations

from charts import Axis, Chart, Dots, Panel, Spans, Tone
from days import Days
from quotes import rent, values
from recent import KEEPS_S, Answer, Recent

MOST = 6  # releases that have a row: the newest, and those that were in force
NOBODY = "nobody's"
FIGURES_S = 3.0


def drawn(recent: Recent, days: Days, now: float) -> Chart:
    """Rows are releases. A dot is an answer, in the row of the release whose rent it is."""
    rows = _rows(recent, now)
    whose = _sorted(recent, days, rows, now - KEEPS_S)
    right = [(one, k) for one, k in whose if k and k == recent.due(one.at)]
    other = [(one, k) for one, k in whose if k and k != recent.due(one.at)]
    nobody = [one for one, k in whose if not k]
    names = [f"no. {k}" for k in rows] + [NOBODY]
    title = f"Of {len(whose)} rents {len(other)} were another release's, and {len(nobody)} were no release's at all"
    spans, which = _force(recent, rows, now)
    layers = [
        Spans("in force", spans, Tone.TRUTH, rows=which),
        Dots("its rent", [one.at - now for one, _ in right], [rows.index(k) for _, k in right], Tone.YOURS),
        Dots("another's", [one.at - now for one, _ in other], [rows.index(k) for _, k in other], Tone.BAD),
        Dots(NOBODY, [one.at - now for one in nobody], [len(rows)] * len(nobody), Tone.BAD, ring=True),
    ]
    panel = Panel(layers, x=Axis("seconds ago", low=-KEEPS_S, high=0.0), y=Axis("release", names=names))
    return Chart("who", title, [panel])


def figures(recent: Recent, days: Days, now: float) -> dict[str, int]:
    """How many rents of the last seconds were those of the release in force, another's, and nobody's."""
    found = {"in-force": 0, "another": 0, "nobody": 0}
    for one, k in _sorted(recent, days, _rows(recent, now), now - FIGURES_S):
        found["nobody" if not k else "in-force" if k == recent.due(one.at) else "another"] += 1
    return found


def _sorted(recent: Recent, days: Days, rows: list[int], since: float) -> list[tuple[Answer, int]]:
    """Answers since then, each with the release whose rent it is, or 0."""
    numbers = {k: values(days.release(k).parts) for k in rows}
    return [(one, _whose(one, numbers)) for one in recent.answers if one.at >= since]


def _rows(recent: Recent, now: float) -> list[int]:
    """Which releases have a row."""
    there = {one.k for one in recent.force if one.at >= now - KEEPS_S} | {recent.due(now - KEEPS_S)}
    return sorted(there - {0})[-MOST:]


def _whose(one: Answer, numbers: dict[int, dict[str, dict[str, str]]]) -> int:
    """The release whose rent this is; 0 for nobody's."""
    try:
        return next((k for k, known in numbers.items() if rent(known, one.flat) == one.rent), 0)
    except (KeyError, TypeError, ArithmeticError):  # it was no flat
        return 0


def _force(recent: Recent, rows: list[int], now: float) -> tuple[list[tuple[float, float]], list[int]]:
    """From when to when which row was in force, in seconds from now."""
    orders = list(recent.force)
    ends = [*(one.at for one in orders), now][1:]
    found = [
        ((max(one.at - now, -KEEPS_S), end - now), rows.index(one.k))
        for one, end in zip(orders, ends, strict=True)
        if one.k in rows and end > now - KEEPS_S
    ]
    return [span for span, _ in found], [row for _, row in found]
