"""Whom a fault hits, and what makes no sense."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from call_faults.vocabulary import KINDS, Called, Faults, parse

from tests.labs.cast.conftest import CAST


def call(id: str = "1", attempt: int = 1, **more: str) -> Called:
    return Called(
        **{"port": "p", "model": "m", "endpoint": "score", "tenant": "t", "id": id, "attempt": attempt, **more}
    )  # type: ignore[arg-type]


def acting(*faults: dict[str, Any]) -> Faults:
    made = Faults()
    made.active = parse({"faults": list(faults)}, KINDS, ("wrong", "stale"))
    return made


def hits(faults: Faults, attempt: int = 1) -> list[int]:
    return [n for n in range(1000) if faults.fate(call(str(n), attempt)).kinds]


def test_a_share_is_hit_and_always_the_same_one() -> None:
    fault = {"kind": "error", "share": 0.2, "seed": 7}
    hit = hits(acting(fault))

    assert 150 < len(hit) < 250
    assert hits(acting(fault)) == hit != hits(acting({**fault, "seed": 8}))
    assert hits(acting(fault), attempt=2) != hit
    assert hits(acting({**fault, "per": "id"}), attempt=2) == hits(acting({**fault, "per": "id"}), attempt=1)


def test_two_processes_decide_alike() -> None:
    code = """if True:
        import json
        from call_faults.vocabulary import KINDS, Called, Faults, parse
        faults = Faults()
        faults.active = parse({"faults": [{"kind": "error", "share": 0.2, "seed": 7}]}, KINDS)
        print(json.dumps([n for n in range(1000) if faults.fate(Called("p", "m", "score", "t", str(n), 1)).kinds]))
    """
    env = {"PYTHONPATH": str(CAST / "lib"), "PYTHONHASHSEED": "5"}
    found = subprocess.run([sys.executable, "-S", "-c", code], env=env, capture_output=True, text=True, check=True)

    assert json.loads(found.stdout) == hits(acting({"kind": "error", "share": 0.2, "seed": 7}))


@pytest.mark.parametrize("selector", ["port", "model", "endpoint", "tenant"])
def test_a_selector_leaves_others_alone(selector: str) -> None:
    faults = acting({"kind": "outage", selector: "other"})

    assert faults.fate(call()).ends is None
    assert faults.fate(call(**{selector: "other"})).kinds == ("outage",)


def test_slow_adds_up_the_first_of_the_others_decides_and_own_words_are_handed_on() -> None:
    faults = acting(
        {"kind": "slow", "add_s": 0.5}, {"kind": "wrong"}, {"kind": "drop", "at": "body"}, {"kind": "error"},
        {"kind": "slow", "factor": 2, "add_s": 0.1}, {"kind": "stale", "share": 0.0},
    )  # fmt: skip
    fate = faults.fate(call())

    assert (fate.factor, fate.add_s, fate.acting) == (2, pytest.approx(0.6), {"wrong"})
    assert fate.ends_by("drop") is fate.ends is not None and fate.ends_by("error") is None
    assert fate.kinds == ("slow", "wrong", "drop")


def test_a_probe_meets_what_matches_and_is_counted_apart() -> None:
    faults = acting({"kind": "timeout", "share": 0.0}, {"kind": "wrong", "model": "other"})
    fate = faults.fate(call(), probe=True)
    faults.count(fate.kinds, probe=True)
    faults.count(("slow",))

    assert fate.kinds == ("timeout",)
    assert (faults.shown()["touched"], faults.shown()["probes"]) == ({"slow": 1}, {"timeout": 1})


def test_what_acts_can_be_posted_again() -> None:
    faults = acting({"kind": "slow", "add_s": 0.5, "tenant": "t"}, {"kind": "wrong", "per": "id"})

    assert parse({"faults": faults.shown()["faults"]}, KINDS, ("wrong",)) == faults.active


@pytest.mark.parametrize(
    ("faults", "why"),
    [
        (None, "needs the key faults"), ({}, "needs the key faults"), ([7], "kind must be one of"),
        ([{"kind": "slwo"}], "kind must be one of"), ([{"kind": ["slow"]}], "kind must be one of"),
        ([{"kind": "hang"}], "kind must be one of"), ([{"kind": "slow"}], "would pass for one that acts"),
        ([{"kind": "slow", "add_s": "1"}], "add_s must be a number"), ([{"kind": "slow", "add_s": True}], "add_s must"),
        ([{"kind": "slow", "add_s": float("nan")}], "add_s must"), ([{"kind": "slow", "add_s": 1e9}], "add_s must"),
        ([{"kind": "error", "status": 200}], "status must be one of"), ([{"kind": "error", "hold_s": 1}], "has no key"),
        ([{"kind": "error", "share": 1.1}], "share must"), ([{"kind": "error", "seed": 1.0}], "seed must"),
        ([{"kind": "error", "model": ""}], "model must"), ([{"kind": "wrong", "add_s": 1}], "has no key 'add_s'"),
        ([{"kind": "error", "per": "call"}], "per must be one of attempt, id"), ([{"kind": "error"}] * 21, "the most"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(faults: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse({"faults": faults} if faults != {} else {}, [kind for kind in KINDS if kind != "hold"], ("wrong",))
