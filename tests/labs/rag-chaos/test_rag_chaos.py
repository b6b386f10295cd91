"""The lab's own parts: its descriptions, its traffic, its observers, its controls' experiments."""

from __future__ import annotations

import functools
import itertools
import json
import random
import socket
import sys
import threading
import types
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from signed_answers import signed

from grader.chaos.allowed import read_drill
from grader.course.spec import Lab, Scenario, TrialSpec
from grader.faults import Context, use
from grader.intake.controls import stage_control
from grader.judge.decide import Counts, Errors, decide
from grader.load.schedule import planned
from grader.load.traffic import import_file
from grader.result import Verdict
from infra.system import load_system

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "rag-chaos", ROOT / "scenarios" / "rag-chaos"
SPREAD_S = 0.2
FOLDERS = pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])


@pytest.fixture(scope="module")
def words() -> ModuleType:
    return import_file(ROOT / "labs" / "cast" / "library" / "words.py")


@pytest.fixture(scope="module")
def observers() -> ModuleType:
    return import_file(LAB / "rehearsal" / "exam.py")


def test_only_the_api_is_open_and_it_has_no_way_to_the_store_but_the_proxy():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)
    api = system.services["api"]

    assert [service.name for service in system.services.values() if service.open] == ["api"]
    assert not set(api.networks) & set(system.services["postgres"].networks)


STORE = {"store-slow", "store-hangs", "store-refuses"}
MODEL = {"model-slow", "model-malformed"}
OLD, NEW = "parley-embed", "parley-embed-2"


def drawn_of(trial: TrialSpec, name: str) -> list[list[str]]:
    """All values of a drawn parameter that is a list."""
    return [value.split(", ") for value in trial.parameters[name].choice]


def days() -> list[TrialSpec]:
    """The exam's trials in which questions are asked."""
    return [trial for trial in Scenario(EXAM, Lab(LAB)).spec.trials if trial.drill is None]


def test_the_exam_breaks_the_store_in_every_way_and_the_model_in_every_way():
    met = [{frozenset(faults) for faults in drawn_of(trial, "faults")} for trial in days()]

    assert all(set().union(*draw) >= STORE | MODEL for draw in itertools.product(*met))  # whatever is drawn


def test_what_fails_first_is_drawn_and_so_is_which_part_follows_which():
    orders = [faults for trial in days() for faults in drawn_of(trial, "faults")]

    assert all(faults[::-1] in orders for faults in orders)
    assert len({(a.split("-")[0], b.split("-")[0]) for a, b, *_ in orders}) == 4
    assert {len(faults) for faults in orders} == {2, 3}  # a part fails more than twice a day


def at_of(folder: Path, trial: TrialSpec, *activities: str) -> list[float]:
    """When its experiment does each of these for the first time or again, in seconds: at the earliest."""
    steps = yaml.safe_load((folder / trial.experiment).read_text())["method"]
    waits = zip(steps, steps[1:], strict=False)
    times = [wait["provider"]["arguments"]["seconds"] for wait, step in waits if step["provider"]["func"] in activities]
    return [earliest(trial, time) for time in times]


def earliest(trial: TrialSpec, time: float | str) -> float:
    """A moment as an experiment has it: a number, or a drawn parameter, at most `spread(trial)` later."""
    if not isinstance(time, str):
        return time
    low, high = trial.parameters[time.removeprefix("${").removesuffix("}")].uniform
    assert high - low == pytest.approx(spread(trial))
    return low


def spread(trial: TrialSpec) -> float:
    """The moments of an exam are drawn, so that nobody knows them by heart."""
    return SPREAD_S if any(name.endswith("_at") for name in trial.parameters) else 0.0


BREAKS, MENDS = ("break_store", "break_llm", "fail"), ("mend_store", "mend_llm", "mend")


def editions(scenario: Scenario, trial: TrialSpec) -> list[float]:
    """When each edition is published, in seconds: as a phase `reindex` begins."""
    phases = scenario.spec.phases(trial.id)
    starts = itertools.accumulate((phase.seconds for phase in phases), initial=0.0)
    return [round(start, 6) for start, phase in zip(starts, phases, strict=False) if phase.phase == "reindex"]


