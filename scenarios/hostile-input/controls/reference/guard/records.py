"""One record of each refusal, in the vault: what it was by its digest, and why, in our own words."""

from __future__ import annotations

import hashlib

from exchange import Exchange


class Records:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    async def keep(self, body: bytes, subject: str | None, supplier: str | None, reason: str) -> None:
        digest = hashlib.sha256(body).hexdigest()
        record = {"subject": subject, "supplier": supplier, "sha256": digest, "reason": reason}
        await self.exchange.post("/records", record)
