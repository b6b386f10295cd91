"""The data team's notebook: which model the policy in force names, which one the router asked, and who was right."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, NamedTuple

from casebook.page import document, picture, text_of
from charts import Axis, Bars, Chart, Line, Marks, Panel, Tone
from policy_files import MODELS, Policy, named

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse

KEPT, LATELY = 6000, 200
BACK_S, AGAIN_S = 60, 2
TONES = {"mini": Tone.OTHER, "base": Tone.MORE, "max": Tone.TRUTH}


class Row(NamedTuple):
    """An answer: `names` is the model that the policy in force names, `offered` the one that the offered one does."""

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
        self._marks: deque[tuple[float, str]] = deque(maxlen=20)

    def begin(self, current: Policy) -> None:
        """Anew, by the policy in force."""
        self._rows.clear()
        self._marks.clear()
        self._current = current
        self._offered: Policy | None = None
        self._versions: dict[str, str] = {}

    def offer(self, at: float, offered: Policy, *, sound: bool) -> None:
        """A policy is offered."""
        self._offered = offered if sound else None
        self._marks.append((at, f"{offered['version']} is offered"))

    def note(self, at: float, text: str, model: str, version: str, right: bool) -> None:
        """An answer was given."""
        if self._versions.setdefault(model, version) != version:
            self._versions[model] = version
            self._marks.append((at, f"{model} is {version}"))
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
        """Who was asked by who was named, and how many answers were right, by second."""
        lately = list(self._rows)[-LATELY:]
        astray = sum(row.asked not in (row.names, row.offered) for row in lately)
        wrong = sum(not row.right for row in lately)
        title = (
            f"Of the last {len(lately)} questions {astray} went to a model that no policy names for them, "
            f"and {wrong} answers were wrong"
        )
        return Chart("notebook", title, [self._who(lately), self._right(now), self._moved(now)])

    def _who(self, lately: list[Row]) -> Panel:
        many = Counter((row.names, row.asked) for row in lately)
        bars = [
            Bars(f"{asked} was asked", range(len(MODELS)), [many[names, asked] for names in MODELS], TONES[asked],
                 beside=(n, len(MODELS)))
            for n, asked in enumerate(MODELS)
        ]  # fmt: skip
        names = tuple(f"it names {model}" for model in MODELS)
        return Panel(bars, x=Axis(names=names), y=Axis("questions", low=0), name="By the policy in force")

    def _right(self, now: float) -> Panel:
        by = {model: [row for row in self._rows if row.asked == model] for model in MODELS}
        lines = [Line(f"right, by {model}", *self._shares(now, rows), TONES[model]) for model, rows in by.items()]
        marks = [(at - now, label) for at, label in self._marks if at > now - BACK_S]
        shown = Marks("", [at for at, _ in marks], [label for _, label in marks])
        axis = Axis("right", "%", low=0, high=105, step=50)
        return Panel([*lines, shown], x=Axis("s", low=-BACK_S, high=0), y=axis, name="Answers")

    def _moved(self, now: float) -> Panel:
        """Of the questions that the offered policy sends elsewhere: where they went, and who was right there."""
        rows = [row for row in self._rows if row.offered and row.offered != row.names]
        went = [row._replace(right=row.asked == row.offered) for row in rows]
        lines = [
            Line("went where the offered policy says", *self._shares(now, went), Tone.YOURS),
            Line("right there", *self._shares(now, [row for row in rows if row.asked == row.offered]), Tone.GOOD),
        ]
        axis = Axis("of the questions that it sends elsewhere", "%", low=0, high=105, step=50)
        return Panel(lines, x=Axis("s", low=-BACK_S, high=0), y=axis, name="The offered policy")

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
