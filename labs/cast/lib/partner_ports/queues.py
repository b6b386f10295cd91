"""A partner that keeps messages until somebody has dealt with them, in SQS's words."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from casebook.shapes import fits

from partner_ports.tasks import Answer, Asked, Fated, Refusal, Task

MOST, LONGEST_WAIT_S = 10, 20.0
MOST_KEPT = 20_000
PAGE = 1_000


@dataclass
class Message:
    """A message; times in seconds since the epoch, 0: not yet.

    Attributes:
        seq: from 1, in the order of coming.
        id: of who put it (`x-request-id`), or a made one.
        put, visible, first, deleted: when it came, can be seen (again), was first handed out, was deleted.
        received: how often it was handed out.
        receipt: of the last time.
    """

    seq: int
    id: str
    tenant: str
    body: Any
    attributes: dict[str, str]
    put: float
    visible: float
    first: float = 0.0
    deleted: float = 0.0
    received: int = 0
    receipt: str = field(default="", repr=False)

    def handed(self) -> dict[str, Any]:
        """As a receiver gets it."""
        return {
            "id": self.id,
            "receipt": self.receipt,
            "body": self.body,
            "attributes": self.attributes,
            "received": self.received,
        }

    def entered(self) -> dict[str, Any]:
        """As the exam's ledger has it."""
        names = ("seq", "id", "tenant", "put", "visible", "first", "deleted", "received")
        return {name: getattr(self, name) for name in names}


class Queue:
    """Messages in the order of coming. One that was handed out and not deleted is seen again after `visible_s`."""

    def __init__(self, visible_s: float) -> None:
        self._visible_s = visible_s
        self.messages: list[Message] = []
        self._kept: dict[int, Message] = {}
        self._receipts: dict[str, Message] = {}
        self._changed = asyncio.Event()

    def task(self, asked: Asked) -> Task:
        """What a request asks for; `Refusal` if nothing."""
        match asked.method, asked.path.split("/"):
            case "POST", ["messages"]:
                return self._put_task(asked)
            case "GET", ["messages"]:
                most, wait_s = _number(asked, "most", 1, MOST), _number(asked, "wait_s", 0, LONGEST_WAIT_S)

                async def get(_: Fated) -> Answer:
                    found = await self.get(int(most), wait_s, asked.left)
                    return Answer(200, {"messages": [message.handed() for message in found]})

                return Task("get", get)
            case "DELETE", ["messages", receipt]:

                async def delete(_: Fated) -> Answer:
                    return Answer(200, {}) if self.delete(receipt) else Answer(404, {"error": "no such receipt"})

                return Task("delete", delete)
        raise Refusal(404, "there are POST /messages, GET /messages, DELETE /messages/<receipt>")

    def put(self, id: str, tenant: str, body: Any, attributes: dict[str, str], held_s: float = 0.0) -> Message:
        """Take a message in, which cannot be seen for `held_s`.

        Raises:
            Refusal: it is full.
        """
        if len(self._kept) >= MOST_KEPT:
            raise Refusal(503, "the queue is full")
        now = time.time()
        seq = len(self.messages) + 1
        made = Message(seq, id or f"m{seq}", tenant, body, attributes, now, now + held_s)
        self.messages.append(made)
        self._kept[seq] = made
        self._changed.set()
        return made

    async def get(self, most: int, wait_s: float, left: Callable[[], bool] = lambda: False) -> list[Message]:
        """Hand out up to `most` messages, waiting up to `wait_s` until there is one; none to who has left."""
        until = time.time() + wait_s
        while not left():
            now = time.time()
            ready = [message for message in self._kept.values() if message.visible <= now][:most]
            if ready or now >= until:
                return [self._hand(message, now) for message in ready]
            due = min((message.visible for message in self._kept.values()), default=until)
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), max(0.001, min(until, due) - now))
        return []

    def delete(self, receipt: str) -> bool:
        """Somebody has dealt with it; False if the receipt is none, or the message was handed out again since."""
        message = self._receipts.pop(receipt, None)
        if message is None:
            return False
        message.deleted = time.time()
        del self._kept[message.seq]
        return True

    def clear(self) -> None:
        """A new plan begins: nothing is there."""
        self.messages, self._kept, self._receipts = [], {}, {}

    def stats(self) -> dict[str, Any]:
        """Messages that can be seen, that cannot, and that are done."""
        now = time.time()
        waiting = sum(message.visible <= now for message in self._kept.values())
        done = len(self.messages) - len(self._kept)
        return {"waiting": waiting, "unseen": len(self._kept) - waiting, "deleted": done}

    def page(self, since: int) -> dict[str, Any]:
        """Up to 1,000 messages with a greater seq, and the seq to ask for next."""
        rows = [message.entered() for message in self.messages[since : since + PAGE]]
        return {"messages": rows, "next": rows[-1]["seq"] if rows else since}

    def _put_task(self, asked: Asked) -> Task:
        if not fits(asked.json, {"body": object}) or not fits(asked.json.get("attributes", {}), {str: str}):
            raise Refusal(422, "a message has a body, and perhaps attributes, an object of texts")
        headers, said = asked.headers, asked.json

        async def put(fated: Fated) -> Answer:
            id, tenant = headers.get("x-request-id", "")[:80], headers.get("x-tenant", "")[:80]
            made = self.put(id, tenant, said["body"], said.get("attributes", {}), fated.held_s)
            return Answer(200, {"id": made.id})

        return Task("put", put)

    def _hand(self, message: Message, now: float) -> Message:
        self._receipts.pop(message.receipt, None)
        message.receipt = secrets.token_hex(8)
        self._receipts[message.receipt] = message
        message.visible, message.received = now + self._visible_s, message.received + 1
        message.first = message.first or now
        return message


def _number(asked: Asked, name: str, default: float, most: float) -> float:
    try:
        found = float(asked.query.get(name, default))
    except ValueError:
        found = -1.0
    if not 0 <= found <= most:
        raise Refusal(422, f"{name} must be a number from 0 to {most:g}")
    return found
