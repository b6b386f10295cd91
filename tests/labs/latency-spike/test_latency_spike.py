"""The lab's own parts: its descriptions, its traffic, its observers."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from grader.chaos.check import check_experiment
from grader.load.traffic import import_file
from grader.spec import Lab, Scenario, drawn
from infra.system import load_system

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "latency-spike", ROOT / "scenarios" / "latency-spike"


@pytest.fixture(scope="module")
def load() -> ModuleType:
    return import_file(LAB / "rehearsal" / "load.py")


@pytest.fixture(scope="module")
def index() -> ModuleType:
    return import_file(ROOT / "labs" / "cast" / "search" / "index.py")


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_every_trial_has_an_experiment_that_can_run(folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        check_experiment(folder / trial.experiment, drawn(trial.parameters, random.Random(1)))


def test_only_the_api_is_open_and_it_has_no_way_out():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)

    assert [service.name for service in system.services.values() if service.open] == ["api"]
    assert set(system.services["api"].networks) <= system.internal
    assert sum(service.memory_bytes for service in system.services.values()) <= 512 << 20


def test_both_replicas_are_slow_in_the_exam_and_only_one_in_the_rehearsal():
    exam = Scenario(EXAM, Lab(LAB)).spec.trials
    rehearsal = Scenario(LAB / "rehearsal", Lab(LAB)).spec.trials

    assert {trial.parameters["replica"] for trial in exam} == {"a", "b"}
    assert {trial.parameters["replica"] for trial in rehearsal} == {"b"}


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_a_new_edition_is_judged_when_it_has_been_out_for_two_seconds(folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        published = trial.parameters["publish_at"]
        latest = published if isinstance(published, float) else published.uniform[1]
        before = [phase.seconds for phase in scenario.spec.phases(trial.id) if phase.phase != "edition"]
        assert sum(before) - latest >= 2.0


def test_the_brief_promises_what_is_judged():
    brief, exam = Lab(LAB).brief, Scenario(EXAM, Lab(LAB))

    for id, slo in exam.slos.items():
        (row,) = (line for line in brief.splitlines() if line.startswith(f"| `{id}`"))
        assert f"{100 * slo.target:g} %" in row


def test_the_articles_are_edition_0_of_the_traffic(load):
    assert json.loads((LAB / "library" / "articles.json").read_text("utf-8")) == load.articles(0)


def test_an_edition_changes_every_fact(load):
    for edition in (1, 2, 999_999):
        for product in range(len(load.PRODUCTS)):
            for fact in range(len(load.FACTS)):
                assert load.sentence(product, fact, 0) != load.sentence(product, fact, edition)


def test_traffic_is_pure_and_mixed_as_the_brief_says(load):
    traffic, again = load.Traffic({"edition": 5}, 4), load.Traffic({"edition": 5}, 4)

    requests = [traffic.request(n) for n in range(200)]

    assert requests[::-1] == [again.request(n) for n in range(199, -1, -1)]
    assert Counter(request.name for request in requests) == {"popular": 150, "any": 30, "thread": 20}
    assert len({request.json["question"] for request in requests if request.name == "popular"}) == 6
    assert {request.segment for request in requests if request.name == "thread"} == {"quayside"}


def test_each_different_word_once_finds_the_same_article_as_the_whole_thread_and_its_beginning_does_not(load, index):
    found = index.Index(index.parse(load.articles(0)))
    traffic, beginnings = load.Traffic({}, 9), Counter()

    for n in range(300):
        _, product, _ = traffic._drawn(n)
        body = traffic.request(n).json
        words = index.words(f"{body['question']}\n{body.get('thread', '')}")
        assert found.find(found.known(words), 1)[0]["title"] == load.PRODUCTS[product]
        assert found.known(list(dict.fromkeys(words))) == found.known(words)
        if "thread" in body:
            start = index.words(f"{body['question']}\n{body['thread'][:400]}")
            cut = found.find(found.known(start), 1)
            beginnings[bool(cut) and cut[0]["title"] == load.PRODUCTS[product]] += 1
            assert len(words) > 2000 and len(set(words)) < 120

    assert beginnings[False] > 3 * beginnings[True]


def test_answers_are_compared_with_both_editions_and_nothing_else(load):
    traffic = load.Traffic({"edition": 7}, 1)
    for n in range(80):
        request, (_, product, fact) = traffic.request(n), traffic._drawn(n)

        def said(text, request=request):
            return traffic.check(request, 200, {}, json.dumps({"answer": text}).encode())

        assert said(load.sentence(product, fact, 0)) == "old"
        assert said(load.sentence(product, fact, 7)) == "new"
        assert said(load.sentence(product, (fact + 1) % 3, 7)) == "wrong"
        assert said(load.sentence((product + 1) % 24, fact, 7)) == "wrong"
        assert said("") == said(["a list"]) == "wrong"
        assert traffic.check(request, 503, {}, b"") == "none"


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b'{"answers": 7}', b"\xff\xfe"])
def test_malformed_answers_are_the_answers_fault(load, body):
    traffic = load.Traffic({}, 1)

    with pytest.raises((ValueError, TypeError, LookupError)):
        traffic.check(traffic.request(0), 200, {}, body)


@pytest.mark.parametrize(("queries", "word"), [(0, "calm"), (40, "calm"), (41, "too many queries")])
def test_the_looks_at_search_are_judged_as_the_brief_says(queries, word):
    observers = import_file(EXAM / "exam.py")

    assert observers.pressure(json.dumps({"last_second": queries}).encode()) == (queries, word)
    assert f"no more than {queries} queries" in Lab(LAB).brief or queries != 40
