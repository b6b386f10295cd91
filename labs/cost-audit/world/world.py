"""The provider: fleets made from a plan, the planner's plans for them, and what comes of these next month."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import pages
import pictures
from casebook.world import Absent, Call, Html, On, Picture, Plan, in_lanes
from fleet import FleetCase, fleet_of, known_as
from month import judged
from plans import MOST_ACTIONS, SHAPE, Fleet, Thing

WITHIN_S = 5


class World:
    """Asks for one plan a fleet, four at a time."""

    def __init__(self, plan: Plan[FleetCase]) -> None:
        self._cases = [case["id"] for case in plan["cases"]]
        cases = {case["id"]: case for case in plan["cases"]}
        self._fleet = lru_cache(maxsize=8)(lambda case: fleet_of(plan["seed"], cases[case]))
        self._plans: dict[str, Thing] = {}
        self._sums: dict[str, pictures.Summed] = {}
        self.lanes = in_lanes(self._cases, 4)
        self.routes = {"GET /fleets/{case}": self._document}

    async def play(self, lane: list[str], on: On) -> None:
        """A lane: its fleets in order."""
        for case in lane:
            fleet, hidden = self._fleet(case)
            reply = await on.ask("planner", "POST", "/plans", fleet, timeout_s=WITHIN_S)
            word, why = reply.bad(SHAPE), reply.error or f"status {reply.status}, no plan as it was asked for"
            if not word and len(reply.json["actions"]) > MOST_ACTIONS:
                word, why = "malformed", f"more than {MOST_ACTIONS} actions"
            if word:
                on.tell_rest(case, word, why)
                continue
            self._plans[case] = pages.kept(reply.json)
            for aspect, outcome, note in judged(fleet, hidden, reply.json):
                on.tell(case, aspect, outcome, note)

    def page(self, what: str) -> Html:
        """All fleets; `fleet/<id>`: what each action of its plan did."""
        if not what:
            return pages.overview([(case, *self._fleet(case), self._plans.get(case)) for case in self._cases])
        case = what.removeprefix("fleet/")
        return pages.details(*self._fleet(case), self._plans[case]) if case in self._plans else Html()

    def pictures(self) -> Iterable[Picture]:
        """What the plans save, and whom they hurt."""
        for case in self._plans:
            name = known_as(self._fleet(case)[0])
            if name not in self._sums:
                self._sums[name] = pictures.summed(*self._fleet(case), self._plans[case])
        return pictures.of(self._sums)

    def _document(self, call: Call) -> Fleet:
        if call.path["case"] not in self._cases:
            raise Absent("there is no such fleet")
        return self._fleet(call.path["case"])[0]
