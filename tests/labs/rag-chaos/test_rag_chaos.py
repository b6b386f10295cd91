"""The lab's own parts: its descriptions, its traffic, its observers, its controls' experiments."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from grader.chaos.allowed import read_drill
from grader.chaos.check import check_experiment
from grader.controls import stage_control
from grader.faults import Context, use
from grader.judge.decide import Counts, Errors, decide
from grader.load.traffic import import_file
from grader.result import Verdict
from grader.spec import Lab, Scenario, drawn
from infra.system import load_system

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "rag-chaos", ROOT / "scenarios" / "rag-chaos"
FOLDERS = pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])


@pytest.fixture(scope="module")
def load() -> ModuleType:
    return import_file(LAB / "rehearsal" / "load.py")


@pytest.fixture(scope="module")
def words() -> ModuleType:
    return import_file(ROOT / "labs" / "cast" / "library" / "words.py")


@pytest.fixture(scope="module")
def observers() -> ModuleType:
    return import_file(LAB / "rehearsal" / "exam.py")


@FOLDERS
def test_every_trial_has_an_experiment_that_can_run(folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        check_experiment(folder / trial.experiment, drawn(trial.parameters, random.Random(1)))


def test_only_the_api_is_open_it_has_no_way_out_and_none_to_the_store_but_the_proxy():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)
    api = system.services["api"]

    assert [service.name for service in system.services.values() if service.open] == ["api"]
    assert set(api.networks) <= system.internal
    assert not set(api.networks) & set(system.services["postgres"].networks)


def test_the_exam_breaks_the_store_in_every_way_and_the_model_in_every_way():
    parameters = [trial.parameters for trial in Scenario(EXAM, Lab(LAB)).spec.trials]

    assert {each["store"] for each in parameters if "store" in each} == {"slow", "hang", "refuse"}
    assert {each["llm"] for each in parameters if "llm" in each} == {"slow", "malformed"}


@FOLDERS
def test_what_is_judged_after_a_fault_begins_two_seconds_after_its_end(folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        phases = scenario.spec.phases(trial.id)
        for before, phase in zip(phases, phases[1:], strict=False):
            if phase.phase in ("after", "edition"):
                assert before.phase in ("mend", "reindex") and before.seconds == 2.0
            if phase.phase == "out":
                assert before.phase == "strike" and before.seconds == 1.0
            if phase.phase == "mend":  # no answer in time to a question of `out` may come from after the fault
                assert before.phase == "lull" and before.seconds >= 0.8


def test_the_brief_promises_what_is_judged():
    brief, exam = Lab(LAB).brief, Scenario(EXAM, Lab(LAB))

    for id, slo in exam.slos.items():
        (row,) = (line for line in brief.splitlines() if line.startswith(f"| `{id}`"))
        assert f"{100 * slo.target:g} %" in row


def test_the_brief_names_every_fault_and_the_time_of_a_run():
    lab = Lab(LAB)

    assert all(f"`{fault}`" in lab.brief for fault in lab.spec.drill.faults)
    assert f"{lab.spec.drill.seconds:g} s, waits included" in " ".join(lab.brief.split())


def test_rehearsal_and_exam_judge_by_the_same_objectives():
    assert (EXAM / "slo.yaml").read_text() == (LAB / "rehearsal" / "slo.yaml").read_text()


def test_the_passages_are_edition_0_of_the_traffic(load):
    assert json.loads((LAB / "passages" / "passages.json").read_text("utf-8")) == load.passages(0)


def test_an_edition_changes_every_fact(load):
    for edition in (1, 2, 999_999):
        for line in range(len(load.LINES)):
            for fact in range(len(load.FACTS)):
                assert load.sentence(line, fact, 0) != load.sentence(line, fact, edition)


def test_traffic_is_pure_and_mixed_as_the_brief_says(load):
    traffic, again = load.Traffic({"edition": 5}, 4), load.Traffic({"edition": 5}, 4)

    requests = [traffic.request(n) for n in range(200)]

    assert requests[::-1] == [again.request(n) for n in range(199, -1, -1)]
    assert Counter(request.name for request in requests) == {"popular": 100, "any": 60, "plural": 40}


def test_the_keyword_search_has_four_of_five_answers(load, words):
    shelf, traffic, found = words.Words(words.parse(load.passages(0))), load.Traffic({}, 9), Counter()

    for n in range(400):
        _, line, _ = traffic._drawn(n)
        best = shelf.find(traffic.request(n).json["question"], 1)[0]
        found[traffic.request(n).name, best["title"] == f"The {load.LINES[line]} line"] += 1

    assert found["popular", False] == found["any", False] == 0
    assert found["plural", True] < 0.1 * found["plural", False]


def test_answers_are_told_apart_by_mark_and_edition(load):
    traffic = load.Traffic({"edition": 7}, 1)
    for n in range(80):
        request, (_, line, fact) = traffic.request(n), traffic._drawn(n)

        def said(text, degraded=False, request=request):
            body = json.dumps({"answer": text, "degraded": degraded}).encode()
            return traffic.check(request, 200, {}, body)

        assert said(load.sentence(line, fact, 0)) == "whole old"
        assert said(load.sentence(line, fact, 7), True) == "degraded new"
        assert said(load.sentence(line, (fact + 1) % 3, 7)) == "whole wrong"
        assert said(load.sentence((line + 1) % 24, fact, 0), True) == "degraded wrong"
        assert said("") == "whole wrong"
        assert traffic.check(request, 503, {}, b"") == "none"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"7",
        b'{"answer": "a"}',
        b'{"answer": "a", "degraded": "no"}',
        b'{"answer": "a", "degraded": NaN}',
        b'{"answer": ["a"], "degraded": false}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=["empty", "list", "number", "no mark", "mark a text", "NaN", "answer a list", "not UTF-8", "deep"],
)
def test_malformed_answers_are_the_answers_fault(load, body):
    traffic = load.Traffic({}, 1)

    with pytest.raises((ValueError, TypeError, LookupError, RecursionError)):
        traffic.check(traffic.request(0), 200, {}, body)


def test_every_controls_experiment_is_one_that_the_lab_allows(tmp_path):
    scenario = Scenario(EXAM, Lab(LAB))

    for name in scenario.controls:
        staged = stage_control(scenario, name, tmp_path / name)
        assert read_drill(staged.path, scenario.lab.spec.drill)["method"]


@FOLDERS
def test_runs_that_agree_decide_an_objective_and_one_that_does_not_needs_more(folder):
    scenario = Scenario(folder, Lab(LAB))
    errors = Errors.of_exam(0.05, len(scenario.slos))

    for id in ("finds", "spares"):
        (kind,) = scenario.spec.objectives[id].trials
        runs, target = scenario.spec.trial(kind).drill.runs, scenario.slos[id].target
        assert decide(Counts(runs, runs, 0), target, errors) is Verdict.PASS
        assert decide(Counts(0, runs, 0), target, errors) is Verdict.FAIL
        assert decide(Counts(runs - 1, runs, 0), target, errors) is Verdict.UNDECIDED
        assert decide(Counts(2 * runs - 1, 2 * runs, 0), target, errors) is Verdict.PASS


@pytest.fixture
def store() -> Iterator[socket.socket]:
    """A port that stands for the proxy's, not listening yet."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        use(Context(lambda: None, {"proxy:5432": f"127.0.0.1:{sock.getsockname()[1]}"}))
        yield sock


def test_a_port_that_refuses_is_seen_to(store, observers):
    assert observers.store_is("refuse")
    assert not observers.store_is("well")


def test_a_port_that_says_nothing_hangs(store, observers, monkeypatch):
    monkeypatch.setattr(observers, "LONG_S", 0.0)
    monkeypatch.setattr(observers, "TRIES", 1)
    store.listen()

    assert observers.store_is("hang")


def test_a_port_that_answers_is_well(store, observers):
    store.listen()
    heard = []

    def answer() -> None:
        connection, _ = store.accept()
        with connection:
            heard.append(connection.recv(8))
            connection.sendall(b"N")

    thread = threading.Thread(target=answer)
    thread.start()

    assert observers.store_is("well")
    thread.join()
    assert heard == [observers.SSL_REQUEST]
