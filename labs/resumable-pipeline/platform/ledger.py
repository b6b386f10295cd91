"""What the platform has seen of one tenant's night: what was paid for, what was announced, what readers found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tenants import PAGE, PAGES


@dataclass
class Ledger:
    """Counts of one night.

    Attributes:
        paid: how often each thing was paid for: `page/<n>`, `text/<id>`, `label/<id>`.
        calls: paid calls in all.
        crashes: runs that were killed, or whose write was stopped.
        too_much: the first moment at which more steps had been redone than there had been crashes, in words.
        announced: idempotency keys (made-up ones for announcements without) and the SHA-256 of what they announced.
        torn: the first thing that a reader found that was no whole artefact, in words.
        refused: calls of runs that were over.
    """

    paid: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    crashes: int = 0
    too_much: str = ""
    announced: dict[str, str] = field(default_factory=dict)
    torn: str = ""
    refused: int = 0

    def pay(self, things: Sequence[str]) -> None:
        """One paid call for these things."""
        self.calls += 1
        self.paid.update(things)
        if self.redone > self.crashes and not self.too_much:
            which = f"call {self.calls}, for {things[0]}"
            self.too_much = f"{self.redone} steps were done again after {self.crashes} crashes ({which})"

    @property
    def redone(self) -> int:
        """Steps that were paid for again: a page, a page's worth of texts, or the labels."""
        again = dict.fromkeys(("page", "text", "label"), 0)
        for thing, times in self.paid.items():
            again[thing.partition("/")[0]] += times - 1
        return again["page"] + math.ceil(again["text"] / PAGE) + math.ceil(again["label"] / (PAGE * PAGES))

    def announce(self, key: str | None, sha256: str) -> bool:
        """An announcement; whether it is news: one whose key was there before is not."""
        key = key if key is not None else f"without a key, {len(self.announced)}"
        news = key not in self.announced
        self.announced.setdefault(key, sha256)
        return news

    def found_torn(self, how: str) -> None:
        """A reader found no whole artefact."""
        self.torn = self.torn or how
