"""Sacrifice: what could be given up for ever, with all else as the reference has it, and the exam still be passed.

A cut is a set of events that have something in common: a trial, a phase of it, a tenant, a second. Each is made bad in
every way in which an answer can be, and the judge decides over what that leaves of every objective.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.authoring.audit.bounds import Bounds
from grader.authoring.audit.faulty import Way, other_way, outcomes, ways
from grader.authoring.audit.findings import Allowance, Finding, percent, some
from grader.authoring.audit.recording import Recording
from grader.course.spec import Scenario, Window

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    "trial": "trial",
    "phase": "phase",
    "name": "kind of request",
    "segment": "segment",
    "served_by": "what is served by",
    "stretch": "phase of a trial",
    "second": "second",
}
"""The cuts that are made, and what each is called."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Windowed = dict[str, tuple[Mask, Mask]]
"""Of each objective, which events in its window count, and which are good."""


@dataclass(frozen=True)
class Cut:
    """Events of a kind, `request` or `probe`, that have a value in common."""

    column: str
    value: str
    kind: str
    mask: Mask


@dataclass(frozen=True)
class Loss:
    """A cut that can be given up, in the way that hurts most: the objective that loses most, and how many events."""

    cut: Cut
    way: Way
    objective: str
    lost: int
    of: int
    hurt: Mask


class Seen:
    """The events of a recorded pass, with what each objective makes of them."""

    def __init__(self, scenario: Scenario, recording: Recording, of_ours: bool) -> None:
        self.scenario, self._recording, self._of_ours = scenario, recording, of_ours
        self.slos = list(scenario.slos.values())
        rows = recording.rows
        kinds = {trial.id: trial.kind for trial in recording.trials}
        self.trial = np.array([kinds.get(str(row["trial"]), "") for row in rows])
        self.kind = np.array([row.get("kind", "") for row in rows])
        self.phase = np.array([row.get("phase") or "" for row in rows])
        self.columns = {name: np.array([str(row.get(name) or "") for row in rows]) for name in COLUMNS}
        self.columns["trial"] = self.trial
        self.columns["second"] = np.array([f"{int(row.get('due') or 0.0)}" for row in rows])
        stretch = [f"{trial}/{phase}" for trial, phase in zip(self.trial, self.phase, strict=True)]
        self.columns["stretch"] = np.array(stretch)
        connection = recording.connect()
        try:
            self.as_seen = self._windowed(outcomes(connection, self.slos))
        finally:
            connection.close()

    @cached_property
    def ways(self) -> Mapping[str, list[tuple[Way, Windowed]]]:
        """Of each kind of event the ways in which it can be bad, with what objectives make of all events then."""
        connection = self._recording.connect()
        try:
            return {kind: self._ways(connection, kind) for kind in ("request", "probe")}
        finally:
            connection.close()

    def cases(self, objective: str, planned: Collection[str]) -> tuple[int, ...]:
        """Sizes of the planned cases among an objective's valid events, by trial; 1 for an event that is of none."""
        valid, _ = self.as_seen[objective]
        of = zip(self.trial[valid], self.columns["segment"][valid], strict=True)
        sizes = Counter((trial, case) for trial, case in of if case in planned)
        return (*sorted(sizes.values()), *[1] * (int(valid.sum()) - sizes.total()))

    def _ways(self, connection: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[Way, Windowed]]:
        """It is our own parts that a probe asks."""
        slos = [slo for slo in self.slos if self.scenario.spec.objectives[slo.id].kind == kind]
        answered = sorted({str(row.get("answer") or "") for row in self._recording.rows if row.get("kind") == kind})
        found = ways(slos, answered, of_ours=self._of_ours or kind == "probe")
        told = [(way, self._windowed(outcomes(connection, self.slos, way))) for way in found]
        if not all(self._can_be_said_badly(slo.id, told) for slo in slos):
            told.append((other_way(), self._windowed(outcomes(connection, self.slos, other_way()))))
        return told

    def counts(self, objective: str) -> tuple[int, int]:
        """Good and valid events of an objective, as they were seen."""
        valid, good = self.as_seen[objective]
        return int(good.sum()), int(valid.sum())

    def _can_be_said_badly(self, objective: str, told: Sequence[tuple[Way, Windowed]]) -> bool:
        """Whether a word that is known makes events of an objective bad; one that looks at no words needs none."""
        good = self.as_seen[objective][1]
        said = [as_if for way, as_if in told if way.of_words]
        looks = "answer" in self.scenario.slos[objective].good
        return not looks or any(bool((good & ~as_if[objective][1]).any()) for as_if in said)

    def _windowed(self, found: Windowed) -> Windowed:
        within = {name: self._within(window) for name, window in self.scenario.spec.objectives.items()}
        return {name: (valid & within[name], good & within[name]) for name, (valid, good) in found.items()}

    def _within(self, window: Window) -> Mask:
        inside: Mask = np.isin(self.trial, window.trials) & (self.kind == window.kind)
        if window.phases:
            inside &= np.isin(self.phase, window.phases)
        return inside


@dataclass(frozen=True)
class Sacrifices:
    """What could be given up, what each objective forgives, its good and valid events, the sizes of its cases, and what
    is wrong with the recording."""

    findings: tuple[Finding, ...]
    allowances: tuple[Allowance, ...]
    counts: Mapping[str, tuple[int, int]]
    cases: Mapping[str, tuple[int, ...]]
    notes: tuple[str, ...]


