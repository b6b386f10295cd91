"""Where a price comes from: the cache, the models, the last price that is known, or the tariff."""

from __future__ import annotations

from typing import Any

from cache import Cache
from models import Down, Models, TooSlow
from tariff import Tariff


class NoPrice(Exception):
    """There is none for this request."""


class Quotes:
    def __init__(self, models: Models, tariff: Tariff) -> None:
        self.models = models
        self.tariff = tariff
        self.cache = Cache()

    async def quote(self, site: str, id: str, route: str, seats: int) -> tuple[dict[str, Any], str]:
        """A price with its receipt, and where it came from."""
        key = (site, id, route, seats)
        if found := self.cache.get(key):
            return found, "cache"
        try:
            answer, source = await self.models.price(route, seats)
        except TooSlow as error:
            if last := self.cache.last_known(route, seats):
                return last, "last_known"
            raise NoPrice(str(error)) from None
        except Down:
            return await self.tariff.price(route, seats), "default"
        self.cache.put(key, answer)
        return answer, source
