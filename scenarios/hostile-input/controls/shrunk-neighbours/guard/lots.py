"""What we remember: of each lot its scans, of each supplier how many were refused."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from kinship import Array

SCANS = 3  # of these, the best grade counts
KEPT = 8


@dataclass
class Lot:
    """Scans that were flagged use up the three as well, so nobody can try until noise helps; they earn no grade."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    scans: int = 0
    best: str | None = None  # of the grades that count; "A" < "B" < "C"
    looks: list[Array] = field(default_factory=list)  # clean readings of the scans that were graded

    def better(self, grade: str) -> bool:
        """Whether `grade` would be more than this lot ever had."""
        return self.best is not None and grade < self.best

    def unlike(self, clean: Array) -> float:
        """The distance from the scan that it resembles most."""
        return float(min(np.linalg.norm(clean - look) for look in self.looks))

    def graded(self, grade: str, clean: Array) -> str:
        """Counts a scan; answers the grade that it may have."""
        self.scans += 1
        if self.best is None or (self.better(grade) and self.scans <= SCANS):
            self.best = grade
        if len(self.looks) < KEPT:
            self.looks.append(clean)
        return max(grade, self.best)

    def flagged(self) -> None:
        self.scans += 1


@dataclass
class Supplier:
    """Nobody is banned: honest suppliers have stolen meters. The tally only goes into the reason of a record."""

    asked: int = 0
    refused: int = 0


class Memory:
    def __init__(self) -> None:
        self.lots: defaultdict[str, Lot] = defaultdict(Lot)
        self.suppliers: defaultdict[str, Supplier] = defaultdict(Supplier)