def sacrifices(
    scenario: Scenario, recording: Recording, *, planned: Sequence[str] = (), of_ours: bool = False
) -> Sacrifices:
    """What could be given up, and what each objective forgives.

    Args:
        scenario: the exam.
        recording: a passed exam of its reference.
        planned: ids of cases; where there are any, seconds and the cases themselves are no cuts: the order of cases is
            drawn, and a case is one event.
        of_ours: whether requests are questions to sealed parts, which tell how things went once they know.
    """
    seen = Seen(scenario, recording, of_ours)
    bounds = Bounds(scenario.spec, len(seen.slos))
    counts = {slo.id: seen.counts(slo.id) for slo in seen.slos}
    notes = tuple(
        f"{slo.id}: the recorded pass has {counts[slo.id][0]} of {counts[slo.id][1]} good: no pass; record again"
        for slo in seen.slos
        if not bounds.passes(*counts[slo.id], slo.target)
    )
    losses = (
        []
        if notes
        else [loss for cut in cuts(seen, planned, of_ours) if (loss := _loss(seen, bounds, cut)) is not None]
    )
    forgiven = bounds.allowances((slo.id, slo.target, counts[slo.id][1]) for slo in seen.slos)
    cases = {slo.id: seen.cases(slo.id, planned) for slo in seen.slos}
    return Sacrifices(tuple(_told(seen, _not_implied(losses))), forgiven, counts, cases, notes)


def cuts(seen: Seen, planned: Sequence[str], of_ours: bool) -> Iterator[Cut]:
    """Cuts by one column, the large ones first; those that are all events are none."""
    found = []
    for column in COLUMNS:
        values = seen.columns[column]
        known = sorted(set(values) - {""})
        if column == "second" and (planned or of_ours):
            continue
        if column == "segment" and planned and set(known) <= set(planned):
            continue
        for kind in ("request", "probe"):
            of_kind = seen.kind == kind
            masks = [(value, of_kind & (values == value)) for value in known]
            found += [Cut(column, value, kind, mask) for value, mask in masks if mask.any()]
    order = {column: place for place, column in enumerate(COLUMNS)}
    yield from sorted(found, key=lambda cut: (-int(cut.mask.sum()), order[cut.column]))


def _loss(seen: Seen, bounds: Bounds, cut: Cut) -> Loss | None:
    """What is lost with a cut, in the way that hurts most and is still passed; None if there is no such way."""
    worst: Loss | None = None
    for way, as_if in seen.ways[cut.kind]:
        lost = {name: int(hurt(seen, way, as_if, name, cut).sum()) for name in seen.as_seen}
        if not any(lost.values()) or not _passes(seen, bounds, cut.mask, as_if):
            continue
        objective = max(lost, key=lambda name: lost[name])
        if worst is None or lost[objective] > worst.lost:
            bad = hurt(seen, way, as_if, objective, cut)
            worst = Loss(cut, way, objective, lost[objective], seen.counts(objective)[1], bad)
    return worst


def hurt(seen: Seen, way: Way, as_if: Windowed, objective: str, cut: Cut) -> Mask:
    """Events of a cut that were good for an objective and are bad; or, where nothing is answered, count no more. Which
    word an answer gets, and so whether it counts, is not a submission's to choose."""
    valid, good = as_if[objective]
    return seen.as_seen[objective][1] & cut.mask & ~good & (valid if way.of_words else True)


def _passes(seen: Seen, bounds: Bounds, mask: Mask, as_if: Windowed) -> bool:
    for slo in seen.slos:
        (valid, good), (valid_if, good_if) = seen.as_seen[slo.id], as_if[slo.id]
        left = int(np.where(mask, good_if, good).sum()), int(np.where(mask, valid_if, valid).sum())
        if not bounds.passes(*left, slo.target):
            return False
    return True


def _not_implied(losses: Sequence[Loss]) -> list[Loss]:
    """Losses without those whose events are part of a larger one's, or the same, of that objective."""
    kept: list[Loss] = []
    for loss in losses:
        if not any(loss.objective == one.objective and not (loss.hurt & ~one.hurt).any() for one in kept):
            kept.append(loss)
    return kept


def _told(seen: Seen, losses: Sequence[Loss]) -> Iterator[Finding]:
    """A finding for each objective and column."""
    groups: dict[tuple[str, str], list[Loss]] = defaultdict(list)
    for loss in losses:
        groups[loss.objective, loss.cut.column].append(loss)
    for (objective, column), group in groups.items():
        worst = group[0]
        values = _numbered(column, [loss.cut.value for loss in group])
        each = f", e.g. {worst.cut.value}" if len(group) > 1 else ""
        yield Finding(
            f"sacrifice/{objective}/{column}",
            f"`{objective}`: {'any one ' if len(group) > 1 else ''}{COLUMNS[column]} ({some(values)}) can be given up. "
            f"If all of it{each} were {worst.way.says}, {worst.lost} of {worst.of} events "
            f"({percent(worst.lost / worst.of)}) were bad, and the exam still passed.",
            objective,
            tuple(sorted(set(seen.trial[worst.hurt]))),
            tuple(values),
            worst.lost / worst.of,
        )


def _numbered(column: str, values: Sequence[str]) -> list[str]:
    return sorted(values, key=int) if column == "second" else sorted(values)
