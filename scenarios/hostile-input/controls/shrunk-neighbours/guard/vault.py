"""One record for each refusal. A reason is ours alone: nothing that was sent goes into it, so no bank details do."""

from __future__ import annotations

import hashlib
import json

from exchange import Exchange

LONGEST = 200


class Vault:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    async def keep(self, body: bytes, subject: str | None, supplier: str | None, reason: str) -> None:
        digest = hashlib.sha256(body).hexdigest()
        record = {"subject": subject, "supplier": supplier, "sha256": digest, "reason": reason[:LONGEST]}
        # The log holds one JSON line a refusal: ASCII, so no name can end the line, and no body.
        print(json.dumps({"refused": subject, "sha256": digest, "reason": reason[:LONGEST]}), flush=True)
        await self.exchange.record(record)
