"""What adjusters find in the end, of all claims: how often either version is right, and which one decided."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from casebook.page import document, picture, text_of
from charts import Axis, Bars, Chart, Line, Marks, Panel, Tone
from repository import API, VERSIONS, Commit
from truth import HARD, SIMPLE

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse

KEPT, LATELY, LEAST = 12_000, 600, 20
BACK_S, SLOT_S, AGAIN_S = 60, 2, 2
ROOM = 130  # per cent: above the bars there is room
MOST_REGIONS = 8
TONES = {"v1": Tone.OTHER, "v2": Tone.YOURS}


class Row(NamedTuple):
    """A claim: `live` is the version that decided about it, `right` which versions are."""

    at: float
    live: str
    level: str
    region: str
    right: Mapping[str, bool]


class Review:
    """The last claims, and the commits that came between."""

    def begin(self, now: Commit) -> None:
        """Anew, from what is in force."""
        self._rows: deque[Row] = deque(maxlen=KEPT)
        self._commits: deque[Commit] = deque([now], maxlen=30)
        self._decided: tuple[Commit, Sequence[str]] | None = None

    def note(self, at: float, live: str, level: str, region: str, right: Mapping[str, bool]) -> None:
        """A claim came."""
        self._rows.append(Row(at, live, level, region, right))

    def commit(self, made: Commit, levels: Sequence[str]) -> None:
        """A commit; `levels` of the claims since the release that had a label."""
        self._commits.append(made)
        if made.author == API:
            self._decided = (made, levels)

    def page(self, now: float) -> HTMLResponse:
        """For people."""
        from starlette.responses import HTMLResponse  # of the image

        if not self._rows:
            said = text_of("Nobody has claimed anything yet: start the lab, and look again.")
            return HTMLResponse(document("What adjusters find", said, again_s=AGAIN_S))
        return HTMLResponse(document("What adjusters find", picture(self.chart(now)), again_s=AGAIN_S))

    def chart(self, now: float) -> Chart:
        """How often each version is right, by kind of claim and region, and over time."""
        lately = list(self._rows)[-LATELY:]
        panels = [self._levels(lately), self._regions(lately), self._time(now)]
        return Chart("adjusters", self._title(lately), panels)

    def _title(self, lately: list[Row]) -> str:
        live = self._commits[-1].live
        hard = [row for row in lately if row.level == HARD]
        rates = {name: _share(row.right[name] for row in hard) for name in VERSIONS}
        (other,) = set(VERSIONS) - {live}
        said = f"{live} is live: of 100 hard claims it is right on {rates[live]:.0f}, and {other} on {rates[other]:.0f}"
        if self._decided:
            made, levels = self._decided
            said += (
                f". When the api made {made.live} live, {len(levels)} claims since the release had a label, "
                f"{levels.count(HARD)} of them hard ones"
            )
        return said

    def _levels(self, lately: list[Row]) -> Panel:
        of = {name: [row for row in lately if row.level == name] for name in (SIMPLE, HARD)}
        return _by("Right in the end, by kind of claim", {f"{name} claims": rows for name, rows in of.items()})

    def _regions(self, lately: list[Row]) -> Panel:
        names = sorted({row.region for row in lately})[:MOST_REGIONS]
        return _by("By region", {name: [row for row in lately if row.region == name] for name in names})

    def _time(self, now: float) -> Panel:
        lines = [
            Line(f"right, {name}", *self._shares(now, name, live=False), TONES[name], dashed=True) for name in VERSIONS
        ]
        lines.append(Line("right, as it was decided", *self._shares(now, "", live=True), Tone.TRUTH))
        known = [(each.at - now, f"{each.live} live") for each in self._commits if each.at > now - BACK_S]
        marks = Marks("", [at for at, _ in known], [label for _, label in known])
        below = Axis("s", low=-BACK_S, high=0)
        return Panel([*lines, marks], x=below, y=Axis("right", "%", low=0, high=ROOM, step=50), name="Over time")

    def _shares(self, now: float, name: str, *, live: bool) -> tuple[list[float], list[float | None]]:
        """By two seconds, in per cent; None where there was none."""
        slots: dict[int, list[bool]] = {}
        for row in self._rows:
            if row.at > now - BACK_S:
                slot = int((row.at - now) // SLOT_S) * SLOT_S
                slots.setdefault(slot, []).append(row.right[row.live if live else name])
        found = range(min(slots, default=0), 0, SLOT_S)
        return [slot + SLOT_S / 2 for slot in found], [_share(slots[slot]) if slot in slots else None for slot in found]


def _by(name: str, groups: Mapping[str, Sequence[Row]]) -> Panel:
    bars = [
        Bars(f"{version} is right", range(len(groups)),
             [_share(row.right[version] for row in rows) for rows in groups.values()], TONES[version],
             beside=(n, len(VERSIONS)))
        for n, version in enumerate(VERSIONS)
    ]  # fmt: skip
    return Panel(bars, x=Axis(names=tuple(groups)), y=Axis("right", "%", low=0, high=ROOM, step=50), name=name)


def _share(right: Iterable[bool]) -> float:
    found = list(right)
    return 100 * sum(found) / len(found) if found else 0.0
