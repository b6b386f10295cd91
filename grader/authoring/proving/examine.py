"""Examining rows and entering them: one after the other, until a moment, with nothing begun after it."""

from __future__ import annotations

import os
import platform
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from grader.authoring.proving.checkout import commit
from grader.authoring.proving.matrix import Row, verify
from grader.authoring.proving.standing import Place, State
from grader.course import catalog
from grader.proof import ledger
from grader.proof.digests import control_digest, engine_digest, lab_digest
from grader.proof.ledger import Entry
from grader.result import Verdict, named
from infra.runtime import Runtime

UNPROVEN = 0.1
"""Of so many rows a run may go without a verdict for the machine's sake, a ratio; of one it always may."""

MACHINE = {"machine-busy", "machine-slow", "load-late"}
"""Reasons for no verdict that are the machine's."""

AGAIN = 2
"""An exam errs once in some hundred times: a row that does not hold is examined so often again, and holds if all do."""


@dataclass
class Told:
    """What a run says of its rows, each `runtime/lab/control`.

    Attributes:
        examined: those that were, as they came out.
        again: which did not hold at first but twice afterwards, and why.
        broken: which do not hold, and why.
        lied: which the ledger held with another verdict or objective.
        unproven: which have no verdict, for the machine's sake.
        left: which were not begun, for want of time.
    """

    examined: list[Row] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    lied: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def too_many_unproven(self) -> bool:
        """Whether more rows are without a verdict than a run may have."""
        return len(self.unproven) > max(1, UNPROVEN * len(self.examined))


def examine(
    rows: Iterable[Place],
    runtime: Runtime,
    *,
    until: float = float("inf"),
    seed: int | None = None,
    again: int = AGAIN,
    on_row: Callable[[Row], None] = lambda _: None,
) -> Told:
    """Examine rows of one runtime and enter each at once.

    Args:
        until: seconds since 1970 after which no row is begun.
        seed: of the first exam, each further one has the next; drawn for each if None.
        again: how often a row that does not hold is examined again.
    """
    told = Told()
    for number, place in enumerate(rows):
        if time.time() > until:
            told.left.append(_name(place))
            continue
        scenario = catalog.find_scenario(catalog.find_lab(place.lab))
        state = lab_digest(scenario), control_digest(scenario, place.control)
        seen = _exams(place, runtime, None if seed is None else seed + number, again)
        told.examined.append(seen[-1])
        if seen[-1].got != Verdict.INVALID:
            ledger.enter(scenario.folder, entry := _entry(seen, runtime, *state))
            if lie := _lie(place, entry):
                told.lied.append(f"{_name(place)}: {lie}")
        _tell(told, place, seen)
        for row in seen:
            on_row(row)
    return told


def by_the_machine(row: Row) -> bool:
    """Whether a row has no verdict and all reasons for that are the machine's, or follow from them."""
    reasons = set(row.reasons) - {"no-evidence"}
    return row.got == Verdict.INVALID and reasons <= MACHINE and bool(reasons)


def _name(place: Place) -> str:
    return f"{place.runtime}/{place.lab}/{place.control}"


def _exams(place: Place, runtime: Runtime, seed: int | None, again: int) -> list[Row]:
    """The row of each exam; where the first does not hold, all further ones have to."""
    seen: list[Row] = []
    while len(seen) <= again:
        first = secrets.randbelow(2**31) if seed is None else seed + 10_000 * len(seen)
        seen += verify([place.lab], runtime, seed=first, only=[place.control])
        if seen[-1].got == Verdict.INVALID or seen[-1].holds == (len(seen) == 1):
            break
    return seen


def _tell(told: Told, place: Place, seen: list[Row]) -> None:
    last = seen[-1]
    if by_the_machine(last):
        told.unproven.append(f"{_name(place)}: {last.note}")
    elif not last.holds:
        told.broken.append(f"{_name(place)}: {last.got}, {last.note}")
    elif len(seen) > 1:
        told.again.append(f"{_name(place)}: {seen[0].got}, {seen[0].note}")


def _entry(seen: list[Row], runtime: Runtime, lab: str, submission: str) -> Entry:
    row = seen[-1]
    return Entry(
        runtime=runtime.name,
        control=row.control,
        lab=lab,
        submission=submission,
        engine=engine_digest(runtime.name),
        verdict=row.got,
        objective=row.objective if row.objective in row.failed else next(iter(row.failed), ""),
        failed=row.failed,
        seconds=round(row.duration_s, 1),
        tries=sum(each.tries for each in seen),
        seed=row.seed,
        burn=row.burn,
        machine=_machine(row.busiest),
        commit=commit(),
        at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        close=row.close,
    )


def _lie(place: Place, entry: Entry) -> str:
    """What the ledger said that the exam does not; nothing where it said nothing of this state of the lab."""
    if place.state is not State.HELD or place.entry is None:
        return ""
    said, got = ((named(each.verdict, each.close), each.objective) for each in (place.entry, entry))
    return "" if said == got else f"the ledger says {' '.join(said).strip()}, the exam {' '.join(got).strip()}"


def _machine(busiest: float | None) -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, busiest {busiest or 0:.1f}"
