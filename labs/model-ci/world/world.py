"""Ropeway's merge queue: bundles of six teams, each checked by a run of the gate, and what its verdicts were worth."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import judge
import pages
import pictures
from bundles import tarred
from candidate_runs import Run, run
from casebook.world import Absent, Call, Html, On, Picture, Plan
from common.names import named
from common.tickets import ticket
from desk import Desk, Staging
from kinds import Bundle
from starlette.responses import Response
from teams import Team

from recipes import baseline, made

LANES, LIMIT_S, SEASON_S = 4, 15.0, 300.0
"""So many bundles are checked at once; so long a run may take, and so long all of them: ten times what a good gate
takes, since nobody but the machine makes one that slow."""
PATIENT, HURRIED_S = 6, 0.5
"""After so many runs in a row that took all their time, each further one has so long, until one ends by itself."""


class Queue(Plan[Bundle]):
    """A plan; `teams` are the names of those that hand in."""

    teams: list[str]


class World:
    """Lanes side by side; each takes the next bundle of a team that has none under way."""

    def __init__(self, plan: Queue) -> None:
        seed = self.seed = plan["seed"]
        self.names = plan["teams"]
        self.teams = [Team(seed, number) for number in range(len(self.names))]
        self.before = [baseline(seed, number, team) for number, team in enumerate(self.teams)]
        production = [named(seed, "production", number) for number in range(len(self.names))]
        self.staging = Staging(production)
        self.in_production = [
            tarred(seed, name, team, recipe)
            for name, team, recipe in zip(production, self.teams, self.before, strict=True)
        ]
        self.lanes = range(LANES)
        self._waiting = [[case for case in plan["cases"] if case["team"] == team] for team in range(len(self.names))]
        self.count = len(plan["cases"])
        self.done: list[tuple[Desk, judge.Outcome, Run]] = []
        self.routes = {
            "GET /cases/{case}/{what}": self._get,
            "PUT /cases/{case}/verdict": self._judged,
            "PUT /cases/{case}/staging": self._deployed,
            "POST /cases/{case}/staging/smoke": self._smoke,
        }
        self._open: dict[str, Desk] = {}
        self._late = 0
        self._begun = time.time_ns()  # part of the names of runs: the runner may have served another season before

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self, what)

    def pictures(self) -> Iterable[Picture]:
        """What became of bundles, and the scores that were reported."""
        return pictures.of(self)

    async def play(self, lane: int, on: On) -> None:
        """A lane: one bundle after the other, a team's in their order.

        A lane that finds every team at work is done: whoever works for a team goes on with its bundles.
        """
        while mine := max(self._waiting, key=len, default=[]):
            self._waiting.remove(mine)
            await self._checked(mine.pop(0), on)
            self._waiting.append(mine)

    async def _checked(self, case: Bundle, on: On) -> None:
        """A bundle's run, and what it is worth."""
        if on.now > SEASON_S:
            on.tell_rest(case["id"], "none", f"the queue was not through after {SEASON_S:g} s")
            return
        desk, key = self.desk(case), ticket(self.seed, case["id"], "key", on.lap)[:16]
        self._open[key] = desk
        arguments = {"case": key, "team": self.names[case["team"]]}
        limit_s = LIMIT_S if self._late < PATIENT else HURRIED_S
        ended = await run(on, "ci", f"{desk.name}-{self._begun:x}-{on.lap}", arguments, limit_s)
        self._late = self._late + 1 if ended.signal == 9 else 0
        del self._open[key]
        outcome = desk.over(ended.why)
        self.done.append((desk, outcome, ended))
        for aspect, (word, note) in judge.words(outcome).items():
            on.tell(case["id"], aspect, word, note)

    def desk(self, case: Bundle) -> Desk:
        """A bundle, ready to be checked."""
        name, team = case["id"], self.teams[case["team"]]
        recipe = made(self.seed, case, team, self.before[case["team"]])  # here, or the first would wait for the last
        files = tarred(self.seed, name, team, recipe, case), self.in_production[case["team"]]
        return Desk(self.seed, case, name, team, recipe, files, self.staging)

    def _at(self, call: Call) -> Desk:
        desk = self._open.get(call.path["case"])
        if desk is None:
            raise Absent("there is no such case, or it is over")
        return desk

    def _get(self, call: Call) -> Any:
        found = self._at(call).get(call.path["what"])
        if found is None:
            raise Absent("there are bundle, baseline, samples and staging")
        return Response(found) if isinstance(found, bytes) else found

    def _judged(self, call: Call) -> Any:
        return self._at(call).judged(call.json)

    def _deployed(self, call: Call) -> Any:
        return self._at(call).deployed(call.json)

    async def _smoke(self, call: Call) -> Any:
        return await self._at(call).smoke()
