"""A model server: reads route digits on one port, and obeys the exam on another. See README.md for both APIs.

Environment: VERSION, LISTEN and CONTROL (host:port), MODEL and WRONG_MODEL (names in models/), BROWNOUT_TOKEN; PAST and
CARRIERS: how many parcels are on the metrics page from the start (least and most), and whose.
"""

from __future__ import annotations

import hmac
import json
import os
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from behaviour import BadFault, Behaviour, Fault
from common.serve import run, serving
from edge import edge_key
from models import INK, PIXELS, Reader, known_digits
from telemetry import Telemetry

App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
Reply = tuple[int, bytes]

MODELS = Path(__file__).resolve().parent / "models"
MAX_BODY = 8192
HUMAN_SHARE, HUMAN_FIRST_S, HUMAN_SPREAD_S = 0.6, 0.8, 0.8


class ModelServer:
    """One version of the reader, with its telemetry and its fault."""

    def __init__(self, version: str, model: str, wrong_model: str, token: str) -> None:
        self.version = version
        self.behaviour = Behaviour()
        self.telemetry = Telemetry(version)
        self._token = token
        self._edge_key = edge_key(token)
        self._reader = Reader(MODELS / model)
        self._wrong_reader = Reader(MODELS / wrong_model) if wrong_model else self._reader
        self._truth = known_digits(MODELS / "parcels.json.gz")

    async def serve(self, method: str, path: str, headers: dict[bytes, bytes], body: bytes) -> Reply:
        """The public port."""
        if path == "/v1/predict" and method == "POST":
            probe = self._is(headers.get(b"x-probe", b""), self._token)
            if not probe and not self._is(headers.get(b"x-edge-key", b""), self._edge_key):
                return 403, _json({"error": "parcels come through the gateway"})
            return await self._predict(headers, body, probe)
        if path == "/metrics":
            return 200, self.telemetry.page()
        if path == "/healthz":
            return 200, _json({"status": "ok", "model_version": self.version})
        return 404, _json({"error": "not found"})

    async def control(self, method: str, path: str, headers: dict[bytes, bytes], body: bytes) -> Reply:
        """The exam's port."""
        if not self._is(headers.get(b"authorization", b"").removeprefix(b"Bearer "), self._token):
            return 401, _json({"error": "needs the deployment's token"})
        if path == "/fault":
            return 200, _json(self.behaviour.fault.fault)
        if path == "/ledger":
            return 200, _json(self.behaviour.ledger())
        if path != "/control" or method != "POST":
            return 404, _json({"error": "not found"})
        try:
            fault = Fault.parse(json.loads(body))
        except (BadFault, ValueError) as error:
            return 422, _json({"error": str(error)})
        self.behaviour.set(fault)
        return 200, _json(self.behaviour.ledger())

    async def _predict(self, headers: dict[bytes, bytes], body: bytes, probe: bool) -> Reply:
        began = time.perf_counter()
        tenant = headers.get(b"x-tenant", b"").decode("latin-1")[:40] or "unknown"
        request_id = headers.get(b"x-request-id", b"").decode("latin-1")[:80]
        parcel = _parcel(body)
        if parcel is None:
            return 422, _json({"error": f"needs an item number and {PIXELS} pixels from 0 to {INK}"})
        with nullcontext() if probe else self.telemetry.in_flight.track_inprogress():
            fate = await self.behaviour.meet(request_id, tenant, probe=probe)
        item, pixels = parcel
        reader = self._wrong_reader if fate.wrong_model else self._reader
        digit = reader.read(pixels) if fate.status == 200 else None
        if not probe:
            self.behaviour.outcomes[str(fate.status)] += 1
            self.telemetry.answered(tenant, fate.status, time.perf_counter() - began)
            if digit is not None:
                self._mark(request_id, tenant, item, digit)
        if digit is None:
            return fate.status, _json({"error": "could not read the label"})
        return 200, _json({"digit": digit, "model_version": self.version})

    def _mark(self, request_id: str, tenant: str, item: int, digit: int) -> None:
        """Feedback: the belt posts the digit it was given at once; some parcels are seen by a person a little later."""
        self.telemetry.marked(tenant, "auto", "right")
        if item < len(self._truth) and self.behaviour.draw(request_id, "seen") < HUMAN_SHARE:
            outcome = "right" if digit == self._truth[item] else "wrong"
            delay = HUMAN_FIRST_S + HUMAN_SPREAD_S * self.behaviour.draw(request_id, "late")
            self.telemetry.mark_later(delay, tenant, "human", outcome)

    @staticmethod
    def _is(given: bytes, wanted: str) -> bool:
        return bool(wanted) and hmac.compare_digest(given, wanted.encode())


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _parcel(body: bytes) -> tuple[int, list[float]] | None:
    try:
        raw = json.loads(body)
        item, pixels = raw["item"], raw["pixels"]
        sound = type(item) is int and item >= 0 and len(pixels) == PIXELS and all(0 <= ink <= INK for ink in pixels)
    except (ValueError, KeyError, TypeError):
        return None
    return (item, pixels) if sound else None


def app(serve: Callable[[str, str, dict[bytes, bytes], bytes], Awaitable[Reply]], served_by: str) -> App:
    """An ASGI application around a function from request to reply."""

    async def run(
        scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body") or len(body) > MAX_BODY:
                break
        if len(body) > MAX_BODY:
            status, payload = 413, _json({"error": f"at most {MAX_BODY} bytes"})
        else:
            status, payload = await serve(scope["method"], scope["path"], dict(scope["headers"]), body)
        kind = b"text/plain; version=0.0.4" if scope["path"] == "/metrics" else b"application/json"
        headers = [(b"content-type", kind), (b"x-served-by", served_by.encode())]
        headers.append((b"content-length", str(len(payload)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    return run


async def main() -> None:
    """Run both ports until a signal."""
    environment = os.environ
    server = ModelServer(
        environment["VERSION"],
        environment["MODEL"],
        environment.get("WRONG_MODEL", ""),
        environment.get("BROWNOUT_TOKEN", ""),
    )
    if past := environment.get("PAST", ""):
        draw = random.Random(f"past:{server.version}:{environment.get('BROWNOUT_TOKEN', '')}")
        server.telemetry.lived(environment["CARRIERS"].split(), draw.randint(*map(int, past.split())), draw)
    await serving(
        {
            environment["LISTEN"]: app(server.serve, server.version),
            environment["CONTROL"]: app(server.control, server.version),
        }
    )


if __name__ == "__main__":
    run(main())
