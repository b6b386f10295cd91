"""What each release of a time is made from: its table, its trainer, its parameters. All of it is drawn."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from common.names import generator
from tables import DISTRICTS, FEET, YEAR, Broken, table
from trainer import PARTS, train

EACH = 3


@dataclass(frozen=True)
class Made:
    """A release, by what it has to be trained from. `date` is the night's."""

    night: int
    date: str
    code: str
    params: dict[str, int]
    broken: Broken | None
    seed: int

    @cached_property
    def table(self) -> str:
        """The table as it is then."""
        return table(self.seed, self.night, self.broken)

    @cached_property
    def table_sha256(self) -> str:
        """Of its bytes."""
        return sha256(self.table.encode())

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """What the trainer makes of it."""
        return {name: train(name, self.table, self.code, self.params) for name in PARTS}

    @property
    def record(self) -> dict[str, Any]:
        """What has to be known of it later."""
        parts = {name: sha256(data) for name, data in self.parts.items()}
        return {"table_sha256": self.table_sha256, "code": self.code, "params": self.params, "parts": parts}


class Days:
    """Releases 1, 2, 3 and so on, from a seed. `before`: so many nights lie before the first."""

    def __init__(self, seed: int, before: int = 0) -> None:
        self.seed, self._before = seed, before
        self._releases: dict[int, Made] = {}

    def release(self, k: int) -> Made:
        """The k-th."""
        if k not in self._releases:
            self._releases[k] = self._made(k + EACH - self._before, k)
        return self._releases[k]

    def _made(self, turn: int, k: int) -> Made:
        """Each night has a trainer of its own. The first is of the second's night, with other parameters. Every third
        is of the night before it, with its trainer and parameters, and only the table is another: a broken one."""
        night = _night(turn + 1 if k == 1 else turn)
        begins, code = generator(self.seed, "begins"), generator(self.seed, "code").randint(2, 90)
        first = datetime.date(2026, 1, 1) + datetime.timedelta(days=begins.randrange(300))
        rng = generator(self.seed, "params", night)
        params = {"shrink": rng.randint(5, 90), "trim": rng.randint(3, 60)}
        if k == 1:
            params["shrink"] += rng.randint(20, 90)
        how = generator(self.seed, "broken", turn)
        broken = Broken(how.choice((FEET, YEAR)), how.choice(DISTRICTS)) if turn % EACH == 0 and k > 1 else None
        date = (first + datetime.timedelta(days=night)).isoformat()
        return Made(night, date, f"fit-{code + night}", params, broken, self.seed)


def _night(turn: int) -> int:
    """No night passes before every third."""
    return turn - turn // EACH


def sha256(data: bytes) -> str:
    """In hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
