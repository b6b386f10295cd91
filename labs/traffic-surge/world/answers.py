"""What the pool says: a price of either model, and the tariff."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from call_receipts import issue
from trips import SEATS, covered, edition, price, tariff

if TYPE_CHECKING:
    from casebook.calls import Call, Handler

ROUTE = re.compile(r"Z[1-9]-[1-9][0-9]{3}")


class Answers:
    """Prices, and the tariff with a receipt of its own."""

    def plan(self, plan: dict[str, Any]) -> None:
        """`tariff`: a text or whole number that it is drawn from; `tariff_key`: what its receipts are signed with."""
        seed, self._key = plan.get("tariff", 0), plan.get("tariff_key", secrets.token_hex(16))
        if not isinstance(seed, (int, str)) or not isinstance(self._key, str) or not self._key:
            raise ValueError("tariff must be a whole number or a text, and tariff_key a text")
        self._edition, self._tariff = edition(seed), tariff(seed)

    def answer(
        self, model: str, version: str, item: dict[str, Any], now: float, acting: frozenset[str]
    ) -> dict[str, Any]:
        """The price of `item["route"]` for `item["seats"]`."""
        route, seats = item.get("route"), item.get("seats")
        if not isinstance(route, str) or not ROUTE.fullmatch(route):
            raise ValueError("route must be a text like Z3-1142")
        if type(seats) is not int or seats not in SEATS:
            raise ValueError(f"seats must be a whole number of {SEATS[0]} to {SEATS[-1]}")
        return {"price": price(model, route, seats)}

    def covers(self, item: dict[str, Any], answer: dict[str, Any]) -> tuple[Any, Any]:
        """A receipt is for route, seats and price."""
        return {"route": item["route"], "seats": item["seats"]}, {"price": answer["price"]}

    def pages(self) -> dict[str, Handler]:
        """The tariff."""
        return {"GET /tariff": self._page}

    def _page(self, call: Call) -> dict[str, Any]:
        subject, answer = covered(self._edition, self._tariff)
        issued_ms = int(time.time() * 1000)
        receipt = issue(self._key, subject, answer, who="tariff", version=self._edition, issued_ms=issued_ms)
        return {"edition": self._edition, "prices": self._tariff, "receipt": receipt}
