"""Users' thumbs: four of five users give one. One down comes later, since who has a wrong answer has to find out."""

from __future__ import annotations

import asyncio
from typing import Any

from model_pool.late import Late

SHARE, LATE_S = 0.8, (0.2, 0.4)
LATER_S = 0.55  # so much later is a thumb down


class Thumbs(Late):
    """Of all days: its numbers go on."""

    def __init__(self) -> None:
        super().__init__("thumbs", share=SHARE, delay_s=LATE_S)

    def say(self, ticket: str, row: dict[str, Any]) -> None:
        """What the user of a ticket says of an answer; `row["good"]` is whether it was right."""
        asyncio.get_running_loop().call_later(0.0 if row["good"] else LATER_S, self.know, ticket, row)
