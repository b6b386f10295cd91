"""The platform's API, as one run of the job sees it. Every answer is checked before anybody keeps it."""

from __future__ import annotations

import math
from typing import Any

import httpx
from errors import PlatformError
from settings import Settings

DIMENSIONS = 32


class PlatformClient:
    """A call that may have arrived is never made again from here: it may have been paid for, and only the scheduler's next run
    may risk that. What is tried again is to get a connection, since then nothing was sent."""

    def __init__(self, settings: Settings, run: str) -> None:
        self._client = httpx.Client(
            base_url=settings.platform_url,
            headers={"x-run": run},
            timeout=settings.request_timeout_s,
            transport=httpx.HTTPTransport(retries=settings.connect_retries),  # connecting only, says httpx
        )

    def __enter__(self) -> PlatformClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page_count(self) -> int:
        count = self._call("GET", "/pages").get("pages")
        if not isinstance(count, int) or count < 0:
            raise PlatformError(f"/pages: {count!r} is no number of pages")
        return count

    def page(self, number: int) -> list[dict[str, str]]:
        documents = self._list(self._call("GET", f"/pages/{number}"), "documents")
        if not all(isinstance(d, dict) and isinstance(d.get("id"), str) and isinstance(d.get("text"), str) for d in documents):
            raise PlatformError(f"/pages/{number}: a document has no id or no text")
        return [{"id": document["id"], "text": document["text"]} for document in documents]

    def embed(self, texts: list[str]) -> list[str]:
        vectors = self._list(self._call("POST", "/embed", {"texts": texts}), "vectors", len(texts))
        if not all(_is_vector(vector) for vector in vectors):
            raise PlatformError(f"/embed: a vector is not {DIMENSIONS} finite numbers")
        return vectors

    def labels(self, ids: list[str]) -> list[int]:
        labels = self._list(self._call("POST", "/labels", {"ids": ids}), "labels", len(ids))
        if not all(label in (0, 1) for label in labels):
            raise PlatformError("/labels: a label is neither 0 nor 1")
        return labels

    def announce(self, sha256: str, key: str) -> None:
        self._call("POST", "/announcements", {"sha256": sha256}, {"idempotency-key": key})

    def _call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise PlatformError(f"{method} {path}: {error!r}") from error
        if response.status_code != 200:
            raise PlatformError(f"{method} {path}: {response.status_code} {response.text[:200]}")
        answer = response.json()
        if not isinstance(answer, dict):
            raise PlatformError(f"{method} {path}: no object was answered")
        return answer

    @staticmethod
    def _list(answer: dict[str, Any], name: str, count: int | None = None) -> list[Any]:
        found = answer.get(name)
        if not isinstance(found, list) or (count is not None and len(found) != count):
            raise PlatformError(f"expected {'' if count is None else count} {name}")
        return found


def _is_vector(found: Any) -> bool:
    try:
        numbers = [float(each) for each in found.split(",")]
    except (AttributeError, ValueError):
        return False
    return len(numbers) == DIMENSIONS and all(map(math.isfinite, numbers))
