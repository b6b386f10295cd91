"""Visitors, recipes that come and go, and at the end who was shown the new ones. The audience knows what each is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.labkit import Request, world

with world(__file__):
    from day import NEWS, TIMES, VISIT, Day, Event

GIVEN_UP_S = 5.0  # a visit is a sign-up, a list and a click, each within a second
LATER = TIMES - 2  # visits that are still the first ones


class Traffic:
    """`seed_of` is what town and day are drawn from. Without it whoever comes next comes."""

    target = "http://audience:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._phases = parameters["timeline"]
        self._day = Day(int(parameters["seed_of"])) if "seed_of" in parameters else None
        self._new = [event.n for event in self._day.events if event.what == NEWS] if self._day else []

    def request(self, n: int) -> Request:
        """The n-th arrival."""
        if self._day is None:
            return Request("POST", "/events", "everyday", timeout_s=GIVEN_UP_S)
        phase = next((each for each in reversed(self._phases) if each["first"] <= n), self._phases[0])
        number = n - phase["first"]
        if phase["phase"] == "count":
            new = self._new[number % len(self._new)]
            return Request("GET", f"/seen/{self._day.ticket(new)}", "new-recipe", timeout_s=GIVEN_UP_S)
        event = self._day.events[number]
        path = f"/events/{self._day.ticket(number)}"
        return Request("POST", path, name_of(event), segment=event.kind, timeout_s=GIVEN_UP_S)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Of a visit `many`, `some` or `few` liked recipes, `odd` or `none` for no good list. Of a new recipe `seen`,
        `unseen`, `void`."""
        return str(json.loads(body)["word"]) if status == 200 else "none"


def name_of(event: Event) -> str:
    """What it is: `regular`, `first`, `guest` (their first), `again`, `later` (from the fourth visit on), `news`."""
    if event.what != VISIT:
        return "news"
    if event.time == 1:
        return "guest" if event.kind == "guest" else "first"
    return "regular" if not event.time else "later" if event.time > LATER else "again"
