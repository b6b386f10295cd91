"""The client of the LLM provider: embeddings of questions, and answers from passages."""

from __future__ import annotations

from collections import OrderedDict

import httpx

CHAT_MODEL = "parley-large"
PROMPT = "Answer only from the passages, with one sentence of theirs."
VECTORS = 2000


class Llm:
    def __init__(self, url: str, key: str) -> None:
        headers = {"authorization": f"Bearer {key}"}
        self.client = httpx.AsyncClient(base_url=url, headers=headers, timeout=2, trust_env=False)
        self.vectors: OrderedDict[tuple[str, str], list[float]] = OrderedDict()

    async def embed(self, model: str, text: str) -> list[float]:
        """The text's vector by this model. It is always the same one, so each is asked for once."""
        key = (model, text)
        if key not in self.vectors:
            response = await self.client.post("/v1/embeddings", json={"model": model, "input": text})
            response.raise_for_status()
            self.vectors[key] = response.json()["data"][0]["embedding"]
            if len(self.vectors) > VECTORS:
                self.vectors.popitem(last=False)
        return self.vectors[key]

    async def answer(self, question: str, passages: list[str]) -> str:
        """The sentence of the passages that answers the question."""
        listed = "\n\n".join(f"Passage {n}: {passage}" for n, passage in enumerate(passages, start=1))
        call = {
            "model": CHAT_MODEL,
            "messages": [
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": f"{listed}\n\nQuestion: {question}"},
            ],
        }
        response = await self.client.post("/v1/chat/completions", json=call)
        response.raise_for_status()
        text: str = response.json()["choices"][0]["message"]["content"]
        return text
