"""A submission whose every run hangs is told so before its exam is over: else nobody could say that it is wrong."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from candidate_runs import Run
from cited_cases import runs

from grader.course import catalog
from grader.course.casebook import drawn
from grader.course.spec import Scenario
from tests.labs.cast.one_loop import played
from tests.labs.virtual import Ways

SPARE = 0.1
"""Of an exam's time: for the lab's own work."""
LABS = [
    lab for lab in catalog.lab_ids() if "cited_cases" in (catalog.find_lab(lab).folder / "compose.yaml").read_text()
]


def constants(world: Path) -> dict[str, Any]:
    """What a module sets to plain values, by name. It is not imported: it needs what an image has."""
    found: dict[str, Any] = {}
    for line in ast.parse(world.read_text()).body:
        match line:
            case ast.Assign(targets=[ast.Tuple(names)], value=ast.Tuple(values)):
                pairs: Sequence[tuple[ast.expr, ast.expr]] = list(zip(names, values, strict=True))
            case ast.Assign(targets=[name], value=value):
                pairs = [(name, value)]
            case _:
                continue
        found |= {
            key.id: value.value for key, value in pairs if isinstance(key, ast.Name) and isinstance(value, ast.Constant)
        }
    return found


async def hangs(on: Any, service: str, name: str, arguments: Any, limit_s: float, **_: Any) -> Run:
    """As `candidate_runs.run`, of code that never ends."""
    await asyncio.sleep(limit_s)
    return Run(name, signal=9, seconds=limit_s, why="the run was not over")


async def told_after(cases: Sequence[Any], lanes: int, limit_s: float) -> float:
    """When the last case of a plan has its word, seconds from its begin, if each of its runs hangs."""
    writer = runs.Writer("writer", limit_s)

    async def play(lane: Sequence[Any]) -> None:
        for case in lane:
            assert (await writer.write(Ways(lambda *_: None), case["id"], {})).word == "none"

    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(play(cases[place::lanes]) for place in range(lanes)))
    return asyncio.get_running_loop().time() - begun


@pytest.mark.parametrize(
    "find, seed", [(catalog.find_scenario, 1), (catalog.rehearsal, None)], ids=["exam", "rehearsal"]
)
@pytest.mark.parametrize("lab_id", LABS)
def test_code_whose_every_run_hangs_is_told_so_in_time(
    lab_id: str, find: Any, seed: int | None, monkeypatch: Any
) -> None:
    lab = catalog.find_lab(lab_id)
    scenario: Scenario = find(lab)
    world = constants(lab.folder / "world" / "world.py")
    monkeypatch.setattr(runs, "run", hangs)

    needed_s = played(told_after(drawn(lab.folder, seed)["cases"], world["LANES"], world["RUN_S"]))

    assert scenario.spec.casebook is not None
    assert needed_s <= (1 - SPARE) * scenario.spec.casebook.waiting
