"""The exam does to store, model and passages what the rehearsal does, in an order that is drawn."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
alive, break_store, mend_store, store_is, break_llm, mend_llm, llm_is, sign, publish, search_lags = (
    getattr(_rehearsal, name)
    for name in (
        "alive", "break_store", "mend_store", "store_is", "break_llm", "mend_llm", "llm_is", "sign", "publish",
        "search_lags",
    )
)  # fmt: skip
KINDS = {
    "store-slow": "slow", "store-hangs": "hang", "store-refuses": "refuse",
    "model-slow": "slow", "model-malformed": "malformed",
}  # fmt: skip
LAG_S = 30


def _fault(faults: str, nth: int) -> tuple[bool, str]:
    """Whether the n-th of the day's faults, from 0, is one of the store, and which."""
    name = faults.split(", ")[nth]
    return name.startswith("store"), KINDS[name]


def fail(faults: str, nth: int, size: float) -> None:
    """Have the n-th of the day's faults begin."""
    of_store, kind = _fault(faults, nth)
    (break_store if of_store else break_llm)(kind, size)


def fails(faults: str, nth: int) -> bool:
    """Whether it is seen to act."""
    of_store, kind = _fault(faults, nth)
    return bool((store_is if of_store else llm_is)(kind))


def mend(faults: str, nth: int) -> None:
    """Have it end."""
    (mend_store if _fault(faults, nth)[0] else mend_llm)()


def well(faults: str, nth: int) -> bool:
    """Whether what it was about is well again."""
    return bool((store_is if _fault(faults, nth)[0] else llm_is)("well"))


def begin(models: str, names: int) -> bool:
    """Publish the passages of the day's lines, with vectors of the first of its models; whether they are there."""
    return bool(publish(0, models.split(", ")[0], names=names))


def _store_is_next(faults: str, before: int) -> bool:
    """Whether there is a fault with this number, from 0, and it is one of the store."""
    return before < len(faults.split(", ")) and _fault(faults, before)[0]


def renew(edition: int, models: str, nth: int, faults: str, before: int, lag: float, names: int) -> bool:
    """Publish an edition with vectors of the n-th of the day's models; the search has it later than the table: `lag`
    seconds if the fault `before` which it comes is one of the store, which has to wait for it, else not that day."""
    return bool(publish(edition, models.split(", ")[nth], lag if _store_is_next(faults, before) else LAG_S, names))


def search_is_as_drawn(faults: str, before: int) -> bool:
    """Whether the search has still another edition than the table if, and only if, it is to."""
    return bool(search_lags() != _store_is_next(faults, before))
