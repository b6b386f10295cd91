"""The canary lab's own parts: its descriptions, its traffic, its observers."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from grader.course.spec import Lab, Scenario
from infra.system import load_system

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "canary", ROOT / "scenarios" / "canary"


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"canary_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_only_the_controller_is_open():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)

    assert [service.name for service in system.services.values() if service.open] == ["controller"]


def test_the_exam_never_draws_the_rehearsals_carrier(load):
    hidden = Scenario(EXAM, Lab(LAB)).spec.trial("tenant").parameters["tenant"].choice
    public = Scenario(LAB / "rehearsal", Lab(LAB)).spec.trial("one-carrier").parameters["tenant"]

    assert set(hidden) == set(load.CARRIERS) - {public}


def test_traffic_is_pure_and_even(load):
    traffic, again = load.Traffic({"tenant": "corvid"}, 4), load.Traffic({"tenant": "corvid"}, 4)

    requests = [traffic.request(n) for n in range(100)]

    assert requests[::-1] == [again.request(n) for n in range(99, -1, -1)]
    assert sorted(r.segment for r in requests) == sorted(load.CARRIERS * 10)
    assert {r.name for r in requests if r.segment == "corvid"} == {"affected"}
    assert {r.name for r in requests if r.segment != "corvid"} == {"predict"}


def test_further_calls_for_a_rollout_come_soon_after_the_first_and_only_where_they_are_asked_for(load):
    traffic = load.Traffic({"again": 32}, 4)
    calls = {n: request for n in range(1048) if (request := traffic.request(n)).name == "again"}

    assert [n / 80 - 1.5 for n in calls] == pytest.approx([0.4, 0.425, 0.45])
    assert {(request.method, request.path) for request in calls.values()} == {("POST", "/rollout")}
    assert [traffic.check(calls[152], status, {}, b"") for status in (409, 202, 503)] == ["refused", "taken", "taken"]
    assert all(load.Traffic({}, 4).request(n).name == "predict" for n in range(1048))


def test_no_controller_is_killed_before_the_last_further_call(load):
    spec = Scenario(EXAM, Lab(LAB)).spec
    for name in spec.objectives["one-at-a-time"].trials:
        drawn = spec.trial(name).parameters
        last = (load.CALLED + drawn["again"].integer[1] + (load.CALLS - 1) * load.APART) / 80
        kill = drawn.get("kill_at", drawn.get("turn_by"))
        assert last < min(kill.choice or kill.uniform)


def test_answers_are_compared_with_truth_and_with_v1(load):
    traffic = load.Traffic({}, 1)
    requests = [traffic.request(n) for n in range(600)]
    items = [json.loads(request.body)["item"] for request in requests]

    def said(request, digit):
        return traffic.check(request, 200, {}, json.dumps({"digit": digit}).encode())

    for request, item in zip(requests, items, strict=True):
        truth, known = traffic._truth[item], traffic._known[item]
        assert said(request, truth) == "right"
        assert said(request, (truth + 1) % 10) == ("wrong" if known == truth else "same")
    assert traffic.check(requests[0], 503, {}, b"") == "none"


@pytest.mark.parametrize(
    ("v1", "v2", "expected"),
    [
        ("100", "0", (0.0, "settled")),
        ("0", "100", (1.0, "settled")),
        ("75", "25", (0.25, "split still between the versions")),
        ("100", "50", (1 / 3, "split still between the versions")),
        ("0", "0", (None, "settled")),
    ],
)
def test_split_tells_settled_from_half_way(v1, v2, expected):
    page = {"entries": {"split.v1": {"final_value": v1}, "split.v2": {"final_value": v2}}}

    assert module(EXAM / "exam.py").split(json.dumps(page).encode()) == pytest.approx(expected)


def watching(exam: ModuleType, shares: list[int], monkeypatch: pytest.MonkeyPatch) -> tuple[list[float], list[float]]:
    """Let the gateway show these shares, one a look; the trial's time now, and what was waited."""
    clock, waits = [1.5], []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        clock[0] += seconds
        return False

    def page(*_: object) -> tuple[int, bytes]:
        share = shares.pop(0)
        entries = {"split.v1": {"final_value": 100 - share}, "split.v2": {"final_value": share}}
        return 200, json.dumps({"entries": entries}).encode()

    context = SimpleNamespace(addresses={}, now=lambda: clock[0], hurry=SimpleNamespace(wait=wait))
    monkeypatch.setattr(exam, "current", lambda: context)
    monkeypatch.setattr(exam, "locate", lambda url, _: url)
    monkeypatch.setattr(exam, "exchange", page)
    return clock, waits


