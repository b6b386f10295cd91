"""Rollout controller: POST /rollout starts one, GET /rollout shows it, GET /rollout/healthz is for the platform.

One task owns the split. The pure policy is in pilot.py, its statistics in estimate.py, the world in outside.py.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from typing import Any

import httpx
import uvicorn
from outside import TROUBLE, EventLog, Outside
from pilot import DECIDE_AT, FIRST_SHARE, Order, Pilot, Sight

log = logging.getLogger("rollout")
LOOK_EVERY, BLIND = 0.2, 0.8


class Controller:
    def __init__(self, outside: Outside, events: EventLog) -> None:
        self.outside, self.events = outside, events
        self.state, self.share, self.reason = "waking", 0, ""
        self.calls: asyncio.Queue[float] = asyncio.Queue()

    def accept(self) -> bool:
        """Begin a rollout, unless one is running. On disk before the first parcel moves."""
        if self.state not in ("idle", "promoted", "withdrawn"):
            return False
        began = time.monotonic()
        self.events.add("begun", version="v2")
        self.state, self.reason = "running", ""
        self.calls.put_nowait(began)
        return True

    async def live(self) -> None:
        """First what the last process left, then one rollout after the other."""
        await self.wake()
        while True:
            began = await self.calls.get()
            try:
                order = await self.fly(began)
            except Exception as error:  # a fault in here must not leave a split behind
                log.exception("rollout broke")
                order = Order("reject", why=f"controller: {error!r}")
            if order.verb == "promote":
                try:
                    self.events.add("promoted")
                    self.state = "promoted"
                    log.info("promoted")
                    continue
                except OSError as error:
                    order = Order("reject", why=f"log: {error}")
            await self.withdraw(order.why)

    async def wake(self) -> None:
        try:
            last = self.events.last()
        except OSError as error:
            last = {"event": "begun", "why": f"log: {error}"}
        if last["event"] in ("begun", "rejected"):
            return await self.withdraw(last.get("why", "the controller died on the way"))
        while True:
            try:
                v1, v2 = await self.outside.split()
                if (v1 > 0) != (v2 > 0):  # whole, maybe by hand: leave it
                    self.share = 100 if v2 > 0 else 0
                else:  # a mixture that nobody has decided on
                    self.share = 100 if last["event"] == "promoted" else 0
                    await self.outside.give(self.share)
                break
            except TROUBLE as error:
                log.warning("waiting for the gateway: %r", error)
                await asyncio.sleep(0.2)
        self.state, self.reason = last["event"], last.get("why", "")

    async def fly(self, began: float) -> Order:
        """One rollout, to the order that ends it."""
        seen_at = began + 0.7  # grace for the very first look
        pilot: Pilot | None = None
        paused = False
        while True:
            asked = time.monotonic()
            try:
                v1, v2, in_flight = await self.outside.pages()
            except TROUBLE as error:
                late = time.monotonic() - began > DECIDE_AT
                if late or time.monotonic() - seen_at > BLIND:
                    return Order("reject", why=f"no metrics: {error!r}")
            else:
                seen_at = time.monotonic()
                at = seen_at - began
                first = pilot is None
                if pilot is None:
                    pilot = Pilot(v1_start=v1, v2_last=v2, at=at)
                    order = Order("share", round(FIRST_SHARE))
                else:
                    order = pilot.look(Sight(at, v1, v2, in_flight, paused))
                if order.verb != "share":
                    return order
                if (obeyed := await self.obey(order.share, force=first)) is not None:
                    return obeyed
            nap = max(0.02, asked + LOOK_EVERY - time.monotonic())
            fell_asleep = time.monotonic()
            await asyncio.sleep(nap)
            paused = time.monotonic() - fell_asleep > nap + 0.2

    async def obey(self, share: int, *, force: bool) -> Order | None:
        """Move the split, if it has to move. An order comes back if that cannot be done."""
        if share == self.share and not force:
            return None
        error: Exception | None = None
        for _ in range(3):
            try:
                await self.outside.give(share)
            except TROUBLE as trouble:
                error = trouble
                await asyncio.sleep(0.05)
            else:
                if share != self.share:
                    log.info("v2 gets %d %%", share)
                self.share = share
                return None
        return Order("reject", why=f"the gateway does not obey: {error!r}")

    async def withdraw(self, why: str) -> None:
        """All to v1, until the gateway says so itself."""
        log.warning("withdrawing v2: %s", why)
        self.state, self.reason = "withdrawing", why
        self.write("rejected", why)
        while True:
            try:
                await self.outside.give(0)
                if await self.outside.split() == (100, 0):
                    break
            except TROUBLE as error:
                log.warning("the gateway does not obey: %r", error)
            await asyncio.sleep(0.1)
        self.share = 0
        self.write("withdrawn", why)
        self.state = "withdrawn"

    def write(self, event: str, why: str) -> None:
        try:
            self.events.add(event, why=why)
        except OSError as error:  # the way back does not wait for a disk
            log.error("log: %s", error)


class App:
    """Bare ASGI: three routes do not need a framework."""

    def __init__(self) -> None:
        self.controller: Controller | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await self.lifespan(receive, send)
        if scope["type"] != "http":
            return
        body = b""
        while len(body) <= 8192:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        code, payload = self.answer(scope["method"], scope["path"], body)
        text = json.dumps(payload).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": code, "headers": headers})
        await send({"type": "http.response.body", "body": text})

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        controller = self.controller
        if controller is None:
            return 503, {"error": "starting"}
        status = {"state": controller.state, "share": controller.share, "reason": controller.reason}
        match method, path:
            case "GET", "/rollout/healthz":
                return (503, {"status": "waking"}) if controller.state == "waking" else (200, {"status": "ok"})
            case "GET", "/rollout":
                return 200, status
            case "POST", "/rollout":
                try:
                    version = json.loads(body)["version"]
                except (ValueError, KeyError, TypeError):
                    return 422, {"error": 'expected {"version": "v2"}'}
                if version != "v2":
                    return 422, {"error": f"no version {version!r}"}
                try:
                    accepted = controller.accept()
                except OSError as error:
                    return 503, {"error": f"log: {error}"}
                if not accepted:
                    return 409, {"error": "a rollout is running", **status}
                return 202, {"state": controller.state, "share": controller.share, "reason": controller.reason}
        return 404, {"error": "not found"}

    async def lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        async with httpx.AsyncClient(timeout=0.4, trust_env=False) as client:
            environment = dict(os.environ)
            self.controller = Controller(Outside(client, environment), EventLog(environment["DATA_DIR"]))
            living = asyncio.create_task(self.controller.live())
            living.add_done_callback(self.died)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            living.cancel()  # an unfinished rollout stays `begun` in the log: the next process withdraws it
            await asyncio.gather(living, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    @staticmethod
    def died(task: asyncio.Task[None]) -> None:
        """Without its one task the process is of no use; the platform starts another, which begins with a clean split."""
        if not task.cancelled():
            log.critical("the controller's task ended", exc_info=task.exception())
            os._exit(1)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    host, _, port = os.environ["LISTEN"].rpartition(":")
    uvicorn.run(App(), host=host, port=int(port), log_level="warning", access_log=False, lifespan="on", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
