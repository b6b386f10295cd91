"""Pictures of the public launches: decisions, what is asked of the load test, first steps, and how rollouts end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import judge
from charts import Axis, Chart, Dots, Panel, Spans, Table, Tone
from charts.table import Cell
from cited.values import is_number
from kinds import RISKS
from rollouts import MINUTES
from seen import Seen

MOST_TIMES = 5.0


def of(seen: Sequence[Seen]) -> Iterator[Chart | Table]:
    """What can be drawn so far."""
    reviewed = [one for one in seen if one.found]
    if reviewed:
        yield decisions(reviewed)
        yield capacity(reviewed)
        yield rollouts(reviewed)
        yield offers([one for one in reviewed if one.made.truth.holds])


def value(one: Seen, name: str) -> float | None:
    """A number that the review shows."""
    told = judge.said(one.found, name) if one.found else None
    return float(told) if is_number(told) else None


def decisions(seen: Sequence[Seen]) -> Table:
    """A row a launch: risks that hold, what the review makes of them, and both decisions."""
    rows, right, unsaid = [], 0, 0
    for one in seen:
        assert one.found
        truth, cells = one.made.truth, []
        for risk in RISKS:
            says = judge.said(one.found, f"risk-{risk}") is True
            holds = risk in truth.holds
            unsaid += holds and not says
            tone = Tone.GOOD if holds and says else Tone.BAD if holds or says else None
            cells.append(Cell("holds" if holds and says else "not seen" if holds else "no risk" if says else "", tone))
        told = judge.said(one.found, "decision")
        good = told == truth.decision
        right += good
        rows.append([one.name, *cells, truth.decision, Cell(told or "none", Tone.GOOD if good else Tone.BAD)])
    title = f"{right} of {len(seen)} launches are decided right; {unsaid} risks hold that the review does not name"
    return Table("decisions", title, ["launch", *RISKS, "it is", "it says"], rows)


def capacity(seen: Sequence[Seen]) -> Chart:
    """What the event asks for against what the load test has shown, as it is and as the review says."""
    names = [one.name for one in seen]
    figures = [one.made.truth.figures for one in seen]
    rows = range(len(seen))
    asked, shown = ([float(each[name]) for each in figures] for name in ("peak-rps", "sustained-rps"))
    short = [at for at in rows if asked[at] * seen[at].made.terms.headroom > shown[at]]
    said_short = [
        at for at in rows
        if (value(seen[at], "peak-rps") or 0) * seen[at].made.terms.headroom > (value(seen[at], "sustained-rps") or 0)
    ]  # fmt: skip
    panels = [
        Panel(
            [
                Dots("it is", truth, rows, Tone.TRUTH, size=6, ring=True),
                Dots("the review says", [value(one, name) for one in seen], rows, Tone.YOURS, size=3),
            ],
            Axis(what, low=0), Axis(names=names),
        )
        for what, name, truth in (
            ("requests a second at the event", "peak-rps", asked),
            ("sustained in the load test", "sustained-rps", shown),
        )
    ]  # fmt: skip
    title = f"Capacity is too small for {len(short)} launches; by the review's own figures for {len(said_short)}"
    return Chart("capacity", title, panels)


def rollouts(seen: Sequence[Seen]) -> Chart:
    """A row a launch: how long its bad rollout ran, and its fine one."""
    named = {"bad": [f"{one.name}: {one.way}" for one in seen], "fine": [one.name for one in seen]}
    panels, counts = [], {}
    for kind, name in (("bad", "goes bad; stop it by minute 20"), ("fine", "is fine; let it run")):
        ends = [one.ended[kind][0] if one.ended else 0 for one in seen]
        good = [bool(end) == (kind == "bad") for end in ends]
        counts[kind] = len(seen) - sum(good)
        ran = [(0.0, float(end or MINUTES)) for end in ends]
        layers = [
            Spans(label, [ran[at] for at in at_], tone, rows=at_, tall=0.6, solid=True)
            for label, tone, wanted in (("ends as it should", Tone.GOOD, True), ("does not", Tone.BAD, False))
            if (at_ := [at for at, each in enumerate(good) if each is wanted])
        ]  # fmt: skip
        stops = Dots("your stop", [end or None for end in ends], range(len(seen)), Tone.YOURS, size=4)
        panels.append(Panel([*layers, stops], Axis("minute", low=0, high=MINUTES), Axis(names=named[kind]), name=name))
    many = len(seen)
    title = f"{counts['bad']} of {many} bad rollouts are not stopped, and {counts['fine']} of {many} fine ones are"
    return Chart("rollouts", title, panels)


def offers(seen: Sequence[Seen]) -> Chart:
    """First steps, as how many times the orders that are needed: what may be, and what the review offers."""
    names = [one.name for one in seen]
    rows = list(range(len(seen)))
    told = [
        share * hours / one.made.truth.corridor[0]
        if (share := value(one, "first-share")) and (hours := value(one, "phase-hours"))
        else None
        for one in seen
    ]
    fit = sum(words.get("offer") == "right" for words in ({name: said[0] for name, said in one.words} for one in seen))
    spans = [(1.0, most / least) for least, most in (one.made.truth.corridor for one in seen)]
    layers = [
        Spans("what may be", spans, Tone.TRUTH, rows=rows, tall=0.6, solid=True),
        Dots("your first step", [min(each, MOST_TIMES) if each else None for each in told], rows, Tone.YOURS, size=5),
    ]
    title = f"{fit} of {len(seen)} refusals come with an offer that can be taken"
    return Chart(
        "offers",
        title,
        [
            Panel(
                layers,
                Axis("orders of the smallest segment, times what is needed", low=0, high=MOST_TIMES),
                Axis(names=names),
            )
        ],
    )
