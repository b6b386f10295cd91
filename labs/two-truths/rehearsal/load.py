"""Customers at the checkout, and the rows of two training sets. Truth is the world's own, in exact decimals."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.labkit import Request, world

with world(__file__):
    from definitions import BASE
    from season import BATCH, Season
    from truth import same

GIVEN_UP_S, WAITS_S = 1.2, 14.0
AGREES = 1e-12  # twelve digits
MODEL = {one.name for one in BASE}


@dataclass(frozen=True)
class Asked(Request):
    """`number` is the checkout's, or that of a batch times BATCH and the row's."""

    number: int = 0


class Traffic:
    """`seed_of` is what the season is drawn from. Without it, in the everyday, nothing is judged."""

    target = "http://shop:8000"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._phases = {each["phase"]: each for each in parameters["timeline"]}
        self._season = Season(int(parameters["seed_of"])) if "seed_of" in parameters else None
        self._online: dict[int, dict[str, Any]] = {}

    def request(self, n: int) -> Asked:
        """The n-th arrival: a checkout, or a row of a training set."""
        rows = self._phases.get("rows")
        if rows is not None and n >= rows["first"]:
            return self._row((n - rows["first"]) % (2 * BATCH))
        kind = "" if self._season is None else self._season.checkouts[n].kind
        return Asked("POST", f"/checkouts/{n}", "checkout", segment=kind, timeout_s=GIVEN_UP_S, number=n)

    def _row(self, number: int) -> Asked:
        batch, row = divmod(number, BATCH)
        kind = "" if self._season is None else self._season.batches[batch][row].kind
        return Asked("GET", f"/rows/{batch}/{row}", "row", segment=kind, timeout_s=WAITS_S, number=number)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """`right`, `wrong NAME` (the first value that is not as defined), `lacking` (one is not there), `none`; of a
        checkout `doubtful` (all are right, but a version was changed with a 201, or refused as it was); of a row whose
        moment was a checkout's `same` or `differs NAME`: it is held to what was said then."""
        assert isinstance(request, Asked)
        if status != 200:
            return "none"
        answered: dict[str, Any] = json.loads(body)
        said: dict[str, Any] = answered["values"]
        if self._season is None:
            return "right"
        if request.name == "checkout":
            self._online[request.number] = said
            word = self._judged(said, self._season.values(self._season.checkouts[request.number]))
            return "doubtful" if word == "right" and answered.get("doubt") else word
        batch, row = divmod(request.number, BATCH)
        moment = self._season.batches[batch][row]
        if moment.kind != "agree":
            return self._judged(said, self._season.truth[batch][row])
        then = self._online.get(moment.pair, {})
        names = self._season.sets[moment.set]
        bad = (name for name in names if not (name in then and name in said and _alike(then[name], said[name])))
        return _word("same", "differs", bad)

    def _judged(self, said: Mapping[str, Any], true: Mapping[str, float | None]) -> str:
        if any(name not in said for name in true):
            return "lacking"
        return _word("right", "wrong", (name for name in true if not same(true[name], said[name])))


def _word(good: str, bad: str, of: Iterator[str]) -> str:
    """The good word if nothing is bad; else the bad one, and of which feature first. New ones have no telling names."""
    first = next(of, None)
    return good if first is None else f"{bad} {first if first in MODEL else 'new'}"


def _alike(then: Any, said: Any) -> bool:
    """Whether two values are the same, to twelve digits; what is neither null nor a number is like nothing."""
    return (
        then is None
        if said is None
        else isinstance(then, int | float) and not isinstance(then, bool) and same(then, said, AGREES)
    )
