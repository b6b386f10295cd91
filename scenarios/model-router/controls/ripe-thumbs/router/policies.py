"""Routing policies: whether a file is sound, and which model it names for a text."""

from __future__ import annotations

import json
import math
from typing import Any

import httpx
from features import buckets
from models import NAMES


class Broken(Exception):
    """A policy's file cannot be used."""


def numbers(found: Any) -> bool:
    return all(isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in found)


class Policy:
    """A sound policy; Broken if the file is not."""

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        try:
            file = json.loads(text)
            self.buckets = file["buckets"]
            self.models = {name: (row["bias"], row["weights"]) for name, row in file["models"].items()}
            if isinstance(self.buckets, bool) or not isinstance(self.buckets, int) or self.buckets < 1:
                raise Broken(f"buckets are {self.buckets!r}")
            if set(self.models) != set(NAMES):
                raise Broken(f"its models are {sorted(self.models)}")
            for name, (bias, weights) in self.models.items():
                if not isinstance(weights, list) or len(weights) != self.buckets:
                    raise Broken(f"{name} has not {self.buckets} weights")
                if not numbers([bias, *weights]):
                    raise Broken(f"{name} has a number that is none")
            if not file["examples"]:
                raise Broken("it has no examples")
            for example in file["examples"]:
                if self.choice(example["text"]) != example["model"]:
                    raise Broken(f"an example is not {example['model']}")
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
            raise Broken(repr(error)) from None

    def choice(self, text: str) -> str:
        """The model with the highest score."""
        found = buckets(text, self.buckets)
        scores = {name: bias + sum(weights[one] for one in found) for name, (bias, weights) in self.models.items()}
        return max(scores, key=lambda name: scores[name])


class Shelf:
    """Where the data team puts policies."""

    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=2.0, trust_env=False)

    async def numbers(self) -> tuple[int, int | None]:
        """The current one, and the one that is offered."""
        there = (await self.client.get("/policies")).raise_for_status().json()
        return there["current"], there["offered"]

    async def policy(self, number: int) -> Policy:
        return Policy(number, (await self.client.get(f"/policies/{number}")).raise_for_status().text)
