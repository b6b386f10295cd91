"""What adjusters say of claims: late, those of hard claims later, for four of five, and one in twenty is corrected."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from call_faults.vocabulary import draw
from model_pool.late import PAGE, Late
from truth import HARD, other

if TYPE_CHECKING:
    from casebook.calls import Call

SHARE, LATE_S = 0.8, (0.4, 1.0)
HARD_LATER_S = (1.2, 1.6)
CORRECTED = 0.05
EVERY_S = 0.1


class Labels(Late):
    """Of all days: its numbers go on."""

    def __init__(self) -> None:
        super().__init__("labels", share=SHARE, delay_s=LATE_S)

    def say(self, id: str, policy: str, level: str, true: str) -> None:
        """A claim was decided: what is true of it will be known."""
        rows: list[dict[str, Any]] = [{"policy": policy, "label": true}]
        if draw("corrected", id) < CORRECTED:
            rows.insert(0, {"policy": policy, "label": other(true)})
        least, most = HARD_LATER_S if level == HARD else (0.0, 0.0)
        later_s = least + (most - least) * draw("later", id)
        asyncio.get_running_loop().call_later(later_s, lambda: self.know(id, *rows))

    async def page(self, call: Call) -> dict[str, Any]:
        """As of `Late`, ten times a second at most: a hundred labels a second would else be a call each."""
        await asyncio.sleep(EVERY_S)
        return await super().page(call)

    def last(self) -> int:
        """The number of the last row that can be seen."""
        found = self._seen
        while rows := self.after(found):
            found = self._seen = rows[-1]["seq"]
        return found

    def since(self, seq: int) -> list[dict[str, Any]]:
        """What can be seen by now and is newer, 1,000 rows at most."""
        return self.after(seq, PAGE)

    _seen = 0
