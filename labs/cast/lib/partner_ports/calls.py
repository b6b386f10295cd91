"""A partner that is called, for one thing or for a batch of them."""

from __future__ import annotations

from typing import Any

from casebook.shapes import fits

from partner_ports.tasks import Answer, Asked, Fated, Item, Refusal, Task

MOST_ITEMS = 500
MAX_ID = 80


class Calls:
    """Answers `POST /<anything>` with what was sent, and a batch with each of its ids."""

    def task(self, asked: Asked) -> Task:
        """What a request asks for; `Refusal` if nothing."""
        if asked.method != "POST" or not asked.path:
            raise Refusal(404, "call me by POST /<anything>")
        items = _items(asked.json)

        async def do(fated: Fated) -> Answer:
            if not items:
                return Answer(200, {"ok": True, "echo": asked.json})
            return Answer(
                200, {"ok": not fated.failed, "items": [_row(n, item, fated) for n, item in enumerate(items)]}
            )

        return Task(asked.path, do, items=items)

    def clear(self) -> None:
        """A new plan begins."""

    def stats(self) -> dict[str, Any]:
        """More figures."""
        return {}


def _row(n: int, item: Item, fated: Fated) -> dict[str, Any]:
    if n in fated.failed:
        return {"id": item.id, "ok": False, "status": fated.failed[n], "error": "failed"}
    return {"id": item.id, "ok": True}


def _items(body: Any) -> tuple[Item, ...]:
    raw = body.get("items") if isinstance(body, dict) else None
    if not isinstance(raw, list):
        return ()
    if not 1 <= len(raw) <= MOST_ITEMS or not all(fits(each, {"id": str}) for each in raw):
        raise Refusal(422, f"a batch has 1 to {MOST_ITEMS} items, each with an id")
    made = tuple(Item(each["id"], each.get("tenant", "")) for each in raw)
    if not all(0 < len(item.id) <= MAX_ID and isinstance(item.tenant, str) for item in made):
        raise Refusal(422, f"an id has 1 to {MAX_ID} characters, and a tenant is a text")
    return made
