"""Documents: what the meter takes is what OpenSLO's own schema takes, and says no to all else in one sentence.

`openslo.schema.json` says in our words what `schemas/v1` of OpenSLO/OpenSLO asks of the kinds SLO and AlertPolicy, at
the commits af4ba87 and 9bd7d90; where those differ, what is stricter.
"""

from __future__ import annotations

import copy
import importlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from plainyaml import NotPlain

from grader.course.catalog import find_lab, find_scenario
from grader.intake.controls import stage_control
from tests.labs.modules import importable

SCENARIO = find_scenario(find_lab("define-the-slo"))
SCHEMA = Draft7Validator(json.loads((Path(__file__).parent / "openslo.schema.json").read_text("utf-8")))
A_MONTH = 30 * 1440
WORKBOOK = [
    (14.4, 60, 5, "page", 0.02),
    (6, 360, 30, "page", 0.05),
    (1, 3 * 1440, 360, "ticket", 0.1),
]
"""The Site Reliability Workbook, chapter 5, the table of recommended parameters: burn rate, long and short window in
minutes, whom it tells, and the share of a month's budget that is gone by then."""


@pytest.fixture(scope="module")
def written() -> Iterator[ModuleType]:
    with importable(SCENARIO.lab.folder / "world"):
        yield importlib.import_module("written")


def submitted(control: str, scratch: Path) -> dict[str, str]:
    folder = stage_control(SCENARIO, control, scratch).path / "slo"
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))}


def parsed(files: dict[str, str]) -> list[Any]:
    return [each for text in files.values() for each in yaml.safe_load_all(text)]


def read(written: ModuleType, docs: list[Any]) -> Any:
    return written.promise([("a.yaml", document) for document in docs])


@pytest.fixture
def reference(tmp_path: Path) -> list[Any]:
    return parsed(submitted("reference", tmp_path / "reference"))


@pytest.mark.parametrize("control", SCENARIO.controls)
def test_openslo_takes_what_every_control_hands_in(control: str, tmp_path: Path) -> None:
    for document in parsed(submitted(control, tmp_path)):
        assert [error.message for error in SCHEMA.iter_errors(document)] == []


