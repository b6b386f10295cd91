"""The lab's world, imported as the casebook imports it, and what any doctor makes of its cells, without a network."""

from __future__ import annotations

import importlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import modules
from tests.labs.modules import importable

LAB = find_lab("fault-domain").folder
SCENARIO = find_scenario(find_lab("fault-domain"))
draw = import_file(SCENARIO.folder / "draw.py")

Words = dict[str, Counter[str]]


@pytest.fixture(scope="session")
def yard() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB / "world")


@pytest.fixture(scope="session")
def make(yard: Any) -> Callable[..., Any]:
    """Makes a cell with something wrong, or more."""

    def made(*kinds: str, number: int = 0) -> Any:
        return yard.cell.Cell(8, {"id": f"c{number}", "kinds": kinds})

    return made


@pytest.fixture(scope="session")
def diagnosed(yard: Any) -> Callable[[Path, Sequence[Mapping[str, Any]]], Words]:
    """Gives cases to the doctor in a folder; counts the words that are told, by aspect."""

    def play(folder: Path, cases: Sequence[Mapping[str, Any]]) -> Words:
        words: Words = defaultdict(Counter)
        with importable(folder):
            client, triage = importlib.import_module("cell").Cell, importlib.import_module("triage")
            for case in cases:
                cell = yard.cell.Cell(5, case)
                try:
                    domains, _ = triage.diagnose(near(client, cell))
                except Exception:  # a doctor's own: it answers 500, which is no answer
                    words.update({aspect: words[aspect] + Counter(none=1) for aspect in case["asked"]})
                    continue
                for aspect in case["asked"]:
                    words[aspect][yard.verdict.word_of(aspect, case["kinds"], cell, set(domains))] += 1
        return words

    return play


def near(client: type[Any], cell: Any) -> Any:
    """A doctor's own client whose tests come straight from a cell."""

    class Near(client):  # type: ignore[misc]
        def __init__(self) -> None:
            pass

        def _ask(self, method: str, test: str, body: Any = None) -> Any:
            name, _, query = test.partition("?")
            return json.loads(json.dumps(cell.test(f"{method} {name}", dict(parse_qsl(query)), body)))

    return Near()
