"""What a public season draws: as the lab shipped, and as its reference has it."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from grader.course import catalog
from tests.labs.virtual import handed, made, play

PUBLIC = "public/plan.json"
LABS = catalog.root() / "labs"
DECISIONS = sorted(path.parents[1].name for path in LABS.glob("*/world/world.py"))


def season(lab_id: str, control: str) -> Any:
    """The world after one public case of each kind, played with a control's files."""
    edited = catalog.find_scenario(catalog.find_lab(lab_id)).edited(control)
    plan = json.loads((LABS / lab_id / PUBLIC).read_text())
    kept = {case["kind"]: case for case in plan["cases"]}
    world = made(LABS / lab_id / "world", plan | {"cases": list(kept.values())})
    files = handed({path.name: file.data.decode() for path, file in edited.items()})
    play(world, lambda path, body: files)
    return world


@pytest.mark.parametrize(
    ("lab_id", "shipped", "reference"),
    [
        (
            "define-the-slo",
            {"rings": "open 100 % of the time; 0 of 4 harms", "days": "wrong about 10 of 10"},
            {"rings": "4 of 4 harms are paged in time", "days": "wrong about 0 of 10"},
        ),
        (
            "phased-rollout",
            {"courses": "unfit ones meet users", "replicas": "fit releases"},
            {"courses": "4 of 4 fit releases serve everybody", "replicas": "For 0 of 4"},
        ),
    ],
)
def test_a_picture_tells_the_shipped_lab_from_its_reference(
    lab_id: str, shipped: dict[str, str], reference: dict[str, str]
) -> None:
    titles = []
    for control, wanted in (("shipped", shipped), ("reference", reference)):
        pictures = {each.id: each for each in season(lab_id, control).pictures()}
        assert pictures.keys() == wanted.keys()
        for name, words in wanted.items():
            assert words in pictures[name].title
            assert ElementTree.fromstring(pictures[name].svg()).tag.endswith("svg")
        titles.append([each.title for each in pictures.values()])
    assert all(one != other for one, other in zip(*titles, strict=True))


@pytest.mark.parametrize("lab_id", DECISIONS)
def test_every_decision_lab_has_pictures(lab_id: str) -> None:
    assert "def pictures(self)" in (LABS / lab_id / "world" / "world.py").read_text()
