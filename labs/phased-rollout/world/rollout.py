"""Carries out a plan on one release, in virtual time: what happened, and whom it met."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from meter import A_DAY, AN_HOUR, MOST, OF_A_DAY, Meter, clock, demand, users
from numpy.typing import NDArray
from releases import Release
from rules import buckets, fires_at, met_at, totals
from written import Load, Phase, Plan, Watching, WayBack

LIMIT = 4 * A_DAY
"""A rollout has 96 hours; how things stand then is how they stay."""

AT_ONCE = 12 * AN_HOUR
REHEARSED_H = 1 / 6
FAITHFUL = 0.8
"""From this share of the peak on, a load test measures hunger rightly."""


@dataclass(frozen=True)
class Step:
    """A phase as it went, from bucket to bucket: `totals` are None where nothing is counted; `end` says how."""

    phase: Phase
    begun: int
    ended: int
    replicas: int
    totals: NDArray[Any] | None
    end: str


@dataclass
class Run:
    """A rollout as it went.

    Attributes:
        stopped: why it did not go on; empty if it did.
        at: the kind of phase in which it stood at the end, or was stopped.
        live: whether everybody was on the new model at the end.
        since: the bucket since which everybody has been on it without a break; None if not everybody is.
        fleets: of each phase with real requests, the replicas bought and the share of those that come to them.
        widest: the largest share of users who were on it at once.
        met: how much of a day's requests were answered by the new model, or by nobody.
    """

    stopped: str = ""
    at: str = ""
    live: bool = False
    since: int | None = None
    fleets: list[tuple[int, float]] = field(default_factory=list)
    widest: float = 0.0
    met: float = 0.0
    steps: list[Step] = field(default_factory=list)

    @property
    def replicas(self) -> int | None:
        """What was bought last, or None if nothing was."""
        return self.fleets[-1][0] if self.fleets else None


class Stopped(Exception):
    """The rollout goes no further. The message says why."""


class Rollout:
    """One plan and one release; `carried_out` gives the run."""

    def __init__(self, seed: int, plan: Plan, release: Release) -> None:
        self._seed, self._plan, self._release = seed, plan, release
        self._now, self._crowded = 0, 0
        self._shadowed: int | None = None
        self._wanted = plan.replicas.at_least
        self._run = Run()

    def carried_out(self) -> Run:
        """Phase by phase, until one stops it, the last is over, or time is."""
        try:
            for number, phase in enumerate(self._plan.phases):
                if self._now < LIMIT:
                    self._run.at = phase.kind
                    self._phase(number, phase)
            self._run.live = self._run.at == "full"
            if self._run.live:
                self._meets(self._now, LIMIT, 1.0)
        except Stopped as why:
            self._run.stopped = str(why)
            self._back()
        return self._run

    def _phase(self, number: int, phase: Phase) -> None:
        there, run = users(phase), self._run
        run.since = None if there < 1 else self._now if run.since is None else run.since
        run.widest = max(run.widest, there)
        if phase.kind == "way-back":
            self._crowded = 0
            self._rehearse(phase)
            return
        if phase.kind == "shadow" and self._shadowed is None:
            self._shadowed = self._now
        if phase.kind != "load":
            run.fleets.append((self._wanted, there if phase.kind != "shadow" else 1.0))
        begun = self._now
        counted, end, why = self._watched(number, phase)
        self._now += counted.shape[1] - 1
        self._crowded = self._crowded + self._now - begun if there > MOST else 0
        if there:
            self._meets(begun, self._now, there)
        if phase.kind == "load" and not why:
            why = self._sized(phase)
            end = why or f"needs {self._wanted} replicas"
        self._run.steps.append(Step(phase, begun, self._now, self._wanted, counted, end))
        if why:
            raise Stopped(why)

    def _watched(self, number: int, phase: Watching) -> tuple[NDArray[Any], str, str]:
        """Totals of the phase until it is over; how it ended, and why the rollout stops, if it does."""
        before = self._shadowed, self._crowded
        meter = Meter(self._seed, self._release, phase, number, self._now, self._wanted, *before, LIMIT)
        rules = [rule for rule in self._plan.rules if phase.kind in rule.places]
        needs = [need for need in self._plan.needs if phase.kind in need.places]
        counts, since = meter.more(AT_ONCE), 0
        while True:
            all_ = totals(counts)
            fired = [(at, rule.name) for rule in rules if (at := fires_at(rule, all_, since)) is not None]
            ends, why = self._over(phase, met_at(needs, all_))
            since = counts.shape[1]
            if fired and min(fired)[0] <= ends:
                at, name = min(fired)
                return all_[:, : at + 2], f"rule {name} fired", f"rule {name} fired in {phase.kind}"
            if ends < since:
                return all_[:, : ends + 2], why or "over", why
            if self._now + since >= LIMIT:
                return all_, "time is up", ""
            counts = np.concatenate([counts, meter.more(AT_ONCE)], 1)

    def _over(self, phase: Watching, met: NDArray[Any]) -> tuple[int, str]:
        """At the end of which bucket a phase is over (beyond what was counted if it is not yet), and why in vain."""
        met = met & (np.arange(1, len(met) + 1) >= buckets(phase.hours))
        over = int(met.argmax()) if met.any() else LIMIT
        last = LIMIT if phase.at_most_hours is None else buckets(phase.at_most_hours) - 1
        return (last, f"needs of {phase.kind} were not met") if last < over else (over, "")

    def _rehearse(self, phase: WayBack) -> None:
        taken = self._release.back_h
        took = max(1, math.ceil(taken * AN_HOUR))
        why = f"going back took {taken:.1f} h in staging" if taken > REHEARSED_H else ""
        self._run.steps.append(Step(phase, self._now, self._now + took, self._wanted, None, why or "there and back"))
        self._now += took
        if why:
            raise Stopped(why)

    def _sized(self, phase: Load) -> str:
        """Learn from a load test how many replicas there have to be; why it stops, if it does."""
        faithful = phase.of_peak >= FAITHFUL
        measured = self._release.need * (1 if faithful else self._release.underrated)
        sizes = self._plan.replicas
        self._wanted = max(sizes.at_least, math.ceil(sizes.for_load * measured - 1e-9))
        return f"needs {self._wanted} replicas, more than at_most" if self._wanted > sizes.at_most else ""

    def _meets(self, begun: int, ended: int, share: float) -> None:
        there = demand(clock(self._release, np.arange(begun, min(ended, LIMIT))))
        self._run.met += float(there.sum()) * share / OF_A_DAY

    def _back(self) -> None:
        """Users go back to the old model; with some releases nobody is served meanwhile."""
        if self._run.met:
            self._meets(self._now, self._now + math.ceil(self._release.back_h * AN_HOUR), 1.0)
