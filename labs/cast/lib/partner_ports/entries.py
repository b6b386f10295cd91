"""A partner that keeps a book: entries that are made once for a key, voided, counted against what there is."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from call_receipts import issue

from partner_ports.settings import Partner, Terms
from partner_ports.tasks import Answer, Asked, Fated, Refusal, Task

MOST_ENTRIES = 50_000
MAX_FIELD = 200
DECLINED, NONE_LEFT = 402, 409


@dataclass
class Entry:
    """An entry; times in seconds since the epoch, `voided` is 0 while it is live."""

    id: str
    key: str
    body: dict[str, Any]
    made: float
    voided: float = 0.0

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {"id": self.id, "live": not self.voided, "made": self.made, "voided": self.voided, "body": self.body}


@dataclass
class _Keyed:
    """What came of an idempotency key."""

    digest: str
    answer: Answer | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Book:
    """Entries of one book."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner
        self.begin(Terms(), "")

    def begin(self, terms: Terms, key: str) -> None:
        """A new plan: nothing is entered; `key` is that of receipts."""
        name = self._partner.name
        self._levels: Mapping[str, int] = terms.levels.get(name, {})
        self._refused: Mapping[str, Sequence[str]] = terms.refused.get(name, {})
        self._key = key
        self._entries: dict[str, Entry] = {}
        self._mine: defaultdict[str, list[Entry]] = defaultdict(list)
        self._taken: Counter[str] = Counter()
        self._keyed: dict[str, _Keyed] = {}

    def task(self, asked: Asked) -> Task:
        """What a request asks for; `Refusal` if nothing."""
        name = self._partner.name
        match asked.method, asked.path.split("/"):
            case "POST", [book] if book == name:
                return self._make_task(asked)
            case "POST", [book, id, "void"] if book == name:

                async def void(_: Fated) -> Answer:
                    return Answer(200, self.void(id).shown())

                return Task("void", void, id=id)
            case "GET", [book] if book == name and self._partner.key in asked.query:
                whose = asked.query[self._partner.key]

                async def find(_: Fated) -> Answer:
                    return Answer(200, {"entries": self.of(whose)})

                return Task("find", find, id=whose[:80])
            case "GET", [book, "free", item] if book == name and self._partner.item:

                async def free(_: Fated) -> Answer:
                    return Answer(200, self.free(item))

                return Task("free", free)
        raise Refusal(404, f"there are POST /{name}, POST /{name}/<id>/void, GET /{name}?{self._partner.key}=")

    def make(self, body: dict[str, Any]) -> Answer:
        """Enter it."""
        for name, values in self._refused.items():
            if body.get(name) in values:
                return Answer(DECLINED, {"error": "declined"})
        item = str(body.get(self._partner.item, ""))
        if self._partner.item and self._taken[item] >= self._level(item):
            return Answer(NONE_LEFT, {"error": "none is left"})
        if len(self._entries) >= MOST_ENTRIES:
            raise Refusal(503, "the book is full")
        key = body[self._partner.key]
        entry = Entry(f"{self._partner.name}-{len(self._entries) + 1}", key, body, time.time())
        self._entries[entry.id] = entry
        self._mine[key].append(entry)
        self._taken[item] += 1
        return Answer(201, {"id": entry.id, self._partner.key: key})

    def void(self, id: str) -> Entry:
        """The entry is live no more, if it was; `Refusal` if there is none."""
        entry = self._entries.get(id)
        if entry is None:
            raise Refusal(404, "there is no such entry")
        if not entry.voided:
            entry.voided = time.time()
            self._taken[str(entry.body.get(self._partner.item, ""))] -= 1
        return entry

    def of(self, key: str) -> list[dict[str, Any]]:
        """All entries of somebody, in the order in which they were made."""
        return [entry.shown() for entry in self._mine.get(key, ())]

    def free(self, item: str) -> dict[str, Any]:
        """How many are left, with a receipt, whose subject is the item and whose answer the number."""
        left = self._level(item) - self._taken[item]
        who, now_ms = self._partner.name, int(time.time() * 1000)
        return {
            "item": item,
            "free": left,
            "receipt": issue(self._key, item, left, who=who, version="1", issued_ms=now_ms),
        }

    def stats(self) -> dict[str, Any]:
        """Entries that were made, and those that are live."""
        live = sum(not entry.voided for entry in self._entries.values())
        return {"made": len(self._entries), "live": live}

    def _level(self, item: str) -> int:
        if item not in self._levels:
            raise Refusal(404, f"there is no such {self._partner.item}")
        return self._levels[item]

    def _make_task(self, asked: Asked) -> Task:
        body, fields = asked.json, [self._partner.key, *([self._partner.item] if self._partner.item else [])]
        if not isinstance(body, dict) or not all(_is_short(body.get(name)) for name in fields):
            raise Refusal(422, f"an entry has {' and '.join(fields)}, texts of 1 to {MAX_FIELD} characters")

        async def make(_: Fated) -> Answer:
            return self.make(body)

        key = asked.headers.get("idempotency-key", "")
        if len(key) > MAX_FIELD:
            raise Refusal(422, f"an idempotency-key has at most {MAX_FIELD} characters")
        whole = json.dumps(body, sort_keys=True).encode()
        once = self._once(key, hashlib.sha256(whole).hexdigest()) if key else None
        return Task("make", make, id=body[self._partner.key][:80], once=once)

    def _once(self, key: str, digest: str) -> Callable[[Callable[[], Awaitable[Answer]]], Awaitable[Answer]]:
        keyed = self._keyed  # of the plan that is on when it comes

        async def once(work: Callable[[], Awaitable[Answer]]) -> Answer:
            while (known := keyed.get(key)) is not None:
                if known.digest != digest:
                    return Answer(409, {"error": "this idempotency-key came with another body"})
                if known.answer is not None:
                    return known.answer
                await known.over.wait()
            mine = keyed[key] = _Keyed(digest)
            try:
                found = await work()
                mine.answer = found if found.status != NONE_LEFT else None
                return found
            finally:
                if mine.answer is None:
                    del keyed[key]
                mine.over.set()

        return once


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_FIELD
