"""Pictures of the public season: fingerprints of all models, and what their difference is for a ward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from charts import Axis, Cell, Chart, Dots, Panel, Table, Tone
from judge import Audit, seed_counts
from machines import KINDS, OTHER, SAME
from models import Model, differs
from wards import Nights

Seen = Mapping[str, tuple[Nights, Mapping[str, Audit]]]
READINGS = 100
"""Of a ward, a night."""


def of(seen: Seen) -> Iterator[Chart | Table]:
    """What can be drawn so far."""
    done = {case: pair for case, pair in seen.items() if len(pair[1]) == len(KINDS)}
    if done:
        yield fingerprints(done)
        yield alarms(done)


def fingerprints(seen: Seen) -> Table:
    """A row a release, a column a run; red is another model where it should be the same, or the other way round."""
    pairs = [(audits["base"], audits[kind]) for _, audits in seen.values() for kind in SAME]
    right = sum(same(one, other) for one, other in pairs)
    rows = [[case[:8], *(cell(nights, audits, kind) for kind in KINDS)] for case, (nights, audits) in seen.items()]
    title = f"{right} of {len(pairs)} runs of the same data and seed elsewhere gave the model of the first run"
    return Table("fingerprints", title, ["release", *KINDS], rows)


def cell(nights: Nights, audits: Mapping[str, Audit], kind: str) -> Cell:
    """A run's fingerprint."""
    audit, base = audits[kind], audits["base"]
    if not audit.model:
        return Cell(audit.word, Tone.BAD)
    if kind == "base":
        return Cell(audit.model.digest[:6], Tone.TRUTH, 0.35)
    other = bool(base.model and differs(base.model, audit.model)[0])
    if kind == "seed" and base.model:
        other = seed_counts(base.model, audit, nights)[0] == "right"
    good = same(base, audit) if kind in SAME else other == (kind in OTHER)
    return Cell(audit.model.digest[:6], Tone.GOOD if good else Tone.BAD, 0.5)


def same(base: Audit, other: Audit) -> bool:
    """Whether both have one model."""
    return bool(base.model and other.model and base.model.digest == other.model.digest)


def alarms(seen: Seen) -> Chart:
    """How often each model of one release wakes a ward for nothing."""
    spans = []
    dots: dict[str, list[tuple[float, float]]] = {"base": [], "same": [], "other": []}
    for at, (nights, audits) in enumerate(seen.values()):
        found = {kind: false_alarms(audit.model, nights) for kind, audit in audits.items() if audit.model}
        for kind, count in found.items():
            dots["other" if kind in OTHER else "base" if kind == "base" else "same"].append((at, count))
        spread = [count for kind, count in found.items() if kind not in OTHER]
        spans.append((max(spread) - min(spread), min(spread), max(spread)))
    _, low, high = max(spans, default=(0.0, 0.0, 0.0))
    title = (
        f"The same data and the same seed: between {low:.1f} and {high:.1f} false alarms a night"
        if high > low
        else "The same data and the same seed: each release has one number of false alarms a night"
    )
    layers = [
        Dots("other data, another seed", *columns(dots["other"]), Tone.OTHER, size=3),
        Dots("the first run", *columns(dots["base"]), Tone.TRUTH, size=6, ring=True),
        Dots("your other runs of the same data and seed", *columns(dots["same"]), Tone.YOURS, size=3),
    ]
    names = [case[:8] for case in seen]
    return Chart("alarms", title, [Panel(layers, Axis(names=names), Axis("false alarms a night", low=0))])


def false_alarms(model: Model, nights: Nights) -> float:
    """A night, on a ward."""
    alarm = model.scores(nights.hidden, nights.names, nights.devices) > 0
    return float(np.mean(alarm & ~nights.hidden.low)) * READINGS


def columns(points: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Points as two columns."""
    return [x for x, _ in points], [y for _, y in points]
