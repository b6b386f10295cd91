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
        crashes: runs that were killed in a paid call, or that had paid for something and whose write was stopped: each
            may have lost one step. A crash in an announcement loses none.
        too_much: the first moment at which more steps had been redone than there had been crashes, in words.
        announced: idempotency keys (made-up ones for announcements without) and the SHA-256 of what they announced.
        sent: all keys that went out of the registry, of whatever tenant and night, and whose they were: shared by all.
        owner: whose this ledger is, in `sent`.
        torn: the first thing that a reader found that was no whole artefact, in words.
        refused: calls of runs that were over.
    """

    paid: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    crashes: int = 0
    too_much: str = ""
    announced: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    owner: str = ""
    torn: str = ""
    refused: int = 0

    def pay(self, things: Sequence[str]) -> None:
        """One paid call for these things."""
        self.calls += 1
        self.paid.update(things)
        if self.redone > self.crashes and not self.too_much:
            which = f"call {self.calls}, for {things[0]}"
            self.too_much = f"{self.redone} steps were done again, where {self.crashes} may have been lost ({which})"

    @property
    def redone(self) -> int:
        """Steps that were paid for again: a page, a page's worth of texts, or the labels."""
        again = dict.fromkeys(("page", "text", "label"), 0)
        for thing, times in self.paid.items():
            again[thing.partition("/")[0]] += times - 1
        return again["page"] + math.ceil(again["text"] / PAGE) + math.ceil(again["label"] / (PAGE * PAGES))

    @property
    def labelled(self) -> int:
        """Of how many documents labels were paid for."""
        return sum(thing.startswith("label/") for thing in self.paid)

    @property
    def progress(self) -> float:
        """How many steps' worth was paid for, each thing once."""
        once = Counter(thing.partition("/")[0] for thing in self.paid)
        return once["page"] + once["text"] / PAGE + once["label"] / (PAGE * PAGES)

    def announce(self, key: str | None, sha256: str) -> bool:
        """An announcement; whether it is news: one whose key was there before is not, nor does it go out if that was
        another tenant's or another night's."""
        key = key if key is not None else f"without a key, {self.owner}, {len(self.announced)}"
        if self.sent.setdefault(key, self.owner) != self.owner:
            return False
        news = key not in self.announced
        self.announced.setdefault(key, sha256)
        return news

    def found_torn(self, how: str) -> None:
        """A reader found no whole artefact."""
        self.torn = self.torn or how
