"""A world that says what it heard at the door, as a note."""

from __future__ import annotations

import json
from typing import Any

from casebook.world import Call, Case, On, Plan
from casebook_door.door import Door


class World:
    """Each case is closed when so many calls about it (`times`) are over."""

    def __init__(self, plan: Plan[Case], door: Door) -> None:
        self.lanes: list[Any] = [[case] for case in plan["cases"]]
        self.routes = {"GET /own/{name}": self.own, "GET /v1/hidden": self.own}
        self._door = door

    def own(self, call: Call) -> Any:
        return {"own": call.path.get("name", "")}

    async def play(self, lane: list[Any], on: On) -> None:
        for case in lane:
            calls = await self._door.heard(case["id"], case.get("times", 1))
            call = calls[-1]
            times = call.begun <= call.first <= call.ended if call.first else call.begun <= call.ended
            said = [len(calls), call.status, call.size, call.said.decode()[-40:], call.body.decode()[:60], times]
            on.tell(case["id"], "word", call.outcome, json.dumps(said))
