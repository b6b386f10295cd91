"""A world whose cases say what is asked, and that breaks where a plan wants it to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from casebook import page
from casebook.asks import On, in_lanes
from casebook.calls import Absent, Call


class World:
    """A case: `path` and `timeout_s` of the ask, and `told`, how often its questions are answered."""

    def __init__(self, plan: dict[str, Any]) -> None:
        if plan.get("cannot") == "be made":
            raise ValueError("this plan cannot be made into a world")
        self.plan = plan
        self.lanes = in_lanes(plan["cases"], plan.get("lanes", len(plan["cases"])))
        self.routes = {
            "GET /things/{thing}": self.thing,
            "POST /sums": self.sum,
            "POST /echo": self.echo,
        }

    async def play(self, lane: list[dict[str, Any]], on: On) -> None:
        """Each case is an ask; its answer is to be `{"good": bool}`."""
        for case in lane:
            reply = await on.ask("doctor", "POST", case["path"], {"case": case["id"]}, case.get("timeout_s", 10))
            if self.plan.get("cannot") == "be played":
                raise RuntimeError("a bug of the world's")
            word = reply.bad({"good": bool}) or ("right" if reply.json["good"] else "wrong")
            for _ in range(case.get("told", 1)):
                on.tell(case["id"], "word", word, reply.error or case.get("note", ""))
            on.tell_rest(case["id"], word) if case.get("rest") else None

    def thing(self, call: Call) -> Any:
        if call.path["thing"] != "known":
            raise Absent("no such thing")
        return {"thing": call.path["thing"], "query": dict(call.query)}

    async def sum(self, call: Call) -> Any:
        await asyncio.sleep(0)
        return {"sum": sum(call.json["numbers"])}

    def echo(self, call: Call) -> Any:
        return call.json

    def page(self, what: str) -> page.Html:
        if what == "broken":
            raise KeyError("a candidate's <answer>")
        return page.table(["what"], [[what]]) if what in ("", "known") else page.Html("")

    def pictures(self) -> Iterator[Any]:
        yield SimpleNamespace(id="known", title="A <picture>", svg=lambda: "<svg></svg>")
        raise KeyError("a candidate's answer")

    def ledger(self) -> dict[str, Any]:
        return {"own": len(self.plan["cases"])}
