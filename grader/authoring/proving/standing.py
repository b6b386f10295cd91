"""How each row of each lab's proof stands: pure functions over ledgers and digests."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.authoring.proving.matrix import misfit
from grader.course.control import Control
from grader.course.spec import Scenario
from grader.proof import ledger
from grader.proof.digests import control_digest, engine_digest, lab_digest
from grader.proof.ledger import Entry

PROVEN = ("process", "compose")
"""Runtimes on which every control of a lab is examined; on others its key controls are."""

KEY_KINDS = ("shipped", "reference", "fake")
"""The first of each of these kinds is a key control."""


class State(StrEnum):
    """Of a row: held at the present state of the lab; examined, but the lab or the control changed since; examined, and
    the verdict is not the right one; never examined."""

    HELD = "held"
    STALE = "stale"
    BROKEN = "broken"
    NEVER = "never"


@dataclass(frozen=True)
class Place:
    """One row: a control on a runtime. `note` says why it is broken, else nothing."""

    lab: str
    control: str
    kind: str
    runtime: str
    state: State
    entry: Entry | None
    note: str = ""


def key_controls(controls: Mapping[str, Control]) -> list[str]:
    """The lab as shipped, the first reference and the first fake, by name."""
    first: dict[str, str] = {}
    for name, control in controls.items():
        first.setdefault(control.kind, name)
    return [first[kind] for kind in KEY_KINDS if kind in first]


def wanted(scenario: Scenario, runtime: str) -> list[str]:
    """Controls that have to be examined on a runtime."""
    return list(scenario.controls) if runtime in PROVEN else key_controls(scenario.controls)


def places(
    scenario: Scenario, runtimes: Sequence[str], which: Callable[[Scenario, str], Sequence[str]] = wanted
) -> list[Place]:
    """Rows of a lab on some runtimes, as they stand; those of the controls that `which` names.

    Raises:
        BadInput: the ledger is damaged or was edited by hand.
    """
    held, lab = ledger.read(scenario.folder), lab_digest(scenario)
    found = []
    for runtime in runtimes:
        for name in which(scenario, runtime):
            entry = held.get((runtime, name))
            state, note = _state(scenario, name, entry, lab)
            control = scenario.controls[name]
            found.append(Place(scenario.lab.id, name, control.kind, runtime, state, entry, note))
    return found


def _state(scenario: Scenario, name: str, entry: Entry | None, lab: str) -> tuple[State, str]:
    if entry is None:
        return State.NEVER, ""
    if entry.lab != lab or entry.submission != control_digest(scenario, name):
        return State.STALE, ""
    note = "a close call" if entry.close else misfit(scenario.controls[name], entry.verdict, entry.failed)
    return (State.BROKEN, note) if note else (State.HELD, "")


def sample(held: Sequence[Place], commit: str) -> Iterator[Place]:
    """Rows that are held, in the order to examine them again: those of the oldest engine first, those of the present
    one last; rows of one engine in an order drawn by the commit."""
    since: dict[str, str] = {}
    for place in held:
        assert place.entry is not None
        engine, at = place.entry.engine, place.entry.at
        since[engine] = min(at, since.get(engine, at))
    mixed = sorted(held, key=lambda place: (place.runtime, place.lab, place.control))
    random.Random(commit).shuffle(mixed)

    def age(place: Place) -> tuple[bool, str]:
        assert place.entry is not None
        return place.entry.engine == engine_digest(place.runtime), since[place.entry.engine]

    yield from sorted(mixed, key=age)
