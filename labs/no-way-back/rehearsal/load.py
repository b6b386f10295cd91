"""Landlords who ask for rents, and a court that asks what releases were made from. A rent tells whose numbers it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.names import generator

from grader.labkit import Request, world

with world(__file__):
    from days import Days
    from quotes import flat, rent, values
    from trainer import PARTS

GIVEN_UP_S = 3.0
ASPECTS = ("record", "table", "table", "parts")  # the court's questions about each release
COURT = ("audit", "audit-on")
MIXED = 2  # where a day ends with a rollback, every second one of the last arrivals is a rent
NAMED = re.compile(r"r(\d+)")
TRIES = 40
FLATS = 60  # so many are asked about, again and again


@dataclass(frozen=True)
class Asked(Request):
    """A rent, with whose each rent of this flat is, and which release is due; or a question about the k-th release."""

    due: int = 0
    rents: Mapping[str, int] = field(default_factory=dict)
    k: int = 0


class Traffic:
    """Parameters: `seed_of` is what tables, trainers and parameters are drawn from, `before` how many more releases the
    dawn has, `target` which of them is rolled back to, `call` which call
    to the trainer is held back when the api crashes: with 0 that release was answered. `again` is which release is
    rolled back to after the crash, 0 if a release is made instead."""

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._seed, self._phases = seed, parameters["timeline"]
        before = int(parameters.get("before", 0))
        self._first, self._target = 1 + before, int(parameters.get("target", 2))
        self._days = Days(int(parameters.get("seed_of", 0)), before)
        self._again = int(parameters.get("again", 0))
        self._crashed = self._first + 3
        self._last = self._crashed if self._again else self._first + 4
        self._answered = int(parameters.get("call", 0)) == 0
        self._judges = "seed_of" in parameters
        self._numbers = (
            {k: values(self._days.release(k).parts) for k in range(1, self._last + 1)} if self._judges else {}
        )
        self._meant: dict[str, int] = {}

    def request(self, n: int) -> Asked:
        """The n-th arrival: a rent, or a question of the court's."""
        phase = next((each for each in reversed(self._phases) if each["first"] <= n), self._phases[0])
        number, every = n - phase["first"], MIXED if self._again and phase["phase"] == "audit-on" else 1
        if phase["phase"] in COURT and number % every == 0:
            return self._question(phase, number // every)
        due = {
            "shipped": self._first + 1, "shipped-on": self._first + 2,
            "back": self._target, "audit-on": self._again, "stands": self._crashed if self._answered else self._target,
        }.get(phase["phase"], 0)  # fmt: skip
        asked, rents = self._flat(n)
        return Asked(
            "POST", "/v1/rents", "rent", json={"flat": asked}, segment=asked["district"], timeout_s=GIVEN_UP_S,
            due=due, rents=rents,
        )  # fmt: skip

    def _flat(self, n: int) -> tuple[dict[str, Any], dict[str, int]]:
        """One of the flats, and each release's rent of it; no two are the same."""
        for again in range(TRIES):
            asked = flat(self._seed, n % FLATS, again)
            rents = {rent(numbers, asked): k for k, numbers in self._numbers.items()}
            if len(rents) == len(self._numbers):
                return asked, rents
        raise RuntimeError("two releases have the same rents")

    def _question(self, phase: Mapping[str, Any], number: int) -> Asked:
        """All releases by all aspects in a drawn order, and again. The newest is asked about once it is there."""
        known = [k for k in range(1, self._last + 1) if self._answered or k != self._crashed]
        known = known if self._again or phase["phase"] == "audit-on" else known[:-1]
        pairs = [(k, aspect) for k in known for aspect in ASPECTS]
        turn, place = divmod(number, len(pairs))
        rng = generator(self._seed, phase["phase"], turn)
        rng.shuffle(pairs)
        k, aspect = pairs[place]
        path = f"/audit/{k}/{aspect}" + (f"/{rng.choice(PARTS)}" if aspect == "parts" else "")
        return Asked("GET", path, "court", segment=aspect, timeout_s=GIVEN_UP_S, k=k)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Of a rent `due` (of the release that is in force), `another` (of another one), `misnamed` (with an id that is
        not its release's alone, or, where one is in force, that of none that was answered), `mixed` (no release's) or
        `none`. Of the court's questions `true`, `false`, `none`."""
        assert isinstance(request, Asked)
        if status != 200:
            return "none"
        if request.name == "court":
            return "true" if self._true(request, body) else "false"
        said = json.loads(body)
        if not self._judges:
            return "due" if isinstance(said["rent"], str) else "mixed"
        k = request.rents.get(said["rent"]) if isinstance(said["rent"], str) else None
        if k is None:
            return "mixed"
        named = {int(found) for found in NAMED.findall(headers.get("x-served-by", ""))}
        if named - {k} or (request.due == k and not named) or self._meant.setdefault(str(said["release"]), k) != k:
            return "misnamed"
        return "due" if k == request.due else "another"

    def _true(self, request: Asked, body: bytes) -> bool:
        """Whether the court is told the truth."""
        made = self._days.release(request.k)
        if request.segment == "record":
            said = json.loads(body)
            return {key: said.get(key) for key in made.record} == made.record
        if request.segment == "table":
            return body == made.table.encode()
        return body == made.parts[request.path.rpartition("/")[2]]
