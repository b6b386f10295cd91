"""The platform's API, as one run of the job sees it."""

from __future__ import annotations

import os

import httpx


class Platform:
    def __init__(self, run: str) -> None:
        self._client = httpx.Client(base_url=os.environ["PLATFORM"], headers={"x-run": run}, timeout=30)

    def pages(self) -> int:
        return self._answer(self._client.get("/pages"))["pages"]

    def page(self, number: int) -> list[dict]:
        return self._answer(self._client.get(f"/pages/{number}"))["documents"]

    def embed(self, texts: list[str]) -> list[str]:
        return self._answer(self._client.post("/embed", json={"texts": texts}))["vectors"]

    def labels(self, ids: list[str]) -> list[int]:
        return self._answer(self._client.post("/labels", json={"ids": ids}))["labels"]

    def announce(self, sha256: str, key: str | None = None) -> None:
        headers = {"idempotency-key": key} if key else {}
        self._answer(self._client.post("/announcements", json={"sha256": sha256}, headers=headers))

    def _answer(self, response: httpx.Response) -> dict:
        if response.status_code != 200:
            raise RuntimeError(f"{response.request.url.path}: {response.status_code} {response.text[:200]}")
        return response.json()
