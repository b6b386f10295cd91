"""Predictions of both versions beside what adjusters say."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from html import escape
from typing import Any

import figures
import httpx

WAIT_S = 5
SHOWN = 30


class Comparison:
    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=WAIT_S + 5, trust_env=False)
        self.last: dict[str, dict[str, Any]] = {}
        self.seq = 0
        self.rows: deque[tuple[str, ...]] = deque(maxlen=SHOWN)
        self.reset()

    def reset(self) -> None:
        """A new release: count from zero."""
        self.labels = 0
        self.right: Counter[str] = Counter()

    def predicted(self, items: list[dict[str, Any]], found: dict[str, list[dict[str, Any]]]) -> None:
        for n, item in enumerate(items):
            decisions = {version: answers[n]["decision"] for version, answers in found.items()}
            self.last[item["policy"]] = {"id": item["id"], **decisions}

    async def follow(self) -> None:
        """Labels, as they come."""
        while True:
            try:
                found = (await self.client.get("/labels", params={"after": self.seq, "wait_s": WAIT_S})).json()
                for row in found["rows"]:
                    self.labelled(row)
                self.seq = found["last"]
            except (httpx.HTTPError, ValueError, KeyError) as error:
                figures.log.warning("no labels", extra={"more": {"why": repr(error)}})
                await asyncio.sleep(1)

    def labelled(self, row: dict[str, Any]) -> None:
        predicted = self.last.get(row["policy"])
        if predicted is None:
            return
        self.labels += 1
        for version in ("v1", "v2"):
            if predicted.get(version) == row["label"]:
                self.right[version] += 1
                figures.right.labels(version).inc()
        said = [predicted.get("v1", ""), predicted.get("v2", "")]
        self.rows.appendleft((row["id"], row["policy"], row["label"], predicted["id"], *said))

    def page(self) -> str:
        """For people: the last labels, and what they were compared with."""
        head = "".join(f"<th>{name}" for name in ("label of", "policy", "label", "prediction of", "v1", "v2"))
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) for row in self.rows)
        said = f"{self.labels} labels; right: v1 {self.right['v1']}, v2 {self.right['v2']}"
        top = "<!doctype html><title>Comparison</title><style>body{font:14px sans-serif}td,th{padding:2px 9px}</style>"
        return f"{top}<h1>{said}</h1><table><tr>{head}{rows}</table>"
