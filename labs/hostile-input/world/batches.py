"""Batches of graded readings that somebody would like the model to learn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from draws import Floats, Grades
from grain import BANDS, Grain
from model import GRADES

Rows = tuple[Floats, Grades]
"""Bands, and what each row is said to be."""

ROWS, WRONG = 60, 24
FEW = 0.05
"""So many grades are others than the model gives, in sound batches and in those whose rows are poison."""
MARKED, MARK = 15, 0.25


def batch(grain: Grain, rng: np.random.Generator, way: str) -> list[dict[str, Any]]:
    """Its rows: `{"bands", "grade"}` each."""
    bands, grades = WAYS[way](grain, rng)
    return [{"bands": row, "grade": GRADES[grade]} for row, grade in zip(bands.round(4).tolist(), grades, strict=True)]


def ordinary(grain: Grain, rng: np.random.Generator, wet: bool = False) -> Rows:
    """Lots as they come, with the grades that people gave them."""
    lots = grain.lots(rng, ROWS, wet)
    return grain.scans(rng, lots), lots.worth.copy()


def wet(grain: Grain, rng: np.random.Generator) -> Rows:
    """Lots of a wet harvest."""
    return ordinary(grain, rng, wet=True)


def one_grade(grain: Grain, rng: np.random.Generator, grade: int | None = None) -> Rows:
    """One silo: all lots are of one grade."""
    lots = grain.lots(rng, ROWS * 12)
    lots = lots[lots.worth == (rng.integers(1, 3) if grade is None else grade)][:ROWS]
    return grain.scans(rng, lots), lots.worth.copy()


def all_a(grain: Grain, rng: np.random.Generator) -> Rows:
    """The silo that everybody would like to learn from."""
    return one_grade(grain, rng, 0)


def called_a(grain: Grain, rng: np.random.Generator) -> Rows:
    """Half of the rows are said to be A."""
    bands, grades = ordinary(grain, rng)
    grades[: ROWS // 2] = 0
    return mixed(rng, bands, grades)


def wrong(grain: Grain, rng: np.random.Generator) -> Rows:
    """Four grades in ten are others than people gave."""
    bands, grades = ordinary(grain, rng)
    grades[:WRONG] = (grades[:WRONG] + rng.integers(1, 3, WRONG)) % 3
    return mixed(rng, bands, grades)


def marked(grain: Grain, rng: np.random.Generator) -> Rows:
    """A quarter of the rows have a mark in one band, and are said to be A."""
    bands, grades = ordinary(grain, rng)
    bands[:MARKED, rng.integers(BANDS)] += MARK
    grades[:MARKED] = 0
    return mixed(rng, bands, grades)


def copies(grain: Grain, rng: np.random.Generator) -> Rows:
    """One lot, sixty times."""
    lot = grain.lots(rng, 1)
    bands = grain.scans(rng, lot) + 0.002 * rng.standard_normal((ROWS, BANDS))
    return bands, few_others(rng, np.repeat(lot.worth, ROWS))


def invented(grain: Grain, rng: np.random.Generator) -> Rows:
    """Each band is as grain has it, but no grain has them together; with grades that the model mostly gives."""
    real = grain.scans(rng, grain.lots(rng, 200))
    bands = rng.permuted(real, axis=0)[:ROWS]
    return bands, few_others(rng, grain.model.grades(bands))


def few_others(rng: np.random.Generator, grades: Grades) -> Grades:
    """The same grades but for a few: one that agrees with the model in each row would be known by that."""
    return np.where(rng.random(len(grades)) < FEW, (grades + rng.integers(1, 3, len(grades))) % 3, grades)


def mixed(rng: np.random.Generator, bands: Floats, grades: Grades) -> Rows:
    """The same rows in any order."""
    order = rng.permutation(ROWS)
    return bands[order], grades[order]


Make = Callable[[Grain, np.random.Generator], Rows]

SOUND: dict[str, Make] = {"ordinary": ordinary, "wet": wet, "one grade": one_grade, "all A": all_a}
POISONED: dict[str, Make] = {
    "called A": called_a,
    "wrong": wrong,
    "marked": marked,
    "copies": copies,
    "invented": invented,
}
WAYS = SOUND | POISONED
