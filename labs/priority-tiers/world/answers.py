"""What the pool says: a text for a picture, and whose a key is."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from archive import Archive
from casebook.calls import Absent
from pictures import text_of
from tenants import Tenant, tenants

if TYPE_CHECKING:
    from casebook.calls import Call, Handler

LOOK_UP_S = 0.03
LONGEST = 200


class Answers:
    """Texts, and accounts; and in practice the blog that imports its archive."""

    def __init__(self) -> None:
        self._archive: Archive | None = Archive(os.environ.get("FRONT", ""), tenants(0)["free"][-1].key)

    def plan(self, plan: dict[str, Any]) -> None:
        """`tenants`: a whole number that they are drawn from; without it those of practice."""
        seed = plan.get("tenants", 0)
        if type(seed) is not int or seed < 0:
            raise ValueError("tenants must be a whole number")
        if plan and self._archive:
            self._archive.end()
            self._archive = None
        self._by_key: dict[str, Tenant] = {each.key: each for tier in tenants(seed).values() for each in tier}

    def answer(
        self, model: str, version: str, item: dict[str, Any], now: float, acting: frozenset[str]
    ) -> dict[str, Any]:
        """The text of `item["picture"]`."""
        if self._archive:
            self._archive.begin()
        picture = item.get("picture")
        if not isinstance(picture, str) or not 0 < len(picture) <= LONGEST:
            raise ValueError(f"picture must be a text of 1 to {LONGEST} characters")
        return {"text": text_of(picture)}

    def covers(self, item: dict[str, Any], answer: dict[str, Any]) -> tuple[Any, Any]:
        """A receipt is for the picture and its text."""
        return {"picture": item["picture"]}, {"text": answer["text"]}

    def pages(self) -> dict[str, Handler]:
        """The accounts, which take a moment."""
        return {"GET /accounts/{key}": self._account, "GET /accounts": self._accounts}

    async def _account(self, call: Call) -> dict[str, Any]:
        await asyncio.sleep(LOOK_UP_S)
        if found := self._by_key.get(call.path["key"]):
            return found.account()
        raise Absent("no account has this key")

    def _accounts(self, call: Call) -> dict[str, Any]:
        return {"accounts": sorted((each.account() for each in self._by_key.values()), key=lambda one: one["tenant"])}
