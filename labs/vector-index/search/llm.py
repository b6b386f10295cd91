"""The provider of embeddings."""

import httpx


class Llm:
    def __init__(self, url, key):
        headers = {"authorization": f"Bearer {key}"}
        self.client = httpx.AsyncClient(base_url=url, headers=headers, timeout=5, trust_env=False)

    async def embed(self, text, model, dimensions):
        """The text's vector, as the store reads it."""
        call = {"model": model, "dimensions": dimensions, "input": text}
        response = await self.client.post("/v1/embeddings", json=call)
        response.raise_for_status()
        return f"[{','.join(map(str, response.json()['data'][0]['embedding']))}]"
