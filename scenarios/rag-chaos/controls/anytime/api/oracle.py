"""The provider and the website's search, over plain httpcore. Every call has one time limit, for all of it."""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore
import metrics
from shelf import Passage, says

CHAT_MODEL = "parley-large"
PROMPT = "Answer only from the passages, with one sentence of theirs."
EMBED_S, WRITE_S, SEARCH_S = 0.22, 0.42, 0.2
VECTORS = 1000
NETWORK = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError)
NONSENSE = (ValueError, LookupError, TypeError, AttributeError)


class Lost(Exception):
    """A call that brought nothing that can be used."""


class Oracle:
    def __init__(self, llm: str, key: str, library: str) -> None:
        self._llm, self._library = llm.rstrip("/"), library.rstrip("/")
        self._headers = [("content-type", "application/json"), ("authorization", f"Bearer {key}")]
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=200, max_keepalive_connections=40, keepalive_expiry=10.0, retries=1
        )
        self._vectors: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def vectors(self, models: Iterable[str], text: str) -> dict[str, str]:
        """The text's vector by each model, as pgvector reads it. It is always the same, so it is kept."""
        wanted = sorted(models)
        return dict(zip(wanted, await asyncio.gather(*(self._vector(model, text) for model in wanted)), strict=True))

    async def _vector(self, model: str, text: str) -> str:
        if (model, text) in self._vectors:
            self._vectors.move_to_end((model, text))
            return self._vectors[model, text]
        said = await self._post("embed", f"{self._llm}/v1/embeddings", {"model": model, "input": text}, EMBED_S)
        try:
            vector = f"[{','.join(str(float(value)) for value in said['data'][0]['embedding'])}]"
        except NONSENSE as error:
            raise _lost("embed", error) from error
        self._vectors[model, text] = vector
        if len(self._vectors) > VECTORS:
            self._vectors.popitem(last=False)
        return vector

    async def write(self, question: str, passages: Sequence[Passage]) -> str:
        """The model's sentence, as it came. It is one of the passages': what it makes up is no answer."""
        listed = "\n\n".join(f"Passage {n}: {passage.body}" for n, passage in enumerate(passages, start=1))
        call = {
            "model": CHAT_MODEL,
            "messages": [
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": f"{listed}\n\nQuestion: {question}"},
            ],
        }
        said = await self._post("write", f"{self._llm}/v1/chat/completions", call, WRITE_S)
        try:
            text = said["choices"][0]["message"]["content"]
            if not says(passages, text):
                raise ValueError(f"stands in no passage: {text[:80]!r}")
        except NONSENSE as error:
            raise _lost("write", error) from error
        return text

    async def search(self, question: str, limit: int) -> list[Passage]:
        """What the website's search finds. It knows whole words only, so it gets singulars as well."""
        words = re.findall(r"[^\W_]+", question.lower())
        forms = [word[:-cut] for word in words for cut in (1, 2) if len(word) > 4 and word.endswith("es"[-cut:])]
        call = {"query": " ".join([question, *forms]), "limit": limit}
        said = await self._post("search", f"{self._library}/search", call, SEARCH_S)
        try:
            return [Passage(each["id"], each["title"], each["text"], "") for each in said["passages"]]
        except NONSENSE as error:
            raise _lost("search", error) from error

    async def _post(self, what: str, url: str, call: dict[str, Any], within_s: float) -> Any:
        content = json.dumps(call).encode()
        try:
            with metrics.seconds.labels(what).time():
                async with asyncio.timeout(within_s):
                    try:
                        response = await self._pool.request("POST", url, headers=self._headers, content=content)
                    except (httpcore.NetworkError, httpcore.ProtocolError):  # a connection that had been closed: anew
                        response = await self._pool.request("POST", url, headers=self._headers, content=content)
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            return json.loads(response.content)
        except (*NETWORK, *NONSENSE) as error:
            raise _lost(what, error) from error


def _lost(what: str, error: Exception) -> Lost:
    metrics.lost.labels(what).inc()
    return Lost(f"{what}: {error!r}")
