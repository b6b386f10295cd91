"""What the experiment does: a season begins, features are registered, training sets are asked for."""

from __future__ import annotations

from grader.labkit import control, current, read

LOOK_S, COMES_S = 0.05, 12.0


def pulse(body: bytes) -> tuple[None, str]:
    """A look of which only the time counts."""
    return None, "asked"


def plan(seed_of: int) -> bool:
    """A season of its own begins; whether the shop has it."""
    return bool(control("shop", 9000, "/plan", {"seed": int(seed_of)})["seed"] == int(seed_of))


def act(do: str, k: int = 0) -> bool:
    """Register features (`base`, `later`), edit some in place (`edits`), or ask for a training set (`batch`)."""
    control("shop", 9000, "/act", {"do": do, "k": int(k)})
    return True


def asked(what: str) -> bool:
    """Whether all of these were asked of the feature store, by now or soon."""
    return _soon(lambda state: what in state["registered"])


def came(batches: int) -> bool:
    """Whether so many training sets have come, or were given up, by now or soon."""
    return _soon(lambda state: len(state["batches"]) == int(batches))


def _soon(holds: object) -> bool:
    assert callable(holds)
    by = current().now() + COMES_S
    while not holds(read("shop", 9000, "/ledger")):
        if current().now() > by or current().hurry.wait(LOOK_S):
            return bool(holds(read("shop", 9000, "/ledger")))
    return True
