"""What the foundry can do for us: tonight's table, the trainer's name, and the training of a part."""

import os

import httpx

client = httpx.AsyncClient(base_url=os.environ["FOUNDRY"], timeout=5.0, trust_env=False)


async def table():
    """The night's date, and the table as it is now."""
    answer = await client.get("/table")
    answer.raise_for_status()
    return answer.headers["x-night"], answer.text


async def code():
    """The name of the trainer that is current."""
    answer = await client.get("/code")
    answer.raise_for_status()
    return answer.json()["name"]


async def train(part, table, code, params):
    """The part's bytes."""
    answer = await client.post("/train", json={"part": part, "table": table, "code": code, "params": params})
    answer.raise_for_status()
    return answer.content
