"""The words that the parts of the assistant share."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field, replace
from operator import mul


@dataclass(frozen=True)
class Vector:
    """Of length 1; `literal` is how pgvector reads it."""

    values: array[float]
    literal: str

    @classmethod
    def of(cls, raw: list[float]) -> Vector:
        length = math.sqrt(sum(value * value for value in raw)) or 1.0
        values = array("f", (value / length for value in raw))
        return cls(values, f"[{','.join(map(str, raw))}]")

    def near(self, other: array[float]) -> float:
        return sum(map(mul, self.values, other))


@dataclass(frozen=True)
class Passage:
    id: str
    title: str
    body: str
    edition: int = -1  # not known, of the library's
    model: str = ""
    values: array[float] = field(default_factory=lambda: array("f"), repr=False)

    def saying(self, body: str) -> Passage:
        return replace(self, body=body)


@dataclass(frozen=True)
class Found:
    """Passages, best first, and who found them: `store`, or a lesser way."""

    passages: tuple[Passage, ...]
    by: str

    @property
    def whole(self) -> bool:
        return self.by == "store"


@dataclass(frozen=True)
class Written:
    """A sentence, and who wrote it: `model`, or a lesser way."""

    text: str
    by: str

    @property
    def whole(self) -> bool:
        return self.by == "model"
