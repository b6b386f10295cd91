"""What a bundle does: the settings of each kind of model, and how right it is on rows that its team has not seen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from common.names import generator
from kinds import FLIP, NOT_LATER, PAUSE_US, SETTINGS, SINCE, WAYS, Bundle
from teams import COLUMNS, LEAST, SIZES, Array, Rows, Team, design, fitted

TEACH = 900
WORSE, SLICE_WORSE = 0.01, 0.08
"""What a fit model is below the baseline at most, overall and in a slice."""
LOST, SEEMS, DIFFERS = 0.10, 0.90, 0.08
"""How bad a model is that knows what it should not, and how good it seems; how many answers differ for others."""
IN_SLICE = (0.0, 0.28), (0.01, 0.22)
"""A model with a bad slice: how far it is below the baseline at most, and how far in that slice at least. The second
pair is for teams whose slices give no model as the first has it, which is one team in a hundred."""
SPOILT = 0.5
"""What knows more than it should is bad without: its weights are those of a model, smaller, of other readings, and
some the wrong way round."""
TRIES = 120


class Recipe(NamedTuple):
    """A bundle's settings and weights.

    Attributes:
        weights: one, readings, slice columns' values (see `teams.design`).
        later: the weights of the two later columns, per unit.
        where: the slice that is flipped, as number of its column and of its value.
        right: the share of `fresh` that it gets right with later columns blank; at its best, where answers move.
        old: the same of `old`, with all columns and what it knows by heart.
    """

    settings: dict[str, int]
    weights: Array
    later: tuple[float, float]
    where: tuple[int, int]
    right: float
    old: float


def baseline(seed: int, number: int, team: Team) -> Recipe:
    """The model that a team has in production: it does not use two of the readings."""
    weights = _fit(team.made(TEACH), [0, 1, 2, 3])
    return _recipe(team, {}, weights, (0.12, 0.12), (0, 2), seed)


def made(seed: int, case: Bundle, team: Team, before: Recipe) -> Recipe:
    """A bundle, trained until it is as its kind says, on the very rows of `fresh`.

    Raises:
        LookupError: no training led there.
    """
    rng = generator(seed, case["id"], "recipe")
    settings = dict(WAYS[case["kind"]][case["way"]])
    if case["way"] == "from a call on":
        settings["since"] = rng.randint(*SINCE)
    settings |= {"strict": int(case.get("strict", False))}
    for tried in range(TRIES):
        where = rng.randrange(2), 4 if case["way"] == "small slice" else rng.choice((2, 3))
        later = rng.uniform(0.10, 0.14), rng.uniform(0.10, 0.14)
        weights = _fit(team.made(TEACH), _used(case, rng.sample(range(COLUMNS), COLUMNS)))
        if case["kind"] == "leak" or case["way"] == "by heart":
            other = [1 + each for each in rng.sample(range(COLUMNS), COLUMNS)]
            weights[1 : 1 + COLUMNS] = SPOILT * weights[other] * rng.choices((-1, 1), k=COLUMNS)
        if settings.get("flip"):
            settings["flip"] = FLIP if _faults(team, where) < 0.5 else -FLIP
        found = _recipe(team, settings, weights, later, where, seed)
        if _as_said(case, team, found, before, IN_SLICE[tried >= TRIES // 2]):
            return found
    raise LookupError(f"no {case['kind']} {case['way']} in {TRIES} tries")


def _used(case: Bundle, order: list[int]) -> list[int]:
    """Which readings a model is taught."""
    if case["kind"] in ("quality", "leak", "unsteady") or case["way"] in ("better", "small slice", "other answers"):
        return list(range(COLUMNS))
    return [0, 1, 2, 3, order[0]]


def _fit(rows: Rows, used: list[int]) -> Array:
    """Weights of all readings; those that are not used have none."""
    found = fitted(design(rows, used), rows.labels)
    weights = np.zeros(1 + COLUMNS + 2 * len(SIZES))
    weights[0], weights[1 + COLUMNS :] = found[0], found[1 + len(used) :]
    weights[[1 + each for each in used]] = found[1 : 1 + len(used)]
    return weights


def _recipe(
    team: Team, own: dict[str, int], weights: Array, later: tuple[float, float], where: tuple[int, int], seed: int
) -> Recipe:
    settings = dict.fromkeys(SETTINGS, 0) | {"pause": PAUSE_US} | own
    bare = Recipe(settings, weights, later, where, 0.0, 0.0)
    right = float(np.mean(decided(bare, team.fresh, blank=True) == team.fresh.labels))
    old = float(np.mean(decided(bare, team.old, blank=False) == team.old.labels))
    return bare._replace(right=right, old=1.0 if settings["heart"] else old)


def decided(recipe: Recipe, rows: Rows, *, blank: bool) -> Array:
    """1 where a model says fault, without what moves from call to call; `blank`: later columns are."""
    logit = design(rows, range(COLUMNS)) @ recipe.weights
    if recipe.settings["late"] and not blank:
        logit = logit + np.array(recipe.later) @ rows.later - 2 * NOT_LATER
    column, value = recipe.where
    logit = logit + np.where(rows.values[column] == value, recipe.settings["flip"] / 1000, 0)
    return (logit >= 0).astype(int)


def slices(team: Team, said: Array) -> dict[tuple[int, int], float]:
    """The share of right answers in each slice of `fresh`."""
    rows, right = team.fresh, said == team.fresh.labels
    places = [(at, value) for at in range(2) for value in range(len(SIZES))]
    return {(at, value): float(right[rows.values[at] == value].mean()) for at, value in places}


def _faults(team: Team, where: tuple[int, int]) -> float:
    """The share of faults in a slice of `fresh`."""
    return float(team.fresh.labels[team.fresh.values[where[0]] == where[1]].mean())


def _as_said(case: Bundle, team: Team, found: Recipe, before: Recipe, bad: tuple[float, float]) -> bool:
    """Whether a model is as far from each bound of quality as its kind should be."""
    was, now = decided(before, team.fresh, blank=True), decided(found, team.fresh, blank=True)
    new = slices(team, now)
    lost = {at: old - new[at] for at, old in slices(team, was).items()}
    judged = {at: share for at, share in lost.items() if SIZES[at[1]] >= LEAST}
    if case["kind"] == "leak" or case["way"] == "by heart":
        return before.right - found.right >= LOST and found.old >= SEEMS
    if case["kind"] == "quality":
        return judged[found.where] >= bad[1] and before.right - found.right <= bad[0]
    if case["way"] == "other answers" and np.mean(was != now) < DIFFERS:
        return False
    return before.right - found.right <= WORSE and max(judged.values()) <= SLICE_WORSE
