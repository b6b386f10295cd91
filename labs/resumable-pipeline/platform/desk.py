"""The pipeline's port: documents, embeddings and labels, each call paid for, and the registry."""

from __future__ import annotations

import asyncio
from typing import Any

from night import Night
from nights import Nights
from tenants import PAGE, PAGES
from web import Call, Reply

PAGE_S, EMBED_S, LABEL_S, ANNOUNCE_S = 0.02, 0.03, 0.03, 0.02


class Desk:
    """Serves runs by the name in their header `x-run`; a run that is over gets 410."""

    def __init__(self, nights: Nights) -> None:
        self._nights = nights

    async def serve(self, call: Call) -> Reply:
        """`/pages`, `/pages/<n>`, `/embed`, `/labels`, `/announcements`; ValueError for what makes no sense."""
        if call.path == "/healthz":
            return 200, {"status": "ok"}
        run = call.headers.get("x-run", "")
        night = self._nights.of_run(run)
        if night is None:
            return 410, {"error": "there is no such run now; send its name in the header x-run"}
        kind, _, number = call.path.strip("/").partition("/")
        if kind == "pages" and call.method == "GET":
            return await self._page(night, run, number, call)
        if call.method != "POST" or kind not in ("embed", "labels", "announcements"):
            return 404, {"error": "not found"}
        serve = {"embed": self._embed, "labels": self._labels, "announcements": self._announce}[kind]
        return await serve(night, run, call.object(), call)

    async def _page(self, night: Night, run: str, number: str, call: Call) -> Reply:
        if not number:
            return 200, {"pages": PAGES}
        if not number.isdecimal() or int(number) >= PAGES:
            return 404, {"error": f"pages are 0 to {PAGES - 1}"}
        await night.call(run, [f"page/{int(number)}"], call.gone)
        await asyncio.sleep(PAGE_S)
        return 200, {"documents": night.tenant.page(int(number))}

    async def _embed(self, night: Night, run: str, said: dict[str, Any], call: Call) -> Reply:
        tenant = night.tenant
        texts = said.get("texts")
        if not isinstance(texts, list) or not 0 < len(texts) <= PAGE:
            raise ValueError(f"texts: expected a list of 1 to {PAGE}")
        if not all(isinstance(text, str) and text in tenant.texts for text in texts):
            raise ValueError("texts: expected texts of this tenant's documents")
        ids = [tenant.texts[text] for text in texts]
        await night.call(run, [f"text/{id}" for id in ids], call.gone)
        await asyncio.sleep(EMBED_S)
        return 200, {"vectors": [",".join(map(str, tenant.vectors[id])) for id in ids]}

    async def _labels(self, night: Night, run: str, said: dict[str, Any], call: Call) -> Reply:
        tenant = night.tenant
        ids = said.get("ids")
        if not isinstance(ids, list) or not ids or not all(isinstance(id, str) and id in tenant.labels for id in ids):
            raise ValueError("ids: expected ids of this tenant's documents")
        await night.call(run, [f"label/{id}" for id in ids], call.gone)
        await asyncio.sleep(LABEL_S)
        return 200, {"labels": [tenant.labels[id] for id in ids]}

    async def _announce(self, night: Night, run: str, said: dict[str, Any], call: Call) -> Reply:
        sha256, key = said.get("sha256"), call.headers.get("idempotency-key")
        if not isinstance(sha256, str) or (key is not None and not 0 < len(key) <= 200):
            raise ValueError("sha256: expected that of the artefact; idempotency-key: 1 to 200 characters")
        if problem := await night.announce(run, key, sha256, call.gone):
            return 409, {"error": problem}
        await asyncio.sleep(ANNOUNCE_S)
        return 200, {"announced": sha256}
