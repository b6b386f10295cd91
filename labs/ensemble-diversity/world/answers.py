"""What the pool says: the digit that a reader sees, the data sheets, and a picture of who errs together."""

from __future__ import annotations

import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from pictures import INK, PIXELS, Pixels, turned
from reading import models
from together import Together
from vendors import READERS

if TYPE_CHECKING:
    from casebook.calls import Call, Handler
    from model_pool.plugin import Given
    from starlette.responses import HTMLResponse

LATELY_S = 10.0


class Answers:
    """Seven readers. A broken intake hands its readers each picture turned."""

    words = ("transposed", "turned-left", "turned-right", "flipped")

    def __init__(self) -> None:
        self._models = models()
        self._together = Together(self._models)
        self._asked: deque[tuple[float, str, float]] = deque(maxlen=2000)

    def plan(self, plan: dict[str, Any]) -> None:
        """There is nothing to plan."""

    def answer(
        self, model: str, version: str, item: dict[str, Any], now: float, acting: frozenset[str]
    ) -> dict[str, Any]:
        """The digit on `item["pixels"]`, 64 numbers from 0 to 16, row by row."""
        pixels = _pixels(item["pixels"])
        for way in sorted(acting):
            pixels = turned(pixels, way)
        return {"digit": self._models[model].read([pixels])[0]}

    def covers(self, item: dict[str, Any], answer: dict[str, Any]) -> tuple[Any, Any]:
        """A receipt is for a picture and its digit."""
        return {"pixels": item["pixels"]}, answer

    def given(self, given: Given) -> None:
        """Who was asked, and when its answer was ready."""
        self._asked.append((time.monotonic(), given.model, given.now))

    def pages(self) -> dict[str, Handler]:
        """The data sheets, and a picture of the readers that are asked."""
        return {"GET /readers": self._sheets, "GET /together": self._drawn}

    def _sheets(self, call: Call) -> dict[str, Any]:
        return {"readers": [reader.sheet() for reader in READERS.values()]}

    def _drawn(self, call: Call) -> HTMLResponse:
        from starlette.responses import HTMLResponse  # of the image, which those who test the readers have not

        asked = self.lately()
        return HTMLResponse(self._together.page([name for name in READERS if name in asked]))

    def lately(self) -> set[str]:
        """The readers that were asked for a label alone. A batch, as `measured` asks for it of all readers, has many
        answers of one moment."""
        since = time.monotonic() - LATELY_S
        moments = Counter((name, ready) for at, name, ready in self._asked if at >= since)
        return {name for (name, _), many in moments.items() if many == 1}


def _pixels(raw: Any) -> Pixels:
    whole = isinstance(raw, list) and len(raw) == PIXELS
    if not whole or not all(type(value) is int and 0 <= value <= INK for value in raw):
        raise ValueError(f"pixels must be a list of {PIXELS} whole numbers from 0 to {INK}")
    return list(raw)
