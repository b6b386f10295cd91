"""The repository that the deployment follows: which version is live, which one is in shadow, commit by commit."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from casebook.strict import clean
from common.names import generator

if TYPE_CHECKING:
    from casebook.calls import Call
    from starlette.responses import JSONResponse

VERSIONS = ("v1", "v2")
API, PERSON = "api", "m.okafor"
GRACE_S = 0.5  # so long a version that was live counts as live, for calls that are on their way
MOST_WAIT_S, WHY, KEPT = 20.0, 300, 200


class Commit(NamedTuple):
    """`at`: seconds since the epoch."""

    revision: int
    day: int
    live: str
    shadow: str | None
    author: str
    why: str
    at: float


class Repository:
    """All commits of a day, and the roles that versions have by them."""

    def __init__(self) -> None:
        self.commits: list[Commit] = []
        self._day, self._last = 0, 0
        self._left: dict[str, float] = {}
        self._more = asyncio.Event()

    def begin(self, seed: str, *, promoted: bool) -> None:
        """A day begins: v1 is live; or, where v2 was promoted yesterday, v2 with v1 in shadow."""
        self._day += 1
        self._last += generator(seed, "revision").randrange(1, 40)
        self.commits, self._left = [], {}
        yesterday = time.time() - 86_400
        self.commit("v1", None, PERSON, "v1 for all", at=yesterday - 7 * 86_400)
        if promoted:
            self.commit("v1", "v2", PERSON, "v2 on trial", at=yesterday - 3600)
            self.commit("v2", "v1", API, "v2 is fit", at=yesterday)
        self._left = {}

    @property
    def now(self) -> Commit:
        """What is in force."""
        return self.commits[-1]

    def commit(self, live: str, shadow: str | None, author: str, why: str, at: float | None = None) -> Commit:
        """From now on these are live and in shadow."""
        if self.commits and self.now.live != live:
            self._left[self.now.live] = _now()
        self._last += 1
        made = Commit(self._last, self._day, live, shadow, author, why, time.time() if at is None else at)
        self.commits = [*self.commits[-KEPT:], made]
        self._more.set()
        self._more = asyncio.Event()
        return made

    def role(self, version: str) -> str:
        """`live`, `shadow` or `none`."""
        if version == self.now.live or _now() - self._left.get(version, float("-inf")) < GRACE_S:
            return "live"
        return "shadow" if version == self.now.shadow else "none"

    async def page(self, call: Call) -> dict[str, Any]:
        """`GET /desired?after=<revision>&wait_s=<seconds>`: the newest commit, as soon as it is newer."""
        after = _number(call.query.get("after", "0"), "after", 1e15)
        ends = _now() + _number(call.query.get("wait_s", "0"), "wait_s", MOST_WAIT_S)
        while self.now.revision <= after and (left_s := ends - _now()) > 0:
            try:
                await asyncio.wait_for(self._more.wait(), left_s)
            except TimeoutError:
                break
        return self.now._asdict()

    def history(self, call: Call) -> dict[str, Any]:
        """`GET /history`: the day's commits, the newest first."""
        return {"commits": [each._asdict() for each in reversed(self.commits)]}

    def post(self, call: Call) -> JSONResponse:
        """`POST /desired {"parent", "live", "shadow", "why"}`: 201 and the commit; 409 if somebody was first."""
        from starlette.responses import JSONResponse  # of the image, which those who import this have not

        body = call.json
        parent, live, shadow, why = body["parent"], body["live"], body["shadow"], body["why"]
        if not isinstance(parent, int) or isinstance(parent, bool):
            raise ValueError("parent must be the revision that this commit follows")
        if live not in VERSIONS or shadow not in (None, *VERSIONS) or shadow == live:
            raise ValueError("live must be v1 or v2, shadow the other one or null")
        if not isinstance(why, str):
            raise ValueError("why must be a text")
        if parent != self.now.revision:
            return JSONResponse({"error": "somebody was first", **self.now._asdict()}, 409)
        return JSONResponse(self.commit(live, shadow, API, clean(why, WHY))._asdict(), 201)


def _number(text: str, name: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, and is {text[:40]!r}") from None
    if not 0 <= value <= most:
        raise ValueError(f"{name} must be from 0 to {most:g}")
    return value


def _now() -> float:
    return asyncio.get_running_loop().time()
