"""The engine: carries out the candidate's plan on one release after the other, and tells what came of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pictures
import written
from pages import page_of
from releases import Planned, Release, release
from rollout import Rollout, Run
from words import word
from written import Malformed, read

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan

FILE = "plan.yaml"
ANSWER_S = 5


class World:
    """One lane: the plan is read once, at the beginning."""

    def __init__(self, plan: Plan[Planned]) -> None:
        self._seed = plan["seed"]
        self._releases = {case["id"]: release(self._seed, case) for case in plan["cases"]}
        self._runs = dict[str, Run]()
        self.courses = dict[str, list[tuple[str, int, int]]]()
        self._plan: written.Plan | None = None
        self.trouble = ""
        self.lanes = [plan["cases"]]

    async def play(self, lane: Sequence[Planned], on: On) -> None:
        """All releases."""
        bad = await self._read(on)
        for case in lane:
            if bad:
                on.tell_rest(case["id"], bad, self.trouble)
                continue
            run = await asyncio.to_thread(self.carried_out, case["id"])
            self.courses[case["id"]] = [(step.phase.kind, step.begun, step.ended) for step in run.steps]
            run.steps.clear()  # half a megabyte
            self._runs[case["id"]] = run
            for aspect in case["asked"]:
                on.tell(case["id"], aspect, *word(aspect, self._releases[case["id"]], run))

    def carried_out(self, name: str) -> Run:
        """The run of a release, with all that was counted; the same each time."""
        assert self._plan is not None
        return Rollout(self._seed, self._plan, self._releases[name]).carried_out()

    def knows(self, name: str) -> bool:
        """Whether there is a release of that name in this season."""
        return name in self._releases

    def page(self, what: str) -> Html:
        """The releases, or one of them."""
        return page_of(self, what)

    def pictures(self) -> Iterator[Picture]:
        """Courses of releases, and the replicas that were bought."""
        return pictures.of(self)

    @property
    def runs(self) -> list[tuple[Release, Run]]:
        """Releases and their runs, those of one kind together."""
        pairs = [(self._releases[name], run) for name, run in self._runs.items()]
        return sorted(pairs, key=lambda pair: pair[0].kind)

    @property
    def plan(self) -> written.Plan | None:
        """The plan that is carried out; None before it was read, and if it is malformed."""
        return self._plan

    async def _read(self, on: On) -> str:
        """Read the plan; the word for what is wrong with it, if something is."""
        reply = await on.ask("clerk", "GET", "/files", timeout_s=ANSWER_S)
        if bad := reply.bad({"files": {str: str}, "left_out": {str: str}}):
            self.trouble = reply.error or "the clerk's answer has another form"
            return bad
        if FILE not in reply.json["files"]:
            self.trouble = f"{FILE}: {reply.json['left_out'].get(FILE, 'is not there')}"
            return "none"
        try:
            self._plan = await asyncio.to_thread(read, reply.json["files"][FILE])
        except Malformed as error:
            self.trouble = f"{FILE}: {error}"
            return "malformed"
        return ""
