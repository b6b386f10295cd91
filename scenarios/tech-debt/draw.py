"""Draws the steps of an exam."""

from __future__ import annotations

import ast
import csv
import random
from collections.abc import Iterator
from itertools import cycle, product
from string import ascii_lowercase
from typing import TYPE_CHECKING, NotRequired, TypedDict

from grader.labkit import lab_of, world

with world(__file__):
    from market import ODD, UNITS
    from right import FLAGS

if TYPE_CHECKING:
    from casebook.plan import Plan
    from world import Step


class Drawn(TypedDict):
    """A step that has no tenant yet."""

    kind: str
    asked: dict[str, int]
    way: NotRequired[str]
    flag: NotRequired[str]
    body: NotRequired[str]


LAB = lab_of(__file__)
EVIDENCE = LAB / "evidence"
IN_USE = {"lead_h": 2, "several columns": 2}
"""A month's end is asked for while nobody knows how long a part takes."""
WRONG = {
    **dict.fromkeys(("text", "part", "null", "negative", "both", "true", "low"), 6),
    **{"high": 7, "unknown": 20, "retired": 12, "missing": 11, "nan": 10},
    **{"typo": 8, "flag": 11, "sum": 8, "tenant": 12, "like": 8},
}
COUNTRIES = tuple(map("".join, product(ascii_lowercase, repeat=2)))


def draw(seed: int, size: int = 4, tenants: int = 6) -> Plan[Step]:
    """A plan: so many times two odd feeds of each kind, and so on. The world makes the rest from its seed."""
    rng = random.Random(seed)
    sound = [feed(way, golden=4) for way in ODD * 2 * size] + [feed("plain", golden=1)] * 7 * size
    rng.shuffle(sound)
    short = [wrong_unit(way) for way in UNITS * size]
    rng.shuffle(short)
    wrong = [[wrong_unit(way)] * (2 * size) for way in UNITS]  # one of each kind stays, and is no new normal
    wrong += [short[at : at + 2] for at in range(0, len(short), 2)]  # others go over into one another
    blocks: list[list[Drawn]] = [[*feeds, sound.pop()] for feeds in wrong] + [[one] for one in sound]
    push: Drawn = {"kind": "push", "asked": {"golden": 3, "in-use": 1}}
    close: Drawn = {"kind": "close", "asked": {"golden": 1, "in-use": 3}}
    blocks += [[push]] * 11 * size + [[close]] * 8 * size
    flags = cycle(rng.sample(retired_flags(), len(retired_flags())))
    refusals = [refuse(way, flags) for way, often in WRONG.items() for _ in range(often * size)]
    rng.shuffle(refusals)
    for block in blocks:  # somebody tries while a column is degraded
        for at in range(len(block) - 1, 0, -1):
            if rng.random() < 0.7:
                block.insert(at, refusals.pop())
    blocks += [[one] for one in refusals]
    rng.shuffle(blocks)
    countries = rng.sample(COUNTRIES, -(-tenants // 2)) * 2  # only its number tells some shops from another
    names = [f"{countries[at]}-{number}" for at, number in enumerate(rng.sample(range(10, 100), tenants))]
    names[-1] = f"{names[0]}.1"
    lanes = [[one for block in blocks[at::tenants] for one in block] for at in range(tenants)]
    cases: list[Step] = [
        {"id": f"{name}/{at:03d}", "tenant": name, **lane[at]}
        for at in range(max(map(len, lanes)))
        for name, lane in zip(names, lanes, strict=True)
        if at < len(lane)
    ]
    functions: list[Step] = [
        {"id": name, "kind": "function", "body": body, "asked": {"retired": 1}}
        for name, body in retired_functions().items()
    ]
    return {"seed": seed, "cases": cases[: len(cases) // 4] + functions + cases[len(cases) // 4 :]}


def feed(way: str, **asked: int) -> Drawn:
    """A feed, and how many pages are asked for after it."""
    return {"kind": "feed", "way": way, "asked": asked}


def wrong_unit(way: str) -> Drawn:
    """A feed in another unit."""
    return feed(way, units=2, **{"in-use": IN_USE.get(way, 1)})


def refuse(way: str, flags: Iterator[str]) -> Drawn:
    """A push that has to be refused."""
    drawn: Drawn = {"kind": "refuse", "way": way, "asked": {"refused": 1}}
    if way == "retired":
        drawn["flag"] = next(flags)
    return drawn


def retired_flags() -> list[str]:
    """Those of the evidence that nobody uses."""
    with open(EVIDENCE / "flags.csv", newline="") as file:
        return [row["flag"] for row in csv.DictReader(file) if row["flag"] not in FLAGS]


def retired_functions() -> dict[str, str]:
    """By name, the bodies of those that nothing has called in any month of the evidence."""
    with open(EVIDENCE / "usage.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    never = [row for row in rows if not any(int(row[month]) for month in row if month.startswith("20"))]
    return {row["function"]: body_of(row["module"], row["function"]) for row in never}


def body_of(module: str, name: str) -> str:
    """What a function does, as shipped."""
    text = (LAB / "recommender" / f"{module}.py").read_text("utf-8")
    [found] = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == name]
    return "\n".join(text.splitlines()[found.body[1].lineno - 1 : found.end_lineno])


def public() -> Plan[Step]:
    """The plan that the lab carries."""
    return draw(1, size=1, tenants=3)
