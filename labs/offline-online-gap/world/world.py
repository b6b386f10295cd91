"""Hearthside and the sites that run the same stack: what is asked of the kit, and what should have been said."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import features
import numpy as np
import pages
import pictures
from casebook.world import Case, Html, On, Picture, Plan, Reply
from experiments import Experiment, ExperimentCase, users
from gates import Gates
from logs import Log
from systems import System, SystemCase

WITHIN_S, BACK_S, LOOK_S = 5.0, 30.0, 0.1
BEFORE = 0.75
"""So much of what is no experiment is asked before the restart."""
PATIENCE = 6
"""After so many answers in a row that did not come in time, a lane asks no further."""
SAID = {"skew": [str], "experiment": bool, "metric": bool}
PATHS = ("training", "serving")
"""Half of the batches take them the other way round: in everyday use nobody has computed yet what the site asks for."""


def generator(*what: object) -> np.random.Generator:
    """Random numbers for what is named; they tell nothing of any others."""
    return np.random.default_rng(list(repr(what).encode()))


Lane = tuple[str, list[Any]]
"""A kind, and its cases."""


class World:
    """Five lanes side by side. Once each has come to its restart the kit is restarted; then arms are asked about again,
    and what is left for the first time."""

    def __init__(self, plan: Plan[Any], gates: Gates) -> None:
        self._seed, self._gates = plan["seed"], gates
        self.systems: dict[str, tuple[System, dict[str, Any] | None]] = {}
        self.logs: dict[str, tuple[Log, dict[str, float] | None]] = {}
        self.rows: dict[str, tuple[list[dict[str, Any]], dict[str, list[dict[str, float]]]]] = {}
        self.kinds = {kind: [case for case in plan["cases"] if case["kind"] == kind] for kind in self._players}
        systems = self.kinds["system"]
        self.lanes = [
            ("system", systems[::2]),
            ("system", systems[1::2]),
            *((kind, cases) for kind, cases in self.kinds.items() if kind != "system"),
        ]
        batches = self.kinds["requests"]
        served_first = generator(self._seed, "turns").permutation(len(batches)) % 2 == 0
        self._turns = {case["id"]: -1 if first else 1 for case, first in zip(batches, served_first, strict=True)}
        self._busy = len(self.lanes)
        self._all_there, self._others_there = asyncio.Event(), asyncio.Event()
        self.experiments = self._experiments()

    @property
    def _players(self) -> dict[str, Callable[[Any, On], Awaitable[bool]]]:
        return {"system": self._system, "log": self._log, "requests": self._requests, "experiment": self._experiment}

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self, what)

    def pictures(self) -> Iterable[Picture]:
        """Features, systems, arms and models."""
        return pictures.of(self)

    async def play(self, lane: Lane, on: On) -> None:
        """A lane: its cases in order, the last quarter after the restart. One half of the experiments is raised before
        it, and asked about once more after it; the other comes right before it, and is asked again and raised then."""
        kind, cases = lane
        before = len(cases) if kind == "experiment" else math.ceil(BEFORE * len(cases))
        early = before // 2 if kind == "experiment" else before
        late = await self._in_order(kind, cases[:early], 0, on)
        if kind == "experiment":
            await self._raised(cases[:early], on)
            if self._busy > 1:
                await self._others_there.wait()
        late = await self._in_order(kind, cases[early:before], late, on)
        await self._restarted(on)
        if kind == "experiment":
            await self._raised(cases[early:], on)
            await self._asked_last(on)
        await self._in_order(kind, cases[before:], late, on)

    async def _in_order(self, kind: str, cases: list[Any], late: int, on: On) -> int:
        """Ask about cases; how many answers in a row were late then."""
        for case in cases:
            if late < PATIENCE:
                late = late + 1 if await self._players[kind](case, on) else 0
            else:
                on.tell_rest(case["id"], "none", "the kit was not asked any more: it did not answer in time")
        return late

    async def _restarted(self, on: On) -> None:
        """Wait for the other lanes and for the restart; the kit may take its time to come back."""
        self._busy -= 1
        if self._busy == 1:
            self._others_there.set()
        if not self._busy:
            self._all_there.set()
        await self._all_there.wait()
        await self._gates.passed("restart")
        until = on.now + BACK_S
        while on.now < until and (await on.ask("kit", "GET", "/healthz", None, 1.0)).status != 200:
            await asyncio.sleep(LOOK_S)

    async def _system(self, case: SystemCase, on: On) -> bool:
        system = await asyncio.to_thread(System, generator(self._seed, case["id"]), case)
        reply = await on.ask("kit", "POST", "/investigate", system.asked, WITHIN_S)
        word, said = reply.bad(SAID), reply.json
        self.systems[case["id"]] = (system, None if word else said)
        if word:
            on.tell_rest(case["id"], word, reply.error)
        else:
            for aspect, right, note in system.judged(said):
                on.tell(case["id"], aspect, right, note)
        return reply.late

    async def _log(self, case: Case, on: On) -> bool:
        log = await asyncio.to_thread(Log, generator(self._seed, case["id"]))
        reply = await on.ask("kit", "POST", "/score", log.asked, WITHIN_S)
        word = reply.bad({name: float for name in log.truth})
        self.logs[case["id"]] = (log, None if word else reply.json)
        if word:
            on.tell_rest(case["id"], word, reply.error)
        else:
            for better, worse, says in log.pairs:
                right = reply.json[better] > reply.json[worse]
                others = ", ".join(f"{name} {'say so too' if so else 'say no'}" for name, so in says.items())
                on.tell(case["id"], "ranks", "right" if right else "wrong", f"{better} before {worse}; {others}")
        return reply.late

    async def _requests(self, case: Case, on: On) -> bool:
        asked, odd = features.requests(generator(self._seed, case["id"]), case["asked"]["features"])
        late, rows = False, {}
        for path in PATHS[:: self._turns[case["id"]]]:
            reply = await on.ask("kit", "POST", "/features", {"path": path, "requests": asked}, WITHIN_S)
            late |= reply.late
            word = reply.bad({"rows": [dict.fromkeys(features.NAMES, float)]})
            if not word and len(reply.json["rows"]) != len(asked):
                word = "malformed"
            if word:
                on.tell_rest(case["id"], word, f"{path}: {reply.error}")
                return late
            rows[path] = reply.json["rows"]
        self.rows[case["id"]] = asked, rows
        for at, (raw, kind) in enumerate(zip(asked, odd, strict=True)):
            off = [f"{path} {name}" for path in PATHS for name in features.wrong(rows[path][at], raw)]
            on.tell(case["id"], "features", "wrong" if off else "right", f"{kind}: {', '.join(off) or 'as defined'}")
        return late

    def _experiments(self) -> dict[str, Experiment]:
        """All experiments by case, those of a population about the same users."""
        people, made = {}, {}
        for case in self.kinds["experiment"]:
            name = case["population"]
            if name not in people:
                people[name] = users(generator(self._seed, "population", name), case["ids"])
            made[case["id"]] = Experiment(generator(self._seed, case["id"]), case, people[name])
        return made

    async def _experiment(self, case: ExperimentCase, on: On) -> bool:
        experiment = self.experiments[case["id"]]
        reply, experiment.first = await self._arms(experiment, experiment.users, experiment.now, on)
        return reply.late

    async def _raised(self, cases: list[ExperimentCase], on: On) -> None:
        """Each of these experiments in another order, then raised."""
        asked = [each for each in (self.experiments[case["id"]] for case in cases) if each.first is not None]
        for experiment in reversed(asked):
            _, experiment.second = await self._arms(experiment, experiment.again, experiment.now, on)
        for experiment in asked:
            if experiment.second is not None:
                _, experiment.third = await self._arms(experiment, experiment.more, experiment.raised, on)

    async def _asked_last(self, on: On) -> None:
        """Each experiment again, as it was raised, then judged."""
        asked = [each for each in self.experiments.values() if each.first is not None]
        for experiment in reversed(asked):
            if experiment.third is not None:
                _, experiment.fourth = await self._arms(experiment, experiment.last, experiment.raised, on)
        for experiment in asked:
            if experiment.fourth is not None:
                others = [one for one in asked if one.population == experiment.population]
                on.tell(experiment.id, "assigned", *experiment.verdict(others))

    async def _arms(
        self, experiment: Experiment, people: list[str], shares: dict[str, float], on: On
    ) -> tuple[Reply, dict[str, str] | None]:
        """The reply, and each user's arm; None if there is no answer, which is told at once."""
        reply = await on.ask("kit", "POST", "/assign", experiment.asked(people, shares), WITHIN_S)
        word = reply.bad({"arms": [set(experiment.arms)]})
        if not word and len(reply.json["arms"]) != len(people):
            word = "malformed"
        if word:
            on.tell_rest(experiment.id, word, reply.error)
            return reply, None
        return reply, dict(zip(people, reply.json["arms"], strict=True))
