"""The public port: what a call goes through, from its headers to its answer."""

from __future__ import annotations

import hmac
import json
import secrets
from typing import Any

import delivery
import job
from apierror import ApiError
from call import Call
from faults import Faults
from job import Work
from ledger import Ledger
from limits import Gate
from settings import Settings
from wire import Exchange, TooLarge

MAX_BODY = 1 << 20


class Provider:
    """The provider, with its faults, its limits, its ledger, and the key that its answers are signed with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.faults = Faults()
        self.gate = Gate(settings.limits)
        self.ledger = Ledger(settings.ledger_size, settings.seed)
        self.seal = secrets.token_hex(16) if settings.signs else ""

    async def serve(self, exchange: Exchange) -> None:
        """Answer one request."""
        if exchange.path == "/healthz":
            await exchange.reply(200, {"status": "ok"})
            return
        if exchange.path == "/stats":
            await exchange.reply(200, self.ledger.stats())
            return
        call = Call(exchange, self.ledger, probe=same(exchange.header(b"x-probe"), self.settings.token))
        try:
            await self._answer(exchange, call)
        except ApiError as error:
            call.refused(error)
            await exchange.reply(error.status, error.body(), {**call.headers(), **error.headers})
        finally:
            call.end()

    async def _answer(self, exchange: Exchange, call: Call) -> None:
        raw = await self._read(exchange, call)
        if call.faultable:
            call.fate = self.faults.fate(call.endpoint, call.model, *call.key, probe=call.probe)
        outage = call.fate.ends_by("outage")
        if outage:
            await delivery.break_down(exchange, call, outage)
            return
        if isinstance(raw, ApiError):
            raise raw
        self._authorize(exchange, call)
        task = self._understand(exchange, call, raw)
        headers = self._admit(call, task)
        with self.gate.working(counted=not call.probe):
            await self._deliver(exchange, call, task, headers)

    async def _deliver(self, exchange: Exchange, call: Call, task: Work, headers: dict[str, str]) -> None:
        ends = call.fate.ends
        if await delivery.fail(exchange, call, task, ends):
            return
        call.begin_work(task)
        send = delivery.stream if task.events else delivery.whole
        await send(exchange, call, task, ends, headers)

    @staticmethod
    async def _read(exchange: Exchange, call: Call) -> dict[str, Any] | ApiError:
        """The body's object; what is wrong with it is told later, since in an outage nothing is."""
        try:
            body = await exchange.body(MAX_BODY)
        except TooLarge as error:
            return ApiError(413, f"The request body is too large: {error}.", code="request_too_large")
        if call.method != "POST" or exchange.method != "POST":
            return {}
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return ApiError(400, "We could not parse the JSON body of your request: it must be a JSON object.")
        if not isinstance(raw, dict):
            return ApiError(400, "The JSON body of your request must be an object.")
        call.read(body, raw.get("model"), raw.get("stream"))
        return raw

    def _authorize(self, exchange: Exchange, call: Call) -> None:
        wanted = self.settings.api_key
        given = exchange.header(b"authorization").removeprefix("Bearer ").strip()
        if call.probe or not wanted or same(given, wanted):
            return
        message = (
            "Incorrect API key provided." if given else "You didn't provide an API key in an Authorization header."
        )
        raise ApiError(401, message, code="invalid_api_key")

    def _understand(self, exchange: Exchange, call: Call, raw: dict[str, Any]) -> Work:
        if not call.faultable:
            message = f"Unknown request URL: {exchange.method} {exchange.path[:80]}."
            raise ApiError(404, message, code="unknown_url")
        if exchange.method != call.method:
            message = f"Not allowed to {exchange.method} on {exchange.path[:80]}; it takes {call.method}."
            raise ApiError(405, message, code="method_not_supported", headers={"allow": call.method})
        if call.endpoint == "chat":
            return job.of_chat(raw, self.settings, call.key, call.fate, self.seal)
        if call.endpoint == "embeddings":
            return job.of_embeddings(raw, self.settings, call.key, call.fate)
        return job.of_models(exchange.path, call.fate)

    def _admit(self, call: Call, task: Work) -> dict[str, str]:
        """Take what the call needs from the limits; the headers that tell what is left. Probes and lists are free."""
        if call.probe or task.model is None:
            return {}
        call.refusal = "limited"
        self.gate.admit(task.model.name, task.tokens_in + task.tokens_out)
        return self.gate.headers()


def same(given: str, wanted: str) -> bool:
    """Whether a secret was given, compared in constant time; an empty secret never is."""
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())