def test_the_reference_has_the_windows_of_the_workbook(written: ModuleType, reference: list[Any]) -> None:
    policies = sorted(read(written, reference).policies, key=lambda policy: -policy.threshold)

    said = [(each.threshold, each.long, each.short, *each.tells) for each in policies]
    assert said == [line[:4] for line in WORKBOOK]
    spent = [each.threshold * each.long / A_MONTH for each in policies]
    assert spent == pytest.approx([line[4] for line in WORKBOOK])
    assert [each.long // each.short for each in policies] == [12] * 3


def spots(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a document."""
    keys = document.keys() if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    for key in keys:
        yield (*path, key)
        yield from spots(document[key], (*path, key))


NUMBERS, TEXTS = [0, 1, -1, 0.5, 1e9, float("nan")], ["", "x" * 2000, "Big Name", "5m", "0m", "1M"]
ODD = [None, True, *NUMBERS, *TEXTS, [], {}, ["page"], {"a": 1}]


def test_what_the_meter_takes_openslo_takes(written: ModuleType, reference: list[Any]) -> None:
    rng, taken = random.Random(3), 0
    for _ in range(1_500):
        docs = copy.deepcopy(reference)
        path = rng.choice(list(spots(docs)))
        inside = docs
        for key in path[:-1]:
            inside = inside[key]
        what = rng.randrange(3)
        if what == 0:
            del inside[path[-1]]
        elif what == 1 or not isinstance(inside, list):
            inside[path[-1]] = copy.deepcopy(rng.choice(ODD))
        else:
            inside.append(copy.deepcopy(inside[0]))
        try:
            read(written, docs)
        except NotPlain as error:
            assert "\n" not in str(error) and len(str(error)) < 600
            continue
        taken += 1
        assert [error.message for each in docs for error in SCHEMA.iter_errors(each)] == [], path
    assert 50 < taken < 700


def change(document: Any, *path: Any, to: Any) -> None:
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = to


CONDITION = ("spec", "conditions", 0, "spec", "condition")
SOURCE = ("spec", "indicator", "spec", "ratioMetric", "good", "metricSource")


@pytest.mark.parametrize(
    ("at", "path", "to", "why"),
    [
        (0, ("spec", "objectives", 0, "target"), 1, "target: Input should be less than 1"),
        (0, ("spec", "objectives", 0, "target"), 99.5, "target: Input should be less than 1"),
        (0, ("spec", "timeWindow", 0, "duration"), "28d", "duration: Input should be '30d'"),
        (0, ("spec", "alertPolicies"), ["fast"], "AlertPolicy medium: the SLO does not name it"),
        (0, ("spec", "alertPolicies", 0), "faster", "there is no AlertPolicy faster"),
        (0, (*SOURCE, "type"), "Prometheus", "type: Input should be 'Earshot'"),
        (0, (*SOURCE, "spec", "query"), "SELECT 1", "'SELECT' is no column"),
        (0, ("kind",), "Service", "kind: has to be SLO or AlertPolicy"),
        (1, ("kind",), ["SLO"], "kind: has to be SLO or AlertPolicy"),
        (1, ("metadata", "name"), "medium", "two of the kind AlertPolicy and the name medium"),
        (1, (*CONDITION, "lookbackWindow"), "31d", "at most 30d"),
        (1, (*CONDITION, "lookbackWindow"), "9" * 5000 + "m", "a duration is a number with m, h, d or w"),
        (1, (*CONDITION, "alertAfter"), "0m", "a duration is a number with m, h, d or w"),
        (1, (*CONDITION, "threshold"), "14.4", "threshold: Input should be a valid number"),
        (1, (*CONDITION, "threshold"), float("inf"), "threshold: Input should be a finite number"),
        (1, ("spec", "conditions", 0, "metadata", "annotations", "earshot.example/short-window"), "5s", "5m"),
        (1, ("metadata", "annotations"), {"earshot.example/short-window": "5m"}, "annotations: Extra inputs are not"),
        (1, ("spec", "notificationTargets", 0, "targetRef"), "ines", "targetRef: Input should be 'page' or 'ticket'"),
        (1, ("spec", "alertWhenBreaching"), False, "alertWhenBreaching: Value error, the meter knows only true"),
    ],
)
def test_any_other_document_is_refused_in_a_sentence(
    written: ModuleType, reference: list[Any], at: int, path: tuple[Any, ...], to: Any, why: str
) -> None:
    docs = [doc for doc in reference if doc["kind"] == "SLO"] + [doc for doc in reference if doc["kind"] != "SLO"]
    change(docs[at], *path, to=to)

    with pytest.raises(NotPlain) as refused:
        read(written, docs)

    assert why in str(refused.value)


def test_two_conditions_are_one_too_many_for_both(written: ModuleType, reference: list[Any]) -> None:
    policy = next(each for each in reference if each["kind"] == "AlertPolicy")
    policy["spec"]["conditions"] *= 2

    assert [error.validator for error in SCHEMA.iter_errors(policy)] == ["maxItems"]
    with pytest.raises(NotPlain, match="conditions: List should have at most 1 item"):
        read(written, reference)


def test_there_is_one_slo(written: ModuleType, reference: list[Any]) -> None:
    slo = next(each for each in reference if each["kind"] == "SLO")
    with pytest.raises(NotPlain, match="one document of the kind SLO, not 0"):
        written.read({"notes.txt": "SLO"})
    with pytest.raises(NotPlain, match="more than 64 KiB in all"):
        written.read({f"{number}.yml": "# " + "x" * 40_000 for number in range(2)})
    with pytest.raises(NotPlain, match=r"^b\.yaml: aliases"):
        written.read({"b.yaml": "a: &a 1\nb: *a"})
    with pytest.raises(NotPlain, match="one document of the kind SLO, not 2"):
        read(written, [*reference, slo | {"metadata": {"name": "another"}}])
