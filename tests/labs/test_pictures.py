"""What a public season draws: as the lab shipped, and as its reference has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from grader.course import catalog
from tests.labs import rollout_seasons, slo_months

PUBLIC = "public/plan.json"
DECISIONS = sorted(path.parents[1].name for path in (slo_months.ROOT / "labs").glob("*/world/world.py"))


def texts(lab_id: str, control: str) -> dict[str, str]:
    """A control's open files as a clerk hands them out, by their names."""
    edited = catalog.find_scenario(catalog.find_lab(lab_id)).edited(control)
    return {path.name: file.data.decode() for path, file in edited.items()}


def slo(control: str) -> Any:
    plan = json.loads((slo_months.ROOT / "labs" / "define-the-slo" / PUBLIC).read_text())
    kept = {case["kind"]: case for case in plan["cases"]}
    handed = slo_months.handed(texts("define-the-slo", control))
    return slo_months.play(plan | {"cases": list(kept.values())}, handed)[0]


def rollout(control: str) -> Any:
    plan = json.loads((slo_months.ROOT / "labs" / "phased-rollout" / PUBLIC).read_text())
    kept = {case["kind"]: case for case in plan["cases"]}
    handed = rollout_seasons.handed(texts("phased-rollout", control)["plan.yaml"])
    return rollout_seasons.play(plan | {"cases": list(kept.values())}, handed)[0]


@pytest.mark.parametrize(
    ("season", "shipped", "reference"),
    [
        (
            slo,
            {"rings": "open 100 % of the time; 0 of 4 harms", "days": "wrong about 10 of 10"},
            {"rings": "4 of 4 harms are paged in time", "days": "wrong about 0 of 10"},
        ),
        (
            rollout,
            {"courses": "unfit ones meet users", "replicas": "fit releases"},
            {"courses": "4 of 4 fit releases serve everybody", "replicas": "For 0 of 4"},
        ),
    ],
)
def test_a_picture_tells_the_shipped_lab_from_its_reference(
    season: Callable[[str], Any], shipped: dict[str, str], reference: dict[str, str]
) -> None:
    titles = []
    for control, wanted in (("shipped", shipped), ("reference", reference)):
        pictures = {each.id: each for each in season(control).pictures()}
        assert pictures.keys() == wanted.keys()
        for name, words in wanted.items():
            assert words in pictures[name].title
            assert ElementTree.fromstring(pictures[name].svg()).tag.endswith("svg")
        titles.append([each.title for each in pictures.values()])
    assert all(one != other for one, other in zip(*titles, strict=True))


@pytest.mark.parametrize("lab_id", DECISIONS)
def test_every_decision_lab_has_pictures(lab_id: str) -> None:
    assert "def pictures(self)" in (slo_months.ROOT / "labs" / lab_id / "world" / "world.py").read_text()
