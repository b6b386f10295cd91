"""The data team's notebook: which model the current policy names, which one answered first, and was it right.

A question is in it once, with the first answer that a model gave: who answered the user, the pool does not know."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from casebook.page import document, picture, text_of
from charts import Axis, Bars, Chart, Line, Marks, Panel, Tone
from policy_files import MODELS, Policy, named

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse

KEPT, LATELY = 6000, 200
BACK_S, AGAIN_S = 60, 2
ROOM = 145  # per cent: above the lines there is room for labels
TONES = {"mini": Tone.OTHER, "base": Tone.MORE, "max": Tone.TRUTH}


class Row(NamedTuple):
    """An answer: `names` is the model that the current policy names, `offered` the one that the offered one does."""

    at: float
    names: str
    offered: str | None
    asked: str
    version: str
    right: bool


class Notebook:
    """What the last answers were."""

    def __init__(self) -> None:
        self._rows: deque[Row] = deque(maxlen=KEPT)
        self._changes: deque[tuple[float, str]] = deque(maxlen=20)
        self._offers: deque[tuple[float, str]] = deque(maxlen=20)

    def begin(self, current: Policy) -> None:
        """Anew, by the current policy."""
        self._rows.clear()
        self._changes.clear()
        self._offers.clear()
        self._current = current
        self._offered: Policy | None = None
        self._versions: dict[str, str] = {}

    def offer(self, at: float, offered: Policy, *, sound: bool) -> None:
        """A policy is offered."""
        self._offered = offered if sound else None
        self._offers.append((at, f"{offered['version']} offered"))

    def note(self, at: float, text: str, model: str, version: str, right: bool) -> None:
        """A question has its first answer."""
        if self._versions.setdefault(model, version) != version:
            self._versions[model] = version
            self._changes.append((at, f"{model} {version}"))
        offered = named(self._offered["models"], text) if self._offered else None
        self._rows.append(Row(at, named(self._current["models"], text), offered, model, version, right))

    def page(self, now: float) -> HTMLResponse:
        """For people."""
        from starlette.responses import HTMLResponse  # of the image

        if not self._rows:
            said = text_of("Nobody has asked anything yet: start the lab, and look again.")
            return HTMLResponse(document("The notebook", said, again_s=AGAIN_S))
        return HTMLResponse(document("The notebook", picture(self.chart(now)), again_s=AGAIN_S))

    def chart(self, now: float) -> Chart:
        """Who answered by who was named, and how many answers were right, by second."""
        lately = list(self._rows)[-LATELY:]
        astray = sum(row.asked not in (row.names, row.offered) for row in lately)
        wrong = sum(not row.right for row in lately)
        title = (
            f"Of the last {len(lately)} questions {astray} were answered first by a model "
            f"that no policy names for them, and {wrong} first answers were wrong"
        )
        return Chart("notebook", title, [self._who(lately), self._right(now), self._moved(now)])

    def _who(self, lately: list[Row]) -> Panel:
        many = Counter((row.names, row.asked) for row in lately)
        bars = [
            Bars(f"{asked} answered", range(len(MODELS)), [many[names, asked] for names in MODELS], TONES[asked],
                 beside=(n, len(MODELS)))
            for n, asked in enumerate(MODELS)
        ]  # fmt: skip
        names = tuple(f"it names {model}" for model in MODELS)
        return Panel(bars, x=Axis(names=names), y=Axis("questions", low=0), name="By the current policy")

    def _right(self, now: float) -> Panel:
        by = {model: [row for row in self._rows if row.asked == model] for model in MODELS}
        lines = [Line(f"right, by {model}", *self._shares(now, rows), TONES[model]) for model, rows in by.items()]
        axis = Axis("right", "%", low=0, high=ROOM, step=50)
        return Panel([*lines, _marks(now, self._changes)], x=Axis("s", low=-BACK_S, high=0), y=axis, name="Answers")

    def _moved(self, now: float) -> Panel:
        """Of the questions that the offered policy sends elsewhere: where they went, and who was right there."""
        rows = [row for row in self._rows if row.offered and row.offered != row.names]
        went = [row._replace(right=row.asked == row.offered) for row in rows]
        lines = [
            Line("went where the offered policy says", *self._shares(now, went), Tone.YOURS),
            Line("right there", *self._shares(now, [row for row in rows if row.asked == row.offered]), Tone.GOOD),
        ]
        axis = Axis("of the questions that it sends elsewhere", "%", low=0, high=ROOM, step=50)
        below = Axis("s", low=-BACK_S, high=0)
        return Panel([*lines, _marks(now, self._offers)], x=below, y=axis, name="The offered policy")

    def _shares(self, now: float, rows: list[Row]) -> tuple[list[float], list[float | None]]:
        """Shares of `right` by two seconds, in per cent; None where there was none."""
        of: Counter[int] = Counter()
        good: Counter[int] = Counter()
        for row in rows:
            if row.at > now - BACK_S:
                slot = int((row.at - now) // 2) * 2
                of[slot] += 1
                good[slot] += row.right
        slots = range(min(of, default=0), 0, 2)
        shares = [100.0 * good[slot] / of[slot] if of[slot] else None for slot in slots]
        return [slot + 1.0 for slot in slots], shares


def _marks(now: float, known: Iterable[tuple[float, str]]) -> Marks:
    """What came in the last minute, each with its label."""
    lately = [(at - now, label) for at, label in known if at > now - BACK_S]
    return Marks("", [at for at, _ in lately], [label for _, label in lately])
