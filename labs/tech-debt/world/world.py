"""Marrow's shops: settings and feeds that come in, pages that are asked for, and who else counts on the recommender."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NotRequired

import judge
import pages
import pictures
from casebook.world import Case, Html, On, Picture, Plan, Reply
from steps import Call, Tenant

WITHIN_S = 5
PATIENCE = 6
"""After so many answers in a row that did not come in time, a tenant asks no further."""


class Step(Case):
    """A case: a step of a tenant, in a way of its kind; or a function that should be gone, with its `body`."""

    kind: str
    tenant: NotRequired[str]
    way: NotRequired[str]
    flag: NotRequired[str]
    body: NotRequired[str]


class World:
    """Tenants side by side, each in the order of its cases; and the files, once."""

    def __init__(self, plan: Plan[Step]) -> None:
        self._seed = plan["seed"]
        tenants: dict[str, list[Step]] = defaultdict(list)
        self._functions = list[Step]()
        for case in plan["cases"]:
            if case["kind"] == "function":
                self._functions.append(case)
            else:
                tenants[case["tenant"]].append(case)
        self.lanes = [self._functions, *tenants.values()]
        self.seen = dict[str, tuple[Step, list[tuple[Call, str, str]]]]()
        self.files, self.left = dict[str, str](), dict[str, str]()

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self, what)

    def pictures(self) -> Iterator[Picture]:
        """How each kind of step went, and the steps of each shop."""
        return pictures.of(self)

    async def play(self, lane: list[Step], on: On) -> None:
        """A tenant's cases, or the files."""
        if lane is self._functions:
            await self._read(on)
            return
        tenant, late = Tenant(self._seed, lane[0]["tenant"], on.lap), 0
        before, why, asked = "right", "", False  # the first that went wrong since something was told, in whatever case
        for call in tenant.first():
            await on.ask("recommender", call.method, call.path, call.body, WITHIN_S)
        for case in lane:
            seen = self.seen[case["id"]] = (case, [])
            for call in tenant.step(case):
                reply = await on.ask("recommender", call.method, call.path, call.body, WITHIN_S)
                late = late + 1 if reply.late else 0
                word = judged(case, call, reply)
                seen[1].append((call, pages.kept(reply), word))
                if not call.tells and (asked or before == "right"):
                    before, why, asked = word or "right", note(case, call, reply, word), False
                asked = asked or bool(call.tells)
                for aspect, what in call.tells.items():
                    told = judged(case, call, reply, what)
                    if before == "right":
                        on.tell(case["id"], aspect, told, note(case, call, reply, told))
                    else:
                        on.tell(case["id"], aspect, before, why)
            if late >= PATIENCE:
                break
        for case in lane:
            on.tell_rest(case["id"], "none", "the recommender was not asked any more: it did not answer in time")

    async def _read(self, on: On) -> None:
        reply = await on.ask("clerk", "GET", "/files")
        word = reply.bad({"files": {str: str}, "left_out": {str: str}})
        if not word:
            self.files = reply.json["files"]
            word = "unread" if reply.json["left_out"] else ""
        for case in self._functions:
            where = self.left[case["id"]] = judge.remains(self.files, case["id"], case["body"])
            why = f"in {where}" if where else reply.error or str(reply.json["left_out"] or "gone")
            on.tell(case["id"], "retired", word or ("left" if where else "right"), why)


def judged(case: Step, call: Call, reply: Reply, what: str = "list") -> str:
    """The word for one answer."""
    if "status" in call.right:
        return judge.taken(reply)
    if call.path == "/config":
        return judge.refusal(reply, call.right)
    if call.method == "GET":
        return judge.score(reply, call.right)
    return judge.page(reply, call.right, what)


def note(case: Step, call: Call, reply: Reply, word: str) -> str:
    """Why, for people."""
    said = f"{case['kind']} {case.get('way', '')} {case.get('flag', '')}".strip()
    if word in ("", "right"):
        return said
    if "status" not in call.right and (reply.error or not isinstance(reply.json, dict)):
        return f"{said}: {reply.error or 'no object'}"
    if "status" in call.right:
        return f"{said}: right is 200, told was {reply.status}"
    told = {key: reply.json.get(key) for key in call.right if key in reply.json} or reply.json
    return f"{said}: right is {call.right}, told was {told}"