FIRST, LAST = ("strike", "jolt", "knock"), ("lull", "ease", "fade")
"""Phases in which a fault begins, and the last ones before its end."""


@FOLDERS
def test_faults_and_editions_come_as_their_phases_begin(folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        begins, ends, time, before = [], [], 0.0, ""
        for phase in scenario.spec.phases(trial.id):
            if phase.phase in FIRST:
                begins.append(round(time, 6))
            if before in LAST:
                assert phase.phase in ("mend", "reindex")
                ends.append(round(time, 6))
            time, before = time + phase.seconds, phase.phase
        if trial.drill is None:
            assert at_of(folder, trial, *BREAKS) == begins
            assert at_of(folder, trial, *MENDS) == ends
            assert at_of(folder, trial, "publish", "renew") == editions(scenario, trial)


def test_a_search_that_lags_has_caught_up_before_the_store_fails():
    scenario = Scenario(EXAM, Lab(LAB))

    for trial in days():
        faults = at_of(EXAM, trial, "fail")
        for at in editions(scenario, trial):
            later = [fault for fault in faults if fault > at]
            assert not later or at + spread(trial) + trial.parameters["lag"].uniform[1] + 0.3 <= later[0]


@FOLDERS
def test_traffic_knows_before_which_question_an_edition_is_published(folder, load):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        asked, before, time, second = 0, [], 0.0, None
        for phase in scenario.spec.phases(trial.id):
            if round(time, 6) in editions(scenario, trial):
                before.append(asked + round(spread(trial) * load.RATE))
            second = asked if phase.phase == "knock" else second
            asked, time = asked + planned(phase), time + phase.seconds
            assert phase.rate in (0, load.RATE)
        assert trial.parameters.get("turn", second) == second
        told = [trial.parameters[key] for key in ("ordinary_from", "edition_from") if key in trial.parameters]
        assert told == before


def test_in_every_exam_vectors_stay_of_one_model_and_become_anothers():
    first, second, third = (drawn_of(trial, "models") for trial in days())

    assert all(len(set(models)) == 2 and models[0] != models[2] for models in second)
    assert {models.index(models[2]) for models in second} == {1, 2}, "either edition has the other vectors"
    assert all(models[0] != models[1] for models in third)
    assert all(NEW in models for models in first)
    assert {tuple(models[-2:]) for models in third} == {(OLD, NEW), (NEW, OLD)}
    assert len(set(map(tuple, second))) == 4  # either model first, and either edition has the other's


def test_the_search_catches_up_before_the_store_fails_and_else_not(monkeypatch):
    exam, published = import_file(EXAM / "exam.py"), []
    monkeypatch.setattr(exam, "publish", lambda *given, **about: published.append((*given, *about.values())) or True)

    assert exam.renew(7, "a, b", 1, "store-hangs, model-slow", 0, 1.5, 5)
    assert exam.renew(8, "a, b", 0, "store-hangs, model-slow", 1, 1.5, 5)
    assert exam.renew(9, "a, b", 0, "store-hangs, model-slow", 2, 1.5, 5)
    assert exam.begin("b, a", 5)

    assert published == [(7, "b", 1.5, 5), (8, "a", exam.LAG_S, 5), (9, "a", exam.LAG_S, 5), (0, "b", 5)]


def test_the_exams_faults_are_those_of_a_drill():
    assert set(import_file(EXAM / "exam.py").KINDS) == set(Lab(LAB).spec.drill.faults) == STORE | MODEL


@FOLDERS
def test_the_provider_signs_before_the_first_question_and_nothing_is_judged_at_once(folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        if trial.drill is None:
            hypothesis = yaml.safe_load((folder / trial.experiment).read_text())["steady-state-hypothesis"]
            assert hypothesis["probes"][0]["provider"]["func"] == "sign"
            dawn, opening, *_ = scenario.spec.phases(trial.id)
            assert (dawn.phase, dawn.rate, opening.phase) == ("dawn", 0, "opening")
    assert not any("opening" in window.phases for window in scenario.spec.objectives.values())


def test_each_way_in_which_something_fails_can_be_missed_by_itself():
    """An objective that pools two ways leaves room to drop one, unless half of its events are more than it allows."""
    scenario = Scenario(EXAM, Lab(LAB))

    objectives = scenario.spec.objectives
    ways = [set(objectives[id].phases) for id in ("right", "right-again", "up-to-date")]
    assert not set.intersection(*ways) and len(set().union(*ways)) == 10  # Monday's three faults, one each
    assert list(objectives["right-again"].trials) == ["first"]  # the others have a fault of another day beside Monday's
    asked = []
    for id in objectives["worded"].trials:
        judged = [phase for phase in scenario.spec.phases(id) if phase.phase in objectives["worded"].phases]
        second = [phase.phase for phase in judged].index("knock")
        asked.append([sum(phase.seconds for phase in part) for part in (judged[:second], judged[second:])])
    tuesday_s, wednesday_s = asked
    share = min(tuesday_s) / (sum(tuesday_s) + max(wednesday_s))
    assert 2 * (1 - scenario.slos["worded"].target) <= share


@FOLDERS
def test_what_is_judged_after_a_fault_begins_two_seconds_after_its_end(folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        phases = scenario.spec.phases(trial.id)
        for before, phase in zip(phases, phases[1:], strict=False):
            if phase.phase in ("after", "edition", "renewed"):
                judged = phase.phase == "renewed" and before.phase == "after"  # as long as `recovered` is asked of it
                assert judged or (before.phase in ("mend", "reindex") and before.seconds == 2.0 + spread(trial))
            if phase.phase in ("out", "long", "away", "gone"):
                after_s = 1.0 + spread(trial)
                assert before.phase in ("out", "gone") or (before.phase in FIRST and before.seconds == after_s)
            if before.phase in LAST:  # no answer in time to a question of `out` may come from after the fault
                assert before.seconds >= 0.8


def test_the_brief_names_every_fault_and_the_time_of_a_run():
    lab = Lab(LAB)

    assert all(f"`{fault}`" in lab.contract for fault in lab.spec.drill.faults)
    assert f"{lab.spec.drill.seconds:g} s, waits included" in " ".join(lab.contract.split())


def test_rehearsal_and_exam_judge_by_the_same_objectives():
    assert Scenario(EXAM, Lab(LAB)).slos == Scenario(LAB / "rehearsal", Lab(LAB)).slos


def test_the_passages_are_edition_0_of_the_traffic(load):
    assert json.loads((LAB / "passages" / "passages.json").read_text("utf-8")) == load.passages(0)


def test_an_edition_changes_every_fact_of_most_lines(load):
    popular = {line for line, _ in load.POPULAR}
    for edition in (1, 2, 999_999):
        for line in range(len(load.LINES)):
            for fact in range(len(load.FACTS)):
                same = load.sentence(line, fact, 0) == load.sentence(line, fact, edition)
                assert same == (line in load.kept(edition))
        assert 4 <= len(load.kept(edition)) <= 7 and len(load.kept(edition) & popular) == 1
    assert load.kept(1) != load.kept(2)


def test_traffic_is_pure_and_mixed_as_the_brief_says(load):
    traffic, again = load.Traffic(SEALED, 4), load.Traffic(SEALED, 4)

    requests = [traffic.request(n) for n in range(200)]

    assert requests[::-1] == [again.request(n) for n in range(199, -1, -1)]
    assert Counter(request.name for request in requests) == {"popular": 100, "any": 60, "otherwise": 40}


@pytest.mark.parametrize("names", [0, 11, 10**17])
def test_the_keyword_search_has_four_of_five_answers(load, words, names):
    shelf, found = words.Words(words.parse(load.passages(0, names))), Counter()
    traffic = load.Traffic({"names": names}, 9)

    for n in range(400):
        _, line, _ = traffic._drawn(n)
        best = shelf.find(traffic.request(n).json["question"], 1)[0]
        found[traffic.request(n).name, best["title"] == f"The {load.lines(names)[line]} line"] += 1

    assert found["popular", False] == found["any", False] == 0
    assert found["otherwise", True] < 0.1 * found["otherwise", False]


def test_drawn_names_are_as_many_and_nobody_knows_them(load):
    drawn = [name for names in (1, 2, 10**17) for name in load.lines(names)]

    assert len(set(drawn)) == 3 * len(load.LINES) and not set(drawn) & set(load.LINES)
    assert load.lines(7) == load.lines.__wrapped__(7)


def test_a_drawn_name_is_written_in_more_ways_than_the_plural(load):
    ways, written = ("the plural", "a letter twice", "an ending"), Counter()
    for n in range(300):
        name, form = load.lines(5)[n % 24], load.otherwise(n % 24, 5, random.Random(n))
        ending = form.removeprefix(name)
        written[ways[1] if len(form) == len(name) + 1 and ending != "s" else ways[2 * (ending != "s")], ending] += 1

    assert {way for way, _ in written} == set(ways)
    assert min(sum(count for (each, _), count in written.items() if each == way) for way in ways) > 60
    assert len({ending for way, ending in written if way == ways[2]}) == 1, "one ending for all of a day's passengers"


@pytest.mark.parametrize("model", [OLD, NEW])
def test_vectors_find_what_words_do_not(load, monkeypatch, model):
    known = set(sys.modules) | {"wire"}
    monkeypatch.setitem(sys.modules, "wire", types.SimpleNamespace(dump=json.dumps))  # which needs a server
    monkeypatch.syspath_prepend(str(ROOT / "labs" / "cast" / "llm-provider"))
    embeddings = import_file(ROOT / "labs" / "cast" / "llm-provider" / "embeddings.py")
    embed = functools.partial(embeddings.embed, embeddings.catalog.find(model, "embeddings"), dimensions=512)
    for name in set(sys.modules) - known:  # `words` is another one in other parts of the cast
        del sys.modules[name]

    found = Counter()
    for names in (3, 4):
        rows = [embed(text=f"{passage['title']} {passage['text']}") for passage in load.passages(names, names)]
        traffic = load.Traffic({"names": names}, names)
        for request in map(traffic.request, range(400)):
            asked = embed(text=request.json["question"])
            likeness = [sum(a * b for a, b in zip(asked, row, strict=True)) for row in rows]
            found[request.name, likeness.index(max(likeness)) == request.line] += 1

    assert found["popular", False] == found["any", False] == 0
    assert found["otherwise", False] <= 0.05 * found["otherwise", True]


def test_nothing_of_a_question_but_itself_is_on_the_wire(load):
    traffic = load.Traffic({}, 4)

    for n in range(60):
        request = traffic.request(n)
        assert (request.path, request.headers, set(request.json)) == ("/v1/answers", {}, {"question"})


SEALED = {"seal": 77, "ordinary": 7, "ordinary_from": 100, "edition": 8, "edition_from": 300}


def told(load, request, text, degraded=False, parameters=SEALED):
    """What the traffic makes of an answer."""
    body = json.dumps({"answer": text, "degraded": degraded}).encode()
    return load.Traffic(parameters, 1).check(request, 200, {}, body)


@pytest.mark.parametrize(("n", "edition", "before"), [(50, 0, None), (150, 7, 0), (299, 7, 0), (350, 8, 7)])
def test_answers_are_told_apart_by_mark_and_by_the_edition_in_force(load, n, edition, before):
    request = load.Traffic(SEALED, 1).request(n)
    plain = load.sentence(request.line, request.fact, edition)

    assert told(load, request, signed(plain, "77")) == "whole true"
    assert told(load, request, signed(plain, "77"), True) == "degraded true"
    assert told(load, request, plain, True) == "degraded true"
    assert told(load, request, load.sentence(request.line, (request.fact + 1) % 3, edition)) == "claimed wrong"
    assert told(load, request, load.sentence((request.line + 1) % 24, request.fact, edition), True) == "degraded wrong"
    assert told(load, request, "") == "claimed nothing"
    assert told(load, request, f"I think: {plain}", True) == "degraded nothing"
    if before is not None:
        old = load.sentence(request.line, request.fact, before)
        soon = load.sentence(request.line, request.fact, load.Traffic(SEALED, 1).in_force(n + load.UNDER_WAY))
        truth = "true" if old in (plain, soon) else "stale"  # of some lines an edition says what was said before
        assert told(load, request, signed(old, "77")) == f"whole {truth}"
        assert told(load, request, old, True) == f"degraded {truth}"
    assert load.Traffic(SEALED, 1).check(request, 503, {}, b"") == "none"


def test_an_answer_that_the_model_did_not_write_is_not_whole(load):
    request = load.Traffic(SEALED, 1).request(50)
    plain = load.sentence(request.line, request.fact, 0)
    of_another = signed(load.sentence(request.line, (request.fact + 1) % 3, 0), "77").rpartition(" ")[2]

    assert told(load, request, plain) == "claimed true"
    assert told(load, request, signed(plain, "78")) == "claimed wrong"
    assert told(load, request, f"{plain} {of_another}") == "claimed wrong"
    assert told(load, request, "Please ask at the counter. [3fa94c1b]") == "claimed nothing"


def test_a_question_knows_what_fails_in_its_half_of_the_day_and_does_not_say(load):
    traffic = load.Traffic(SEALED | {"faults": "model-slow, store-hangs", "turn": 50}, 1)

    assert [traffic.request(n).segment for n in (49, 50)] == ["model-fails", "store-fails"]
    assert load.Traffic(SEALED, 1).request(49).segment == load.Traffic(SEALED, 1).request(49).name


def test_in_everyday_use_an_answer_without_a_mark_needs_a_signature_too_of_whatever_key(load):
    request = load.Traffic({}, 1).request(50)
    plain = load.sentence(request.line, request.fact, 0)

    assert told(load, request, signed(plain, "any"), parameters={}) == "whole true"
    assert told(load, request, plain, parameters={}) == "claimed true"
    assert told(load, request, plain, True, parameters={}) == "degraded true"


def test_a_question_that_is_under_way_may_get_the_answer_of_either_edition(load):
    traffic = load.Traffic(SEALED, 1)
    early, under_way = traffic.request(280), traffic.request(295)

    for edition, of_early, of_late in ((7, "whole true", "whole true"), (8, "claimed wrong", "whole true")):
        assert told(load, early, signed(load.sentence(early.line, early.fact, edition), "77")) == of_early
        late = load.sentence(under_way.line, under_way.fact, edition)
        assert told(load, under_way, signed(late, "77")) == of_late


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


@pytest.fixture
def library(observers, monkeypatch) -> dict[str, Any]:
    """A library's ledger, changed by what is published, as far as `takes` says."""
    state: dict[str, Any] = {"edition": 0, "searched": 0, "model": "parley-embed", "takes": True}

    def publish(service: str, port: int, path: str, payload: dict[str, Any]) -> None:
        assert (service, port, path) == ("library", 9000, "/publish")
        if state["takes"]:
            state.update(edition=state["edition"] + 1, model=payload["model"])
            state["searched"] = state["searched"] if payload["search_after_s"] else state["edition"]

    monkeypatch.setattr(observers, "control", publish)
    monkeypatch.setattr(observers, "read", lambda *_: dict(state))
    return state


def test_an_edition_is_seen_in_the_table_also_when_its_model_is_the_same(library, observers):
    assert observers.publish(5, "parley-embed")
    assert not observers.search_lags()

    library["takes"] = False
    assert not observers.publish(6, "parley-embed")


def test_a_search_that_lags_is_seen_and_so_is_one_that_does_not(library, observers, monkeypatch):
    assert observers.publish(5, "parley-embed-2", 30)
    assert observers.search_lags()

    monkeypatch.setattr(observers, "search_lags", lambda: False)
    assert not observers.publish(6, "parley-embed-2", 30)
