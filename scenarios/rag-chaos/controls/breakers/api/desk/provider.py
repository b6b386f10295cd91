"""The client of the LLM provider."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

import httpx

from desk import telemetry
from desk.errors import Unavailable
from desk.model import Passage, Vector

CHAT_MODEL = "parley-large"
PROMPT = "Answer only from the passages, with one sentence of theirs."
NONSENSE = (ValueError, LookupError, TypeError, AttributeError, ZeroDivisionError)


class Provider:
    """Embeddings and answers go over connections of their own, so that slow answers do not take those of the others."""

    def __init__(self, url: str, key: str, *, vectors: int, at_once: int) -> None:
        self._embeddings = self._client(url, key, 20)
        self._chat = self._client(url, key, 2 * at_once)
        self._places = asyncio.Semaphore(at_once)
        self._vectors: OrderedDict[tuple[str, str], Vector] = OrderedDict()
        self._most = vectors

    @staticmethod
    def _client(url: str, key: str, most: int) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=url,
            headers={"authorization": f"Bearer {key}"},
            timeout=None,
            trust_env=False,
            limits=httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=10.0),
        )

    async def embed(self, models: list[str], text: str, within_s: float) -> dict[str, Vector]:
        """The text's vector by each of the models. A pair of model and text always has the same, so it is kept."""
        missing = [model for model in models if (model, text) not in self._vectors]
        if missing:
            with telemetry.stage("embed"):
                got = await asyncio.gather(*(self._embedded(model, text, within_s) for model in missing))
            for model, vector in zip(missing, got, strict=True):
                self._vectors[model, text] = vector
        vectors = {}
        for model in models:
            vectors[model] = self._vectors[model, text]
            self._vectors.move_to_end((model, text))
        while len(self._vectors) > self._most:
            self._vectors.popitem(last=False)
        return vectors

    async def _embedded(self, model: str, text: str, within_s: float) -> Vector:
        body = await _post(self._embeddings, "/v1/embeddings", {"model": model, "input": text}, "embeddings", within_s)
        try:
            return Vector.of(body["data"][0]["embedding"])
        except NONSENSE as error:
            raise Unavailable("embeddings", error) from error

    async def answer(self, question: str, passages: tuple[Passage, ...], within_s: float) -> str:
        """The model's answer as it came, signature included."""
        if self._places.locked():
            raise Unavailable("model", "too many at once")
        listed = "\n\n".join(f"Passage {n}: {passage.body}" for n, passage in enumerate(passages, start=1))
        call = {
            "model": CHAT_MODEL,
            "messages": [
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": f"{listed}\n\nQuestion: {question}"},
            ],
        }
        async with self._places:
            with telemetry.stage("llm"):
                body = await _post(self._chat, "/v1/chat/completions", call, "model", within_s)
        try:
            choice = body["choices"][0]
            text = choice["message"]["content"]
            ended = choice.get("finish_reason")
        except NONSENSE as error:
            raise Unavailable("model", error) from error
        if not isinstance(text, str) or not text.strip() or ended not in (None, "stop"):
            raise Unavailable("model", f"an answer that ended with {ended!r}")
        return text

    async def close(self) -> None:
        await asyncio.gather(self._embeddings.aclose(), self._chat.aclose())


async def _post(client: httpx.AsyncClient, path: str, call: dict[str, Any], what: str, within_s: float) -> Any:
    """The JSON of an answer. A connection that broke before there was one is no reason to give up: once more, in the
    same time. Too late, refused and cut off are."""
    try:
        async with asyncio.timeout(within_s):
            try:
                response = await client.post(path, json=call)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                response = await client.post(path, json=call)
            response.raise_for_status()
            return response.json()
    except (httpx.HTTPError, OSError, ValueError) as error:
        telemetry.failures.labels(what).inc()
        raise Unavailable(what, error) from error
