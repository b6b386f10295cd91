"""What a tenant's night is about: its documents, what the embedder makes of them, and its labels. All from a seed."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import cached_property

PAGES, PAGE, DIMENSIONS = 6, 40, 32
LABEL_NOISE = 0.03
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Tenant:
    """One tenant of one night; everything follows from `seed`."""

    name: str
    seed: int

    @cached_property
    def documents(self) -> list[dict[str, str]]:
        """All of them, PAGES times PAGE, in order."""
        rng = random.Random(f"{self.seed}/documents")
        numbers = rng.sample(range(10**9), PAGES * PAGE)  # no two nights share one
        words = ["".join(rng.choices(LETTERS, k=rng.randint(3, 9))) for _ in range(rng.randint(20, 60))]
        texts: dict[str, None] = {}  # no list of words is of use, nor how many there are, nor a mark that each text has
        while len(texts) < len(numbers):
            texts.setdefault(" ".join(rng.choices(words, k=rng.randint(6, 18))))
        return [{"id": f"d{n:09d}", "text": text} for n, text in zip(numbers, texts, strict=True)]

    def page(self, number: int) -> list[dict[str, str]]:
        """One page of documents, counted from 0."""
        return self.documents[number * PAGE : (number + 1) * PAGE]

    @cached_property
    def texts(self) -> dict[str, str]:
        """Id of a document by its text."""
        return {document["text"]: document["id"] for document in self.documents}

    @cached_property
    def vectors(self) -> dict[str, list[float]]:
        """What the embedder answers, by document id."""
        rng = random.Random(f"{self.seed}/vectors")
        return {d["id"]: [round(rng.gauss(0, 1), 6) for _ in range(DIMENSIONS)] for d in self.documents}

    @cached_property
    def labels(self) -> dict[str, int]:
        """What people say of each document, 0 or 1; a few are slips."""
        rng = random.Random(f"{self.seed}/labels")
        way = [rng.gauss(0, 1) for _ in range(DIMENSIONS)]
        return {id: int((side(way, 0.0, v) > 0) != (rng.random() < LABEL_NOISE)) for id, v in self.vectors.items()}

    def accuracy(self, weights: list[float], bias: float) -> float:
        """Share of this tenant's documents (0 to 1) on which a linear model agrees with people."""
        right = sum((side(weights, bias, self.vectors[id]) > 0) == bool(label) for id, label in self.labels.items())
        return right / len(self.labels)


def fit(tenant: Tenant, steps: int = 15, rate: float = 5.0) -> list[float]:
    """Weights and, last, the bias: what the job makes of a tenant's night, in fewer and longer steps than its own."""
    rows = [[*tenant.vectors[id], 1.0] for id in tenant.labels]
    model = [0.0] * (DIMENSIONS + 1)
    for _ in range(steps):
        likely = [1 / (1 + math.exp(-side(model, 0.0, row))) for row in rows]
        errors = [p - y for p, y in zip(likely, tenant.labels.values(), strict=True)]
        slopes = [math.fsum(e * x for e, x in zip(errors, column, strict=True)) for column in zip(*rows, strict=True)]
        model = [w - rate * slope / len(rows) for w, slope in zip(model, slopes, strict=True)]
    return [round(w, 6) for w in model]


def side(weights: list[float], bias: float, vector: list[float]) -> float:
    """A linear model's score of a vector."""
    return bias + math.fsum(w * x for w, x in zip(weights, vector, strict=True))
