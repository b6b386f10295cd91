"""The client of the LLM provider: embeddings of questions, and answers from passages. It never waits long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import httpx
from store import unit

CHAT_MODEL = "parley-large"
PROMPT = "Answer only from the passages, with one sentence of theirs."
VECTORS = 500
# What can come of a call: no answer, a refusal, JSON that is cut off, JSON of another shape.
FAILURES = (httpx.HTTPError, OSError, ValueError, LookupError, TypeError)


class Llm:
    def __init__(self, url: str, key: str) -> None:
        self.client = httpx.AsyncClient(
            base_url=url,
            headers={"authorization": f"Bearer {key}"},
            timeout=None,  # each call has one for the whole of it; httpx's are for each read
            trust_env=False,
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=3),
        )
        self.vectors: OrderedDict[tuple[str, str], tuple[float, ...]] = OrderedDict()

    async def embed(self, model: str, text: str, within_s: float) -> tuple[float, ...]:
        """The text's vector by this model. It is always the same one, so each is asked for once."""
        key = (model, text)
        if key not in self.vectors:
            body = await self._post("/v1/embeddings", {"model": model, "input": text}, within_s)
            self.vectors[key] = unit(body["data"][0]["embedding"])
            while len(self.vectors) > VECTORS:
                self.vectors.popitem(last=False)
        else:
            self.vectors.move_to_end(key)
        return self.vectors[key]

    async def answer(self, question: str, passages: list[str], within_s: float) -> str:
        """The sentence of the passages that answers the question, as the model gives it."""
        listed = "\n\n".join(f"Passage {n}: {passage}" for n, passage in enumerate(passages, start=1))
        call = {
            "model": CHAT_MODEL,
            "messages": [
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": f"{listed}\n\nQuestion: {question}"},
            ],
        }
        body = await self._post("/v1/chat/completions", call, within_s)
        text = body["choices"][0]["message"]["content"]
        if not isinstance(text, str):
            raise TypeError("an answer without a text")
        return text

    async def _post(self, path: str, call: dict, within_s: float) -> dict:
        async with asyncio.timeout(within_s):
            response = await self.client.post(path, json=call)
            response.raise_for_status()
            return response.json()
