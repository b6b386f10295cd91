"""Pictures of the public bundles: what became of each kind, and the gate's scores beside what is so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from charts import Axis, Chart, Dots, Line, Panel, Spans, Tone
from judge import words
from kinds import WAYS

if TYPE_CHECKING:
    from judge import Outcome
    from world import World

RIGHT = "right: stopped, or let through"
PARTS = {RIGHT: Tone.GOOD, "let through, and unfit": Tone.BAD, "stopped, and fit": Tone.OTHER, "no verdict": Tone.TRUTH}
STAGED = "fails in staging"
LOW, HIGH = 0.4, 1.0


def of(world: World) -> Iterator[Chart]:
    """What can be drawn so far."""
    done = world.done[-world.count :]
    scored = [(desk.recipe.right, outcome) for desk, outcome, _ in done
              if outcome.verdict is not None and outcome.verdict.score is not None]  # fmt: skip
    if scored:
        yield scores(scored)
    if done:
        yield ways([outcome for _, outcome, _ in done])


def ways(outcomes: Sequence[Outcome]) -> Chart:
    """A row for each way to be unfit, one for what is fit, and one for what staging cannot bear."""
    counts: dict[str, Counter[str]] = {
        f"{kind}: {way}": Counter() for kind, each in WAYS.items() if kind != "fit" for way in each
    }
    counts |= {"fit": Counter(), STAGED: Counter()}
    for outcome in outcomes:
        case = outcome.case
        name = f"{case['kind']}: {case['way']}" if case["kind"] != "fit" else STAGED if "strict" in case else "fit"
        counts[name][_part(outcome)] += 1
    spans: dict[str, list[tuple[float, float]]] = {part: [] for part in PARTS}
    rows: dict[str, list[int]] = {part: [] for part in PARTS}
    for row, each in enumerate(counts.values()):
        at, whole = 0.0, sum(each.values()) or 1
        for part in PARTS:
            if each[part]:
                spans[part].append((at, at + 100 * each[part] / whole))
                rows[part].append(row)
                at += 100 * each[part] / whole
    layers = [Spans(part, spans[part], tone, rows=rows[part], tall=0.7, solid=True) for part, tone in PARTS.items()]
    unfit = [outcome for outcome in outcomes if outcome.case["kind"] != "fit"]
    passed = sum(outcome.verdict is not None and not outcome.verdict.rejects for outcome in unfit)
    left = sum(outcome.staged == "new" for outcome in outcomes if "strict" in outcome.case)
    title = (
        f"{passed} of {len(unfit)} unfit bundles were let through; "
        f"{left} of {sum(counts[STAGED].values())} that fail in staging were left there"
    )
    names = [f"{name} ({sum(each.values())})" for name, each in counts.items()]
    panel = Panel(layers, Axis("of them", "%", 0, 100), Axis(names=names), height=18 * len(names))
    return Chart("ways", title, [panel])


def _part(outcome: Outcome) -> str:
    told = words(outcome)
    word = next(word for aspect, (word, _) in told.items() if aspect != "explained")
    if word == "right":
        return RIGHT
    if outcome.verdict is None:
        return "no verdict"
    return "stopped, and fit" if word in ("rejected", "not staged") else "let through, and unfit"


def scores(scored: Sequence[tuple[float, Outcome]]) -> Chart:
    """Each bundle's score as the gate reported it, over its right answers on fresh rows."""
    groups: dict[str, list[tuple[float, float]]] = {"passed": [], "rejected": []}
    for right, outcome in scored:
        given = outcome.verdict
        if given is not None and given.score is not None:
            groups["rejected" if given.rejects else "passed"].append((right, given.score))
    off = sum(abs(right - score) > 0.03 for each in groups.values() for right, score in each)
    layers = [
        Line("as it is", [LOW, HIGH], [LOW, HIGH], Tone.TRUTH, dashed=True),
        *(
            Dots(f"your score, {name}", [x for x, _ in each], [y for _, y in each], tone, ring=name == "rejected")
            for (name, each), tone in zip(groups.items(), (Tone.YOURS, Tone.OTHER), strict=True)
        ),
    ]
    title = f"{off} of {len(scored)} scores are over 3 points off what the bundle gets right on rows it was not taught"
    axis = Axis("right on fresh rows, later columns blank", low=LOW, high=HIGH, step=0.1)
    return Chart("scores", title, [Panel(layers, axis, Axis("score in the report", low=LOW, high=HIGH), height=240)])
