"""The exam's port: faults, limits, the seal and the ledger, for those who have the deployment's token."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import faults
import limits
import seal
from fields import BadControl
from provider import Provider, same
from wire import Exchange, TooLarge

MAX_BODY = 1 << 16


class Control:
    """Sets what goes wrong at a provider, and shows what it saw."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._routes: dict[tuple[str, str], Callable[[Exchange, Any], Any]] = {
            ("GET", "/faults"): lambda exchange, raw: self._faults(),
            ("POST", "/faults"): self._set_faults,
            ("GET", "/limits"): lambda exchange, raw: asdict(provider.gate.limits),
            ("POST", "/limits"): self._set_limits,
            ("POST", "/seal"): self._set_seal,
            ("GET", "/ledger"): self._page,
            ("GET", "/ledger/summary"): lambda exchange, raw: self._summary(),
            ("POST", "/ledger/reset"): self._reset,
        }

    async def serve(self, exchange: Exchange) -> None:
        """Answer one request: 401 without the token, 404, 413, or 422 with one sentence."""
        if not same(exchange.header(b"authorization").removeprefix("Bearer "), self._provider.settings.token):
            await exchange.reply(401, {"error": "needs the deployment's token"})
            return
        route = self._routes.get((exchange.method, exchange.path))
        if route is None:
            await exchange.reply(404, {"error": "not found"})
            return
        try:
            body = await exchange.body(MAX_BODY)
            answer = route(exchange, _parsed(body) if exchange.method == "POST" else None)
        except TooLarge as error:
            await exchange.reply(413, {"error": str(error)})
        except BadControl as error:
            await exchange.reply(422, {"error": str(error)})
        else:
            await exchange.reply(200, answer)

    def _faults(self) -> dict[str, Any]:
        state = self._provider.faults
        shown = [fault.shown() for fault in state.active]
        return {"faults": shown, "touched": dict(state.touched), "probes": dict(state.probes)}

    def _set_faults(self, exchange: Exchange, raw: Any) -> dict[str, Any]:
        self._provider.faults.set(faults.parse(raw))
        return self._faults()

    def _set_limits(self, exchange: Exchange, raw: Any) -> dict[str, Any]:
        gate = self._provider.gate
        gate.set(limits.parse(raw, gate.limits))
        return asdict(gate.limits)

    def _set_seal(self, exchange: Exchange, raw: Any) -> dict[str, Any]:
        self._provider.seal = seal.parse(raw)
        return {"sealed": bool(self._provider.seal)}

    def _page(self, exchange: Exchange, raw: Any) -> dict[str, Any]:
        since = exchange.query("since") or "0"
        if not (since.isascii() and since.isdecimal()) or len(since) > 15:
            raise BadControl(f"since must be a whole number, a seq of the ledger, and is {since[:40]!r}")
        return self._provider.ledger.page(int(since))

    def _summary(self) -> dict[str, Any]:
        state = self._provider.faults
        return {**self._provider.ledger.summary(), "touched": dict(state.touched), "probes": dict(state.probes)}

    def _reset(self, exchange: Exchange, raw: Any) -> dict[str, Any]:
        self._provider.ledger.reset()
        self._provider.faults.forget()
        return self._summary()


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadControl("the body must be JSON") from error
