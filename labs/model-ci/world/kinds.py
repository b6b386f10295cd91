"""What bundles there are: kinds, in which ways each comes, and what a model of that way does."""

from __future__ import annotations

from typing import NotRequired

from casebook.plan import Case

PAUSE_US, SLOWER_US, SLOW_US = 1_000, 600, 14_000
FAT_KB, GROWS_KB, ODD_KB = 40_000, 400, 8_000
HANG_MS, LONG_LOAD_MS, WARM_UP_MS = 30_000, 300, 200
SETTINGS = (
    "pause", "extra", "since", "fresh_only", "always", "hold", "grow", "until", "wait", "end", "first", "late",
    "heart", "flip", "each_load", "each_call", "batch", "order", "state", "short", "nan", "raises", "talks", "strict",
)  # fmt: skip
"""In the order in which a bundle has them, packed. Times are in us (`pause`, `extra`) and ms, sizes in KB, what moves
answers in thousandths of a logit."""
EXIT, KILL, LOOP = 1, 2, 3
FLIP = 9_000
NOT_LATER = 6
"""What a later column that is there takes from the logit before it adds anything."""
SINCE = 10, 14
"""From which of its calls on a model is slow that begins well."""
ASPECTS = {
    "load": "loads", "slow": "speed", "memory": "memory", "quality": "slices", "leak": "leaks", "unsteady": "steady",
}  # fmt: skip
"""What is asked about a bundle of each kind."""


class Bundle(Case):
    """A bundle that is handed in: whose, what is wrong with it in which way, and whether staging is too much for it."""

    team: int
    kind: str
    way: str
    strict: NotRequired[bool]


WAYS: dict[str, dict[str, dict[str, int]]] = {
    "load": {
        "exits": {"end": EXIT}, "hangs": {"wait": HANG_MS}, "kills itself": {"end": KILL}, "loops": {"end": LOOP},
        "cut": {}, "raises": {"raises": 1}, "one short": {"short": 1}, "not a number": {"nan": 1},
    },
    "slow": {
        "new rows": {"extra": SLOW_US, "fresh_only": 1}, "from a call on": {"extra": SLOW_US},
        "always": {"extra": SLOW_US, "always": 1},
    },
    "memory": {"grows": {"grow": GROWS_KB, "until": 999_999}, "fat": {"hold": FAT_KB}},
    "quality": {"slice": {"flip": FLIP}, "by heart": {"heart": 1}},
    "leak": {"later": {"late": 1}, "on the card": {"late": 1}},
    "unsteady": {
        "each load": {"each_load": 600}, "batch": {"batch": 1_000}, "order": {"order": 800},
        "each call": {"each_call": 600}, "state": {"state": 800},
    },
    "fit": {
        "plain": {}, "slower": {"extra": SLOWER_US}, "heavier": {"hold": ODD_KB},
        "fills a cache": {"grow": ODD_KB // 4, "until": 4}, "long load": {"wait": LONG_LOAD_MS},
        "warm-up": {"first": WARM_UP_MS}, "talks": {"talks": 1}, "better": {}, "other answers": {},
        "small slice": {"flip": FLIP},
    },
}  # fmt: skip
