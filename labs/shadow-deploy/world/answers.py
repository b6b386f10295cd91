"""What the pool says: decisions of two versions, adjusters' labels later, what the repository has; and a page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labels import Labels
from repository import API, PERSON, VERSIONS, Commit, Repository
from review import Review
from truth import WELL, Quality, decision, level, real, truth

if TYPE_CHECKING:
    from casebook.calls import Call, Handler
    from model_pool.plugin import Given

LONGEST = 200
MOST_EUR = 1e9
PRACTICE = "practice"


class Answers:
    """Decisions of two versions."""

    def __init__(self) -> None:
        self._labels, self._repository, self._review = Labels(), Repository(), Review()
        self._decided = 0

    def plan(self, plan: dict[str, Any]) -> None:
        """`truth`: key of what is true, and of the ids; `quality` by version; `promoted`: whether v2 is live since
        yesterday. Without a plan all is that of practice."""
        key, promoted = plan.get("truth", ""), plan.get("promoted", False)
        if not isinstance(key, str) or not isinstance(promoted, bool):
            raise ValueError("truth must be a text, promoted true or false")
        self._quality = _qualities(plan.get("quality", {}), WELL)
        self._key, self._known = key or PRACTICE, bool(key)
        self._scored: set[str] = set()
        self._older, self._then = frozenset[str](), self._quality
        self._repository.begin(self._key, promoted=promoted)
        self._review.begin(self._repository.now)
        self._released, self._since = 0, set[str]()

    def answer(
        self, model: str, version: str, item: dict[str, Any], now: float, acting: frozenset[str]
    ) -> dict[str, Any]:
        """The decision on a claim, and the role that this version has while it is made."""
        id, policy, region, amount = item["id"], item["policy"], item["region"], item["amount"]
        if not all(isinstance(each, str) and 0 < len(each) <= LONGEST for each in (id, policy, region)):
            raise ValueError(f"id, policy and region must be texts of 1 to {LONGEST} characters")
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount <= MOST_EUR:
            raise ValueError("amount must be a number of EUR")
        quality = self._then if id in self._older else self._quality
        decided = decision(self._key, id, model, region, quality[model])
        return {"decision": decided, "role": self._repository.role(model)}

    def given(self, given: Given) -> None:
        """Who claims will hear from an adjuster, once."""
        self._decided += 1
        id, region = given.item["id"], given.item["region"]
        if id in self._scored or (self._known and not real(self._key, id)):
            return
        self._scored.add(id)
        self._since.add(id)
        found, true = level(self._key, id), truth(self._key, id)
        right = {name: decision(self._key, id, name, region, self._quality[name]) == true for name in VERSIONS}
        self._labels.say(id, given.item["policy"], found, true)
        self._review.note(time.time(), self._repository.now.live, found, region, right)

    def pages(self) -> dict[str, Handler]:
        """Labels, the repository, and what adjusters find."""
        return {
            "GET /labels": lambda call: self._labels.page(call),
            "GET /desired": lambda call: self._repository.page(call),
            "POST /desired": self._desired,
            "GET /history": lambda call: self._repository.history(call),
            "GET /adjusters": lambda call: self._review.page(time.time()),
        }

    def controls(self) -> dict[str, Handler]:
        """`POST /change {"live", "shadow", "why"}`: a person's commit; `POST /quality {"v2": {"simple", "hard",
        "regions"}, "claims": "new"}`: what a version is like from now on; with `claims` it is those that change, and on
        older ones both decide as before."""
        return {"POST /change": self._change, "POST /quality": self._better}

    def ledger(self) -> dict[str, Any]:
        """Decisions that were given, and what is in force."""
        return {"decided": self._decided, "desired": self._repository.now._asdict()}

    def _desired(self, call: Call) -> Any:
        before = self._repository.now
        answer = self._repository.post(call)
        if self._repository.now is not before:
            self._look(self._repository.now)
        return answer

    def _change(self, call: Call) -> dict[str, Any]:
        body = call.json
        live, shadow = body["live"], body["shadow"]
        if live not in VERSIONS or shadow not in (None, *VERSIONS) or shadow == live:
            raise ValueError("live must be v1 or v2, shadow the other one or null")
        made = self._repository.commit(live, shadow, PERSON, str(body["why"]))
        self._look(made)
        return made._asdict()

    def _better(self, call: Call) -> dict[str, Any]:
        body = call.json
        new = isinstance(body, dict) and body.get("claims") == "new"
        before, qualities = (
            self._quality,
            {name: one for name, one in body.items() if name != "claims"} if new else body,
        )
        self._quality = _qualities(qualities, before)
        if new:
            self._older, self._then = frozenset(self._scored), before
        return {"quality": self._quality}

    def _look(self, made: Commit) -> None:
        """A commit was made: of which claims since the release there was a label by then?"""
        found = {row["id"] for row in self._labels.since(self._released)} & self._since
        if made.author != API:
            self._released, self._since, found = self._labels.last(), set(), set()
        self._review.commit(made, [level(self._key, id) for id in found])


def _qualities(raw: Any, before: Mapping[str, Quality]) -> dict[str, Quality]:
    if not isinstance(raw, dict) or not set(raw) <= set(VERSIONS):
        raise ValueError("quality is by version, v1 and v2")
    made = dict(before)
    for name, one in raw.items():
        regions = one.get("regions", {})
        if not all(isinstance(each, int | float) and 0 <= each <= 1
                   for each in (one["simple"], one["hard"], *regions.values())):  # fmt: skip
            raise ValueError("a quality has simple, hard and regions, shares from 0 to 1")
        made[name] = {"simple": one["simple"], "hard": one["hard"], "regions": dict(regions)}
    return made
