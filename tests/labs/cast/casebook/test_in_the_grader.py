"""What load.py and experiments have of it: questions, and acts upon a real casebook."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from casebook import acts, drawn
from casebook.plan import BadPlan, asked
from casebook.questions import Questions, traffic
from casebook.shapes import fits

from grader import faults
from tests.labs.cast.casebook.conftest import Book, case
from tests.labs.cast.conftest import TOKEN

PLAN = {"seed": 21, "cases": [case("one", asked={"word": 2, "other": 1}), case("two")]}


def test_each_question_is_asked_once_then_again() -> None:
    questions = Questions(PLAN)
    lap = [questions.request(n) for n in range(len(questions))]

    assert [(each.segment, each.name) for each in lap] == [
        ("one", "word"), ("one", "word"), ("one", "other"), ("two", "word"),
    ]  # fmt: skip
    assert [each.path for each in lap] == [f"/outcomes/{question.ticket}" for question in asked(PLAN)]
    assert questions.request(4).path == lap[0].path + "?lap=1"
    assert {each.timeout_s for each in lap} == {60.0}


def test_a_word_is_the_answer_and_our_own_error_is_no_fail() -> None:
    questions = Questions(PLAN)
    request = questions.request(0)

    assert questions.check(request, 200, {}, b'{"answer": "none", "note": ""}') == "none"
    with pytest.raises(RuntimeError, match="status 404"):
        questions.check(request, 404, {}, b"{}")


def test_a_load_serves_rehearsal_and_exam(tmp_path: Path) -> None:
    lab, exam = tmp_path / "labs" / "x", tmp_path / "scenarios" / "x"
    for folder in (lab / "public", lab / "rehearsal", exam):
        folder.mkdir(parents=True)
    (lab / "public" / "plan.json").write_text(json.dumps(PLAN))
    (exam / "draw.py").write_text(
        "def draw(seed):\n    return {'seed': seed, 'cases': [{'id': 'h', 'asked': {'w': 1}}]}\n"
    )
    Traffic = traffic(str(lab / "rehearsal" / "load.py"), "http://yard:8000")

    public, hidden = Traffic({}, 1), Traffic({"plan_seed": 5}, 1)  # type: ignore[call-arg, arg-type]

    assert public.target == "http://yard:8000"
    assert (public.request(0).segment, hidden.request(0).segment) == ("one", "h")
    assert Traffic({"plan_seed": 6}, 1).request(0).path != hidden.request(0).path  # type: ignore[call-arg, arg-type]


def test_a_casebook_is_given_a_plan_and_seen_to_play_it(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    other = {**PLAN, "seed": 22}
    draw = ModuleType("draw")
    draw.draw = lambda seed: {"seed": seed, "cases": [case("drawn")]}  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "draw", draw)
    monkeypatch.setattr(faults, "_context", None)
    faults.use(faults.Context(lambda: None, {"yard:9000": book.control_address}, TOKEN))  # type: ignore[arg-type, return-value]

    told = acts.begin("yard", {"seed": 21, "cases": [case("one")]})
    assert told == {"plan": hashlib.sha256(json.dumps({"seed": 21, "cases": [case("one")]}).encode()).hexdigest()}
    assert acts.begun("yard", {"seed": 21, "cases": [case("one")]}) and not acts.begun("yard", other)
    book.told({"seed": 21, "cases": [case("one")]})
    assert acts.reached("yard", {"seed": 21, "cases": [case("one")]})
    assert not acts.reached("yard", {"seed": 21, "cases": [case("one")]}, closed=2)
    assert acts.over("yard", {"seed": 21, "cases": [case("one")]})

    drawn.begin("yard", 5)
    assert drawn.begun("yard", 5) and not drawn.begun("yard", 6)
    book.told(draw.draw(5))
    assert drawn.reached("yard", 5)
    acts.begin("yard", {"seed": 23, "cases": [case("c", told=0)]})
    assert not acts.over("yard", {"seed": 23, "cases": [case("c", told=0)]})


def test_a_plan_without_sense_is_no_traffic() -> None:
    with pytest.raises(BadPlan, match="seed"):
        Questions({"cases": []})


@pytest.mark.parametrize(
    ("value", "shape", "fit"),
    [
        ({"a": True}, {"a": bool}, True),
        ({"a": True, "more": 1}, {"a": bool}, True),
        ({"a": 1}, {"a": bool}, False),
        ({"a": True}, {"a": int}, False),
        ({"a": True}, {"a": float}, False),
        ({}, {"a": object}, False),
        ({"a": None}, {"a": (None, str)}, True),
        ({"a": 1}, {"a": (None, str)}, False),
        ([1, 2.5], [float], True),
        ([1, "x"], [float], False),
        ({"x": [1]}, {str: [int]}, True),
        ({"x": ["1"]}, {str: [int]}, False),
        ("infra", {"infra", "data"}, True),
        ("else", {"infra", "data"}, False),
        (["infra"], {"infra"}, False),
        (None, dict, False),
        (True, object, True),
        (None, object, True),
    ],
)
def test_shapes(value: object, shape: object, fit: bool) -> None:
    assert fits(value, shape) is fit
