"""Pictures of the public season: what became of each kind of thing that was sent, and of readings that lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from casebook.page import Picture
from cases import Case
from charts import Axis, Chart, Line, Panel, Spans, Tone

if TYPE_CHECKING:
    from world import World

KINDS = {
    "genuine": "honest readings",
    "admitted": "sound batches",
    "forged": "forged readings",
    "tampered": "doctored readings",
    "rescans": "lots scanned too often",
    "malformed": "what is no reading",
    "quarantined": "poisoned batches",
    "recorded": "records in the vault",
}
"""Aspects, as the picture's rows."""

HONEST = "genuine", "admitted"
PARTS = {
    "as it should be": Tone.GOOD,
    "a lie is believed, or a record is wrong": Tone.BAD,
    "somebody honest waits, or is paid wrongly": Tone.OTHER,
    "no answer, or none of that form": Tone.TRUTH,
}
LIES = "forged", "tampered"


def of(world: World) -> Iterator[Picture]:
    """What can be drawn so far."""
    if world.words:
        yield shares(world.words)
    drawn = [case for kind in LIES if (case := first(world, kind)) is not None]
    if drawn:
        yield lies(drawn, world.became)


def part(aspect: str, word: str) -> str:
    """What a word means under an aspect: a part of its row."""
    good, lie, waits, none = PARTS
    if word == "right":
        return good
    if word in ("none", "malformed"):
        return none
    return waits if aspect in HONEST or word == "deaf" else lie


def shares(words: Mapping[str, Mapping[str, int]]) -> Chart:
    """Of each kind, how many were treated in which way."""
    spans: dict[str, list[tuple[float, float]]] = {name: [] for name in PARTS}
    rows: dict[str, list[int]] = {name: [] for name in PARTS}
    right = all_ = 0
    for row, aspect in enumerate(KINDS):
        counts = dict.fromkeys(PARTS, 0)
        for word, many in words.get(aspect, {}).items():
            if word != "void":
                counts[part(aspect, word)] += many
        whole, at = sum(counts.values()) or 1, 0.0
        right, all_ = right + counts["as it should be"], all_ + sum(counts.values())
        for name, many in counts.items():
            if many:
                spans[name].append((at, at + 100 * many / whole))
                rows[name].append(row)
                at += 100 * many / whole
    layers = [Spans(name, spans[name], tone, rows=rows[name], tall=0.7, solid=True) for name, tone in PARTS.items()]
    panel = Panel(layers, Axis("of them", "%", 0, 100), Axis(names=list(KINDS.values())))
    return Chart("shares", f"{right} of {all_} things that were sent are treated as they should be", [panel])


def first(world: World, kind: str) -> Case | None:
    """The first case of a kind all of whose readings were answered."""
    return next(
        (case for case in world.seen.values() if case.kind == kind and len(world.became[case.id]) == len(case.sent)),
        None,
    )


def lies(cases: Sequence[Case], became: Mapping[str, Sequence[str]]) -> Chart:
    """Readings that were made to please the model, beside honest ones, and what became of them."""
    panels = []
    for case in cases:
        said = became[case.id][case.before]
        paid = f"graded {said}" if said in "ABC" else said
        panels.append(bands(case, f"{case.kind} ({case.way}): your guard says {paid}, the lot is worth {case.worth}"))
    held = sum(became[case.id][case.before] not in "ABC" for case in cases)
    return Chart("lies", f"{held} of these {len(cases)} readings that lie are held up", panels)


def reading(case: Case) -> Chart:
    """The picture of one case."""
    return Chart("reading", "What was sent, and what an honest meter would have sent", [bands(case, "", 220)])


def bands(case: Case, name: str, height: int = 130) -> Panel:
    """What was sent, what an honest meter would have sent, and the one without the other."""
    assert case.honest is not None
    at = range(len(case.honest))
    sent = case.bands[case.before :] or case.bands
    layers = [
        Line("an honest first reading of the lot", at, case.honest, Tone.TRUTH),
        *(Line("what was sent", at, row, Tone.BAD) for row in sent[:3]),
        *(Line("the difference", at, row - case.honest, Tone.OTHER, dashed=True) for row in sent[:3]),
    ]
    return Panel(layers, Axis("band"), Axis(), name, height)
