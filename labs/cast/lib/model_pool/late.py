"""Truth that comes later: thumbs, labels, chargebacks, as a stream that grows, with rows that are revised."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from call_faults.vocabulary import draw

if TYPE_CHECKING:
    from casebook.calls import Call

MOST_WAIT_S = 20.0
PAGE = 1000


class Late:
    """A stream of rows. What is known of an id, for a share of the ids, can be seen after a delay of its own; each
    revision of it after a further one. All is drawn by hashes of seed and id.

    Args:
        seed: of the draws.
        share: ratio of ids of which anything is ever heard, 0 to 1.
        delay_s: least and most seconds until a row can be seen, and between it and its revision.
    """

    def __init__(self, seed: int | str, *, share: float = 1.0, delay_s: tuple[float, float] = (0.0, 0.0)) -> None:
        self._seed, self._share, self._delay_s = seed, share, delay_s
        self._coming: list[tuple[float, int, dict[str, Any]]] = []
        self._rows: list[dict[str, Any]] = []
        self._count = 0
        self._more = asyncio.Event()

    def know(self, id: str, row: Mapping[str, Any], *revisions: Mapping[str, Any]) -> bool:
        """From now on it is known what is true of an id, and of what it is later found to be. False: nobody will
        say."""
        if draw(self._seed, "share", id) >= self._share:
            return False
        due, (least, most) = _now(), self._delay_s
        for number, known in enumerate((row, *revisions)):
            due += least + (most - least) * draw(self._seed, "delay", id, number)
            self._count += 1
            heappush(self._coming, (due, self._count, {"id": id, "revision": number, **known}))
        self._more.set()
        return True

    def after(self, seq: int, most: int = PAGE) -> list[dict[str, Any]]:
        """The rows that can be seen by now and have a greater seq, in the order in which they appeared."""
        while self._coming and self._coming[0][0] <= _now():
            row = heappop(self._coming)[2]
            self._rows.append({"seq": len(self._rows) + 1, **row})
        return self._rows[max(0, seq) : max(0, seq) + most]

    async def page(self, call: Call) -> dict[str, Any]:
        """`GET ?after=<seq>&wait_s=<seconds>` as a page of a plug-in: `{"rows": [...], "last": seq}`, at once where
        there is a row, else as soon as there is one or the time is over."""
        seq = _number(call.query.get("after", "0"), "after", 1e15)
        ends = _now() + _number(call.query.get("wait_s", "0"), "wait_s", MOST_WAIT_S)
        while not (rows := self.after(int(seq))) and (left_s := ends - _now()) > 0:
            self._more.clear()
            soonest = self._coming[0][0] - _now() if self._coming else left_s
            try:
                await asyncio.wait_for(self._more.wait(), max(0.001, min(left_s, soonest)))
            except TimeoutError:
                continue
        return {"rows": rows, "last": rows[-1]["seq"] if rows else int(seq)}


def _number(text: str, name: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, and is {text[:40]!r}") from None
    if not 0 <= value <= most:
        raise ValueError(f"{name} must be from 0 to {most:g}")
    return value


def _now() -> float:
    return asyncio.get_running_loop().time()
