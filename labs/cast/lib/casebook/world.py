"""What a lab's world is, as a type, and all that its functions are given, under one roof.

`make lint` holds the `World` of each `labs/<id>/world/world.py` against the protocol here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from casebook.asks import On, in_lanes
from casebook.calls import Absent, Call, Handler
from casebook.client import Reply
from casebook.page import Html, Picture
from casebook.plan import Case, Plan

__all__ = [
    "Absent",
    "Call",
    "Case",
    "Handler",
    "Html",
    "MakeWorld",
    "On",
    "Picture",
    "Plan",
    "Reply",
    "World",
    "in_lanes",
]

LaneT = TypeVar("LaneT")


class World(Protocol[LaneT]):
    """Made from a plan; plays its lanes side by side. What else it may have (`routes: dict[str, Handler]`, `page(what:
    str) -> Html`, `pictures() -> Iterable[Picture]`, `ledger() -> dict[str, Any]`) is looked for by name."""

    @property
    def lanes(self) -> Sequence[LaneT]:
        """Read once, when the season begins."""

    def play(self, lane: LaneT, on: On) -> Coroutine[Any, Any, None]:
        """Ask and tell all of a lane."""


MakeWorld = Callable[[Any], World[Any]]
"""A lab's class `World`: takes the plan, which is the lab's own kind of `Plan`."""
