"""A sound scenario in which nothing is found, and the same with one weakness, which is found and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.grader.authoring.audit.toy import PLANNED, RIGHT, Toy, objective


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path)


def planned(toy: Toy) -> None:
    """Questions about cases of a plan, in place of users' requests."""
    toy.load = PLANNED
    toy.trials = [{"id": "first", "parameters": {"names": {"integer": [1, 10**9]}, "at": {"uniform": [0.5, 2.5]}}}]
    toy.windows = {"right": {"trials": ["first"]}}
    toy.timeline = [{"phase": "run", "seconds": 2, "rate": 40}]


def one_shop_is_small(toy: Toy) -> None:
    toy.load = toy.load.replace('["south"] * 10', '["south"] * 9 + ["harbour"]')


def one_kind_is_rare(toy: Toy) -> None:
    planned(toy)
    toy.load = toy.load.replace('"late": 40}', '"late": 37, "rare": 3}')


def a_phase_is_short(toy: Toy) -> None:
    toy.timeline = [{"phase": "run", "seconds": 4, "rate": 50}, {"phase": "last", "seconds": 0.1, "rate": 50}]


def none_is_some(toy: Toy) -> None:
    toy.slos = [RIGHT, objective("kept", "No question is lost.", "status = 200", 0.9)]
    toy.windows["kept"] = toy.windows["right"]


def the_rate_tells(toy: Toy) -> None:
    toy.trials[1]["timeline"] = [{"phase": "run", "seconds": 4, "rate": 60}]
    toy.rehearsed.append({"phase": "busy", "seconds": 1, "rate": 60})


def facts_come_in_pairs(toy: Toy) -> None:
    for trial, (fault, where) in zip(toy.trials, (("slow", "disk"), ("wrong", "net")), strict=True):
        trial["parameters"] |= {"fault": fault, "where": where}


def the_order_tells(toy: Toy) -> None:
    planned(toy)
    toy.load = toy.load.replace("SHUFFLED = True", "SHUFFLED = False")


def only_exams_sign(toy: Toy) -> None:
    sign = {"type": "python", "module": "exam", "func": "sign", "arguments": {"key": "${names}"}}
    toy.first = [{"type": "action", "name": "sign", "provider": sign}]


def the_moment_is_fixed(toy: Toy) -> None:
    toy.at = 1.5


def the_end_is_known(toy: Toy) -> None:
    toy.timeline.append({"phase": "end", "seconds": 0.5, "rate": 50})
    toy.slos = [RIGHT, objective("settled", "In the end one version has all.", target=0.95)]
    both = toy.windows["right"]
    toy.windows = {"settled": {**both, "phases": ["end"]}, "right": {**both, "phases": ["run"]}}


def a_phase_is_unseen(toy: Toy) -> None:
    toy.timeline.append({"phase": "after", "seconds": 4, "rate": 50})
    toy.windows["right"]["phases"] = ["run"]


def answers_are_unseen(toy: Toy) -> None:
    toy.slos = [objective("right", "At least 80 % of questions are answered rightly.", "status = 200")]


def a_promise_is_unseen(toy: Toy) -> None:
    toy.brief = toy.brief.replace("200 and the answer", "200 and the answer; 409 while another of them is open")


WEAKNESSES: dict[Callable[[Toy], None], str] = {
    one_shop_is_small: "sacrifice/right/segment",
    one_kind_is_rare: "sacrifice/right/kind",
    a_phase_is_short: "sacrifice/right/phase",
    none_is_some: "sacrifice/kept/share",
    the_rate_tells: "tell/load/requests-a-second",
    facts_come_in_pairs: "tell/facts/fault+where",
    the_order_tells: "tell/case/kind",
    only_exams_sign: "tell/run/everyday",
    the_moment_is_fixed: "constant/times/experiment.yaml",
    the_end_is_known: "last-look/end/4.5",
    a_phase_is_unseen: "last-look/phase/after",
    answers_are_unseen: "last-look/answers",
    a_promise_is_unseen: "last-look/promise/post-ask-200-and-the-answer-409-while",
}


def test_nothing_is_found_in_a_sound_scenario(toy: Toy) -> None:
    report = toy.audit()

    assert report.findings == ()
    assert report.notes == ()


def test_nothing_is_found_in_a_sound_plan(toy: Toy) -> None:
    planned(toy)

    assert toy.keys() == set()


@pytest.mark.parametrize(("weaken", "key"), WEAKNESSES.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_one_weakness_is_found_and_nothing_else(toy: Toy, weaken: Callable[[Toy], None], key: str) -> None:
    weaken(toy)

    assert toy.keys() == {key}
