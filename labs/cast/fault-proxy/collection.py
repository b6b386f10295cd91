"""All proxies by name, and what the API does to them."""

from __future__ import annotations

from typing import Any

from ledger import Ledger
from problems import PROXY_EXISTS, PROXY_NOT_FOUND, bad_body, missing
from proxy import Proxy, address

ANY_PORT = "127.0.0.1:0"


class Proxies:
    """The proxies of this process, with their ledger."""

    def __init__(self, seed: int) -> None:
        self.ledger = Ledger()
        self._seed = seed
        self._proxies: dict[str, Proxy] = {}

    def get(self, name: str) -> Proxy:
        """The proxy of that name. Raises `Problem`, 404."""
        if name not in self._proxies:
            raise PROXY_NOT_FOUND
        return self._proxies[name]

    def json(self) -> dict[str, Any]:
        """All of them, by name."""
        return {name: proxy.json() for name, proxy in self._proxies.items()}

    async def create(self, raw: Any) -> Proxy:
        """A new proxy from `{"name", "listen", "upstream", "enabled"}`; enabled if not said otherwise.

        Raises:
            Problem: 400 for a body that is not understood, 409 for a name that is taken, 500 for an address in use.
        """
        asked = _checked(raw)
        if asked["name"] in self._proxies:
            raise PROXY_EXISTS
        return await self._make(asked)

    async def populate(self, raw: Any) -> list[Proxy]:
        """Make each of a list of proxies. One with the same addresses stays as it is, with its toxics; one with others
        is replaced. Nothing is done if one of them is not understood. Raises as `create`.
        """
        if not isinstance(raw, list):
            raise bad_body("must be a list of proxies")
        asked = [_checked(each, f" at proxy {n}") for n, each in enumerate(raw, 1)]
        names = [each["name"] for each in asked]
        if len(set(names)) < len(names):
            raise bad_body("a name is there twice")
        return [self._same(each) or await self._replace(each) for each in asked]

    async def update(self, name: str, raw: Any) -> Proxy:
        """Change a proxy's addresses, or whether it is enabled. Raises as `create`, and `Problem`, 404."""
        proxy = self.get(name)
        now = {"listen": proxy.listen, "upstream": proxy.upstream, "enabled": proxy.enabled}
        if not isinstance(raw, dict):
            raise bad_body("must be an object")
        asked = _checked({**now, **raw, "name": name})
        await proxy.move(asked["listen"], asked["upstream"])
        await (proxy.start() if asked["enabled"] else proxy.stop())
        return proxy

    async def remove(self, name: str) -> None:
        """Stop a proxy and forget it; its ledger stays. Raises `Problem`, 404."""
        await self.get(name).stop()
        del self._proxies[name]

    async def reset(self) -> None:
        """Enable every proxy, and end every toxic."""
        for proxy in list(self._proxies.values()):
            await proxy.start()
            for toxic in proxy.toxics:
                proxy.remove(toxic.name)

    async def stop(self) -> None:
        """Stop every proxy."""
        for proxy in self._proxies.values():
            await proxy.stop()

    def _same(self, asked: dict[str, Any]) -> Proxy | None:
        known = self._proxies.get(asked["name"])
        return known if known and (known.listen, known.upstream) == (asked["listen"], asked["upstream"]) else None

    async def _replace(self, asked: dict[str, Any]) -> Proxy:
        if asked["name"] in self._proxies:
            await self.remove(asked["name"])
        return await self._make(asked)

    async def _make(self, asked: dict[str, Any]) -> Proxy:
        tally = self.ledger.of(asked["name"])
        proxy = Proxy(asked["name"], asked["listen"], asked["upstream"], tally, self._seed)
        if asked["enabled"]:
            await proxy.start()
        self._proxies[proxy.name] = proxy
        return proxy


def _checked(raw: Any, where: str = "") -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise bad_body(f"must be an object{where}")
    for key in ("name", "upstream"):
        if not raw.get(key):
            raise missing(f"{key}{where}")
    asked = {"name": raw["name"], "upstream": raw["upstream"], "listen": raw.get("listen") or ANY_PORT}
    if not all(isinstance(value, str) for value in asked.values()):
        raise bad_body(f"name, listen and upstream must be text{where}")
    enabled = raw.get("enabled", True)
    if not isinstance(enabled, bool):
        raise bad_body(f"enabled must be true or false{where}")
    for key in ("listen", "upstream"):
        address(asked[key])
    return {**asked, "enabled": enabled}
