"""A season of `fault-domain` before doctors who answer all sorts of things."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from infra.images.venvs import environment

LAB = find_lab("fault-domain").folder
draw = import_file(find_scenario(find_lab("fault-domain")).folder / "draw.py").draw
EXAM = draw(3, each=1, pairs=1, well=1)
REPLIES: dict[str, tuple[dict[str, Any], str]] = {
    "nobody": ({"status": 200, "json": {"domains": [], "because": []}}, ""),
    "infra, twice": ({"status": 200, "json": {"domains": ["infra", "infra"], "because": ["<b>loss</b>"]}}, ""),
    "no reasons": ({"status": 200, "json": {"domains": ["infra"]}}, "malformed"),
    "a number for a reason": ({"status": 200, "json": {"domains": ["infra"], "because": [7]}}, "malformed"),
    "no answer": ({"status": 0, "error": "<b>late</b>"}, "none"),
    "an error": ({"status": 500, "json": {"domains": [], "because": []}}, "none"),
    "a list": ({"status": 200, "json": ["infra"]}, "malformed"),
    "a text": ({"status": 200, "json": {"domains": "infra", "because": []}}, "malformed"),
    "another domain": ({"status": 200, "json": {"domains": ["<b>ops</b>"], "because": []}}, "malformed"),
    "deep": ({"status": 200, "json": {"domains": [["infra"]], "because": []}}, "malformed"),
    "a number": ({"status": 200, "json": {"domains": [1], "because": []}}, "malformed"),
}


def play(plan: dict[str, Any]) -> dict[str, Any]:
    paths = os.pathsep.join(map(str, (LAB / "world", LAB.parent / "cast" / "lib")))
    done = subprocess.run(
        [str(environment("core") / "bin" / "python"), str(Path(__file__).with_name("playing.py"))],
        input=json.dumps({"plan": plan, "replies": [reply for reply, _ in REPLIES.values()]}),
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    return dict(zip(REPLIES, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def exam() -> dict[str, Any]:
    return play(EXAM)


@pytest.fixture(scope="module")
def practice() -> dict[str, Any]:
    return play({**EXAM, "public": True})


def test_what_is_no_diagnosis_keeps_no_promise(exam):
    for name, (_, word) in REPLIES.items():
        if word:
            assert {told for *_, told in exam[name]["told"]} == {word}, name


def test_a_diagnosis_is_judged_by_what_is_wrong(exam):
    def right(name: str) -> set[str]:
        return {aspect for _, aspect, word in exam[name]["told"] if word == "right"}

    assert right("nobody") == {"healthy", "harmless", "in-time"}
    assert right("infra, twice") == {"infra", "harmless", "in-time"}
    assert {word for _, aspect, word in exam["infra, twice"]["told"] if aspect == "healthy"} == {"invented"}


def test_every_question_is_told(exam):
    asked = sum(len(case["asked"]) for case in EXAM["cases"])

    assert {sum(bool(word) for *_, word in each["told"]) for each in exam.values()} == {asked}


def test_a_cell_of_an_exam_can_be_tested_while_its_incident_lasts_and_only_by_its_ticket(exam):
    for season in exam.values():
        assert season["meanwhile"] and not season["afterwards"] and not season["by hand"]


def test_a_public_cell_can_be_tested_by_hand_and_is_shown(practice):
    for name, season in practice.items():
        assert season["by hand"] and not season["afterwards"]
        everything, one, none = season["pages"]
        assert EXAM["cases"][0]["id"] in everything and "GET nodes" in one and none == "", name
        assert "<b>" not in everything + one


def test_nothing_of_an_exam_is_kept_for_its_pages(exam):
    assert all(EXAM["cases"][0]["id"] not in season["pages"][0] for season in exam.values())
