"""A casebook whose public port hands on to services what is no path of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from casebook.season import Season
from casebook.service import Casebook
from casebook.world import World
from starlette.requests import Request
from starlette.routing import Router

from casebook_door.door import Door
from casebook_door.passage import passage
from casebook_door.rules import Rule, found

MakeWorld = Callable[[Any, Door], World[Any]]
"""A lab's class `World`, which is given the plan and the door of its season."""


class Doored(Casebook):
    """A casebook with a door. Each season has calls of its own; one that comes in it belongs to it, whenever it ends.

    Args:
        public: the public plan.
        make_world: made with the plan, and the season's door.
        services: as of a casebook.
        rules: of the door.
        token: of the control port; None: BROWNOUT_TOKEN.
    """

    def __init__(
        self,
        public: Path,
        make_world: MakeWorld,
        services: Mapping[str, str],
        rules: Sequence[Rule],
        token: str | None = None,
    ) -> None:
        self._doors: dict[Season, Door] = {}
        self._with_door = make_world
        self._rules = tuple(rules)
        super().__init__(public, lambda plan: make_world(plan, Door()), services, token)

    @property
    def door(self) -> Door:
        """Of the season that is on."""
        return self._doors[self.season]

    def public(self) -> Router:
        """As a casebook's; what is not of it goes through the door, and else to the world."""
        router = super().public()
        within = router.default

        async def default(scope: Any, receive: Any, send: Any) -> None:
            rule = found(self._rules, scope["path"]) if scope["type"] == "http" else None
            if rule is None:
                await within(scope, receive, send)
            else:
                await passage(rule, self.door, scope, receive, send)

        router.default = default
        return router

    def _made(self, raw: bytes, lap: int) -> Season:
        door = Door()
        self._make_world = lambda plan: self._with_door(plan, door)
        season = super()._made(raw, lap)
        self._doors = {season: door}
        return season

    async def _ledger(self, request: Request) -> Any:
        return await super()._ledger(request) | {"door": self.door.ledger}