@pytest.mark.parametrize(("shares", "moved"), [([0, 0, 25, 50], True), ([0] * 40, False)])
def test_the_kill_follows_the_controllers_first_move(shares, moved, monkeypatch):
    exam = module(EXAM / "exam.py")
    clock, waits = watching(exam, shares, monkeypatch)

    assert exam.under_way(1.2, 2.5) is moved
    assert waits[-1] == (1.2 if moved else exam.LOOK_S)
    assert clock[0] == pytest.approx(1.5 + 2 * exam.LOOK_S + 1.2 if moved else 2.5, abs=exam.LOOK_S + 0.001)


@pytest.mark.parametrize(
    ("shares", "fell"), [([0, 25, 50, 50, 25], True), ([25, 0], True), ([0, 25, 50] + [100] * 40, False)]
)
def test_a_kill_comes_as_soon_as_v2_gets_less(shares, fell, monkeypatch):
    exam, looks = module(EXAM / "exam.py"), len(shares) - 1
    clock, _ = watching(exam, shares, monkeypatch)

    assert exam.turned(2.5) is fell
    assert clock[0] == pytest.approx(1.5 + looks * exam.LOOK_S if fell else 2.5, abs=exam.LOOK_S + 0.001)


def test_no_turn_is_waited_for_when_its_time_is_past(monkeypatch):
    exam = module(EXAM / "exam.py")
    clock, _ = watching(exam, [100], monkeypatch)

    assert exam.turned(0.0) is False
    assert clock == [1.5]


@pytest.mark.parametrize(
    ("now", "by", "kills"),
    [(4.0, {}, True), (8.4, {}, False), (11.5, {"by_s": 12.2}, True), (12.0, {"by_s": 12.2}, False)],
)
def test_a_controller_is_killed_again_once_it_is_up_and_never_near_the_end(now, by, kills, monkeypatch):
    exam, clock, done = module(EXAM / "exam.py"), [now], []
    up = iter([False, True, False])

    def wait(seconds: float) -> bool:
        clock[0] += seconds
        return False

    context = SimpleNamespace(now=lambda: clock[0], hurry=SimpleNamespace(wait=wait))
    monkeypatch.setattr(exam, "current", lambda: context)
    monkeypatch.setattr(exam, "answers", lambda url, timeout_s: next(up))
    monkeypatch.setattr(exam, "kill_service", lambda name: done.append(("kill", clock[0])))
    monkeypatch.setattr(exam, "start_service", lambda name: done.append(("start", clock[0])))

    assert exam.killed(0.9, after_s=0.5, **by) is kills
    at = now + exam.LOOK_S + 0.5
    assert done == ([("kill", at), ("start", pytest.approx(at + 0.9))] if kills else [])


def test_a_quiet_good_release_and_a_noisy_one_are_both_to_arrive_and_differ_in_their_start_alone():
    spec = Scenario(EXAM, Lab(LAB)).spec
    noisy, quiet = (spec.trial(name) for name in spec.objectives["promoted"].trials)

    assert (noisy.parameters["fault"], quiet.parameters["fault"]) == ("noisy-start", "none")
    assert noisy.experiment == quiet.experiment
    assert noisy.parameters.keys() == quiet.parameters.keys()
    assert {key for key in noisy.parameters if noisy.parameters[key] != quiet.parameters[key]} == {"fault", "share"}
    bad = [spec.trial(name) for name in spec.objectives["withdrawn"].trials]
    assert all(max(trial.parameters["noise"].choice) > 0 for trial in bad)
