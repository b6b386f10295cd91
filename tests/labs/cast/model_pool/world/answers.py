"""A lab's part of a pool, for its tests."""

from __future__ import annotations

from typing import Any

from casebook.calls import Absent, Call
from model_pool.late import Late
from model_pool.plugin import Given


class Answers:
    words = ("wrong",)

    def plan(self, plan: dict[str, Any]) -> None:
        if plan.get("tenants") == "none":
            raise ValueError("there are no tenants")
        self.tenants = plan.get("tenants", {})
        self.late = Late(plan.get("seed", 0), delay_s=(0.1, 0.3))
        self.told: list[dict[str, Any]] = []

    def answer(
        self, model: str, version: str, item: dict[str, Any], now: float, acting: frozenset[str]
    ) -> dict[str, Any]:
        if item.get("x") == "absent":
            raise Absent("there is no such thing")
        if model == "large" and "x" not in item:
            raise ValueError("x is missing")
        return {"x": item["x"], "by": f"{model}@{version}", "day": int(now // 86_400), "wrong": "wrong" in acting}

    def covers(self, item: dict[str, Any], answer: dict[str, Any]) -> tuple[Any, Any]:
        return item["x"], answer["wrong"]

    def given(self, given: Given) -> None:
        self.told.append({"id": given.id, "tenant": given.tenant, "version": given.version})
        self.late.know(given.id, {"good": None}, {"good": not given.answer["wrong"]})

    def pages(self) -> dict[str, Any]:
        return {"GET /accounts/{key}": self.account, "GET /feed": self.feed}

    def account(self, call: Call) -> Any:
        return {"tenant": self.tenants[call.path["key"]]}

    async def feed(self, call: Call) -> Any:
        return await self.late.page(call)

    def controls(self) -> dict[str, Any]:
        return {"POST /tenants": self.more}

    def more(self, call: Call) -> Any:
        self.tenants |= call.json
        return {"tenants": len(self.tenants)}

    def ledger(self) -> dict[str, Any]:
        return {"told": self.told}
