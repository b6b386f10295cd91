"""The lab's own parts: its descriptions, its traffic, its observers."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from grader.course.spec import Lab, Scenario
from grader.load.traffic import import_file
from infra.system import load_system

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "latency-spike", ROOT / "scenarios" / "latency-spike"


@pytest.fixture(scope="module")
def index() -> ModuleType:
    return import_file(ROOT / "labs" / "cast" / "search" / "index.py")


@pytest.fixture(scope="module")
def seal() -> ModuleType:
    return import_file(ROOT / "labs" / "cast" / "llm-provider" / "seal.py")


def test_only_the_api_is_open_and_the_system_is_small():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)

    assert [service.name for service in system.services.values() if service.open] == ["api"]
    assert sum(service.memory_bytes for service in system.services.values()) <= 512 << 20


def test_both_replicas_are_slow_in_the_exam_and_only_one_in_the_rehearsal():
    exam = Scenario(EXAM, Lab(LAB)).spec.trials
    rehearsal = Scenario(LAB / "rehearsal", Lab(LAB)).spec.trials

    assert {trial.parameters["replica"] for trial in exam} == {"a", "b"}
    assert all({trial.parameters["replica"], trial.parameters["other"]} == {"a", "b"} for trial in exam)
    assert {trial.parameters["replica"] for trial in rehearsal} == {"b"}


def test_the_replica_that_was_slow_is_well_again_before_the_other_one_gets_slow_and_both_are_seen():
    providers = [step["provider"] for step in _experiment(EXAM)["method"]]
    asked = [(provider["func"], provider.get("arguments", {})) for provider in providers]
    slowed = [(at, arguments["payload"]) for at, (func, arguments) in enumerate(asked) if func == "control"]
    seen = [(at, arguments["replica"]) for at, (func, arguments) in enumerate(asked) if func == "slow"]

    assert [(payload["replica"], payload["added_s"]) for _, payload in slowed] == [
        ("${other}", 0), ("${replica}", "${added_s}"), ("${replica}", 0), ("${other}", "${added_s}"), ("${other}", 0),
        ("${replica}", "${added_s}"),
    ]  # fmt: skip
    assert seen == [
        (slowed[1][0] + 2, "${replica}"), (slowed[3][0] + 1, "${other}"), (slowed[5][0] + 1, "${replica}"),
        (len(asked) - 1, "${replica}"),
    ]  # fmt: skip
    changes = ("${well_at}", "${turn_at}", "${back_at}", "${again_at}")
    waits = [(at, arguments["seconds"]) for at, (func, arguments) in enumerate(asked) if func == "at"]
    assert [at + 1 for at, seconds in waits if str(seconds) in changes] == [at for at, _ in slowed[2:]]
    assert waits[0][0] > seen[0][0]  # no question is asked before one is slow, so none can teach that both are well
    times = [str(seconds).strip("${}") for _, seconds in waits][:-1]
    assert times == ["publish_at", "between_at", "well_at", "later_at", "turn_at", "back_at", "again_at"]
    for trial in Scenario(EXAM, Lab(LAB)).spec.trials:
        drawn_at = [trial.parameters[time].uniform for time in times]
        assert all(before[1] < after[0] for before, after in pairwise(drawn_at))
        slowest = trial.parameters["added_s"].uniform[1]
        for well, turn in (("well_at", "turn_at"), ("back_at", "again_at")):
            assert trial.parameters[turn].uniform[0] - trial.parameters[well].uniform[1] >= slowest - 1e-9


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_the_provider_signs_before_the_catalogue_is_there_so_that_no_answer_kept_by_revision_lacks_it(folder):
    names = [step["name"] for step in _experiment(folder)["method"]]

    assert names[:2] == ["the provider signs", "the articles of the catalogue are there"]
    assert "what the model says is signed" in names


def _experiment(folder: Path) -> dict[str, Any]:
    experiment: dict[str, Any] = yaml.safe_load((folder / "experiment.yaml").read_text("utf-8"))
    return experiment


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_a_new_edition_is_judged_when_it_has_been_out_for_two_seconds_and_for_long_enough(load, folder):
    scenario = Scenario(folder, Lab(LAB))

    assert load.FRESH_AFTER_S > 2.0
    for trial in scenario.spec.trials:
        published = trial.parameters.get("later_at", trial.parameters["publish_at"])
        latest = published if isinstance(published, float) else published.uniform[1]
        assert sum(phase.seconds for phase in scenario.spec.phases(trial.id)) - latest - load.FRESH_AFTER_S >= 1.5


def test_an_edition_has_been_judged_for_a_while_when_the_next_one_comes(load):
    for trial in Scenario(EXAM, Lab(LAB)).spec.trials:
        first, between, last = (trial.parameters[name].uniform for name in ("publish_at", "between_at", "later_at"))
        assert first[1] + load.FRESH_AFTER_S + 0.5 < between[0]
        assert between[1] - between[0] > load.FRESH_AFTER_S  # no moment is right for throwing all away each time
        assert between[1] < last[0]


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_the_traffic_knows_when_its_questions_are_due(load, folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        opening, *rest = scenario.spec.phases(trial.id)
        assert (opening.rate, opening.seconds) == (0, load.BEGINS_S)
        assert {phase.rate for phase in rest} == {load.RATE}
        assert all(float(phase.seconds * phase.rate).is_integer() for phase in rest)


def test_the_articles_are_edition_0_of_the_traffic(load):
    assert json.loads((LAB / "library" / "articles.json").read_text("utf-8")) == load.articles(0)


@pytest.mark.parametrize("catalogue", [0, 7])
def test_an_edition_changes_one_fact_of_half_of_the_products_and_not_the_same_one_of_all(load, catalogue):
    often, moves = load.often_changed(catalogue), load.moves(catalogue)
    assert sorted(Counter(moves[product] for product in often).values()) == [5, 5]
    for edition in (1, 2, 999_999):
        changed = load.changed(edition, catalogue)
        assert len(set(changed) & set(often)) == load.EACH and len(set(changed)) == len(load.PRODUCTS) / 2
        for product in changed:
            for fact in range(len(load.FACTS)):
                before, after = (load.sentence(product, fact, each, catalogue) for each in (0, edition))
                assert (before != after) == (fact == moves[product])
    assert len({frozenset(load.changed(each, catalogue)) for each in range(1, 20)}) > 15
    assert len({load.moves(each) for each in range(20)}) == 20


def test_a_small_edition_changes_what_everybody_asks_about_and_nobody_asks_anything_else_of_it(load):
    for catalogue in range(20):
        small = load.changed(load.SMALL, catalogue)
        assert small == load.changed(2 * load.SMALL, catalogue) and len(small) == 2
        assert [sum(product in load.changed(each, catalogue) for each in range(1, 9)) for product in small] == [8, 0]
        traffic = load.Traffic({"catalogue": catalogue, "popular_at": 0.0}, catalogue)
        asked = [request for request in map(traffic.request, range(400)) if request.product in small]
        assert {each.fact for each in asked if each.name != "thread"} <= {load.moves(catalogue)[each] for each in small}
        assert {each.product for each in asked if each.name == "popular"} == set(small)
        assert "any" not in {each.name for each in asked}
    for trial in Scenario(EXAM, Lab(LAB)).spec.trials:
        drawn = trial.parameters
        assert drawn["edition"].integer[1] < load.SMALL <= drawn["later"].integer[0]
        assert drawn["popular_at"].uniform[1] <= drawn["later_at"].uniform[0]


def test_a_drawn_catalogue_has_other_products_and_the_exam_draws_one_a_trial(load):
    for catalogue in range(1, 200):
        names = load.products(catalogue)
        assert names == load.products(catalogue) and len(names) == len(load.PRODUCTS)
        assert len(set(names)) == len(names) > len({name.split()[0] for name in names})
        assert not set(names) & set(load.PRODUCTS)
        assert sum(name.split()[1] in {each.split()[1] for each in load.PRODUCTS} for name in names) < 8
        assert load.products(catalogue + 1) != names
    names = ("catalogue", "edition", "later", "seal")
    for trial in Scenario(EXAM, Lab(LAB)).spec.trials:
        assert min(trial.parameters[name].integer[1] for name in names) >= 1 << 56
        assert min(trial.parameters[name].integer[0] for name in names) > 1


def test_traffic_is_pure_and_mixed_as_the_brief_says(load):
    traffic, again = load.Traffic({"catalogue": 5}, 4), load.Traffic({"catalogue": 5}, 4)

    requests = [traffic.request(n) for n in range(200)]

    assert {request.path for request in requests} == {"/v1/answers"}
    assert requests[::-1] == [again.request(n) for n in range(199, -1, -1)]
    assert Counter(request.name for request in requests) == {"popular": 150, "any": 30, "thread": 20}
    assert len({request.json["question"] for request in requests if request.name == "popular"}) == 6
    assert Counter(request.segment for request in requests if request.name == "thread").keys() > {"quayside"}


def test_other_questions_get_popular_and_some_of_each_six_are_about_what_editions_change(load):
    traffic = load.Traffic({"catalogue": 5, "popular_at": 3.3}, 4)
    asked = [request for request in map(traffic.request, range(240)) if request.name == "popular"]
    before, after = (
        {(each.product, each.fact) for each in asked if (each.n < 120) == early} for early in (True, False)
    )

    assert len(before) == len(after) == 6 and not before & after
    for six in (before, after):
        often = [(product, fact) for product, fact in six if product in load.often_changed(5)]
        assert len(often) == 2 and all(load.moves(5)[product] == fact for product, fact in often)


def test_three_threads_of_a_round_differ_in_the_product_only_and_come_again_and_no_draw_has_those_of_another(load):
    seen = []
    for seed in range(12):
        traffic = load.Traffic({"catalogue": 5}, seed)
        rounds = [[traffic.request(n) for n in range(at, at + 40)] for at in range(0, 480, 40)]
        threads = [[each for each in turn if each.name == "thread"] for turn in rounds]
        plain = [Counter(_plain(load, each) for each in turn).most_common(1)[0] for turn in threads]
        assert [count for _, count in plain] == [3] * 12
        like = [
            {each.json["thread"] for each in turn if _plain(load, each) == most}
            for turn, (most, _) in zip(threads, plain, strict=True)
        ]
        about = [
            each for turn, (most, _) in zip(threads, plain, strict=True) for each in turn if _plain(load, each) == most
        ]
        assert all(load.moves(5)[each.product] == each.fact for each in about)
        again = like[1:].index(like[0]) + 1
        assert again in (3, 4) and like[again:] == like[:-again] and all(len(texts) == 3 for texts in like)
        seen += [text for texts in like[:again] for text in texts]
    assert len(set(seen)) == len(seen)
    assert len({text.count("\n>") for text in seen}) > 12 and max(len(text.encode()) for text in seen) < 30_000


def _plain(load: Any, request: Any) -> tuple[str, str]:
    name = load.products(5)[request.product]
    return request.json["question"], re.sub(rf"\b{name}\b", "it", request.json["thread"], flags=re.IGNORECASE)


@pytest.mark.parametrize("catalogue", [0, 5])
def test_mails_name_the_product_once_or_more_and_no_two_in_the_same_way(load, catalogue):
    name, said = load.products(catalogue)[0], Counter()
    for seed in range(400):
        where = load.WHERE[seed % 3]
        mails = re.split(r"\n(?=>)", load.thread(name, random.Random(seed), 20, where, catalogue))
        spoken = [re.findall(name, mail, re.IGNORECASE) for mail in mails]
        naming = [at for at, each in enumerate(spoken) if each]
        assert len(mails) == 20 and naming == list(range(naming[0], naming[-1] + 1))
        assert where == ("most" if len(naming) > 10 else "newer" if naming[-1] < 10 else "older")
        said["in several mails"] += len(naming) > 1
        said["in many mails"] += len(naming) > 3
        said["once"] += sum(map(len, spoken)) == 1
        said["in a first line"] += any(name.lower() in mail.split("\n")[0].lower() for mail in mails)
        said["as it is written"] += name in spoken[naming[0]]
    assert 180 < said["in several mails"] < 260 and said["in many mails"] > 150 and 30 < said["once"] < 120
    assert 260 < said["in a first line"] < 380 and 60 < said["as it is written"] < 140
    assert len({mail.split(",")[0] for mail in mails}) > 1


@pytest.mark.parametrize("catalogue", [0, 77])
def test_each_different_word_once_finds_the_same_article_as_the_whole_thread_and_no_part_of_it_does(
    load, index, catalogue
):
    found = index.Index(index.parse(load.articles(0)))
    found.publish(index.parse(load.articles(0, catalogue)))
    traffic, parts = (
        load.Traffic({"catalogue": catalogue}, 9),
        {"start": Counter(), "end": Counter(), "half": Counter()},
    )

    def right(words: list[str], name: str) -> bool:
        best = found.find(found.known(words), 1)
        return bool(best) and best[0]["title"] == name

    for n in range(600):
        request = traffic.request(n)
        body, name = request.json, load.products(catalogue)[request.product]
        words = index.words(f"{body['question']}\n{body.get('thread', '')}")
        assert right(words, name)
        assert found.known(list(dict.fromkeys(words))) == found.known(words)
        if "thread" in body:
            thread = body["thread"]
            assert len(words) > 180 and len(set(words)) < 170 and len(thread.encode()) < 30_000
            for part, text in (("start", thread[:400]), ("end", thread[-700:]), ("half", thread[: len(thread) // 2])):
                parts[part][right(index.words(f"{body['question']}\n{text}"), name)] += 1

    assert all(said[False] > 0.25 * said.total() for said in parts.values())  # of threads, where 15 % may be wrong


@pytest.mark.parametrize(("catalogue", "key"), [(0, "rehearsal"), (5, "1234567")])
def test_an_answer_is_the_models_of_either_edition_and_soon_only_of_the_new_one(load, seal, catalogue, key):
    both = {*load.changed(7, catalogue)} & {*load.changed(8, catalogue)}
    first, second = {"edition": 7, "publish_at": 1.1}, {"later": 8, "later_at": 3.6}
    parameters = {**first, **second, "catalogue": catalogue, "seal": key}
    traffic, words = load.Traffic(parameters, 1), Counter()
    for n in range(320):
        request = traffic.request(n)
        product, fact = request.product, request.fact
        if product not in both or fact != load.moves(catalogue)[product]:
            continue

        def said(text, request=request):
            return traffic.check(request, 200, {}, json.dumps({"answer": text}).encode())

        def by_model(product, fact, edition):
            return seal.sealed(load.sentence(product, fact, edition, catalogue), key)

        judged = sum(0.3 + n / 40 >= at + 2.2 for at in (1.1, 3.6))
        words[judged] += 1
        assert said(by_model(product, fact, 0)) == ("true", "stale", "stale")[judged]
        if load.sentence(product, fact, 7, catalogue) != load.sentence(product, fact, 8, catalogue):
            assert said(by_model(product, fact, 7)) == ("true", "fresh", "stale")[judged]
        assert said(by_model(product, fact, 8)) == ("true", "fresh", "fresh")[judged]
        assert said(by_model(product, (fact + 1) % 3, 7)) == "wrong"
        assert said(by_model(next(each for each in both if each != product), fact, 7)) == "wrong"
        assert said("") == said(["a list"]) == "wrong"
        assert traffic.check(request, 503, {}, b"") == "none"
        plain = load.sentence(product, fact, 7, catalogue)
        other = seal.sealed(load.sentence((product + 1) % 24, fact, 7, catalogue), key)
        assert said(plain) == said(seal.sealed(plain, f"{key}0")) == "wrong"
        assert said(f"{plain} {other.rpartition(' ')[2]}") == "wrong"
    assert min(words.values()) > 10 and len(words) == 3


def test_in_everyday_use_an_answer_needs_a_signature_too_of_whatever_key(load, seal):
    traffic, llm = load.Traffic({}, 1), load_system(LAB / "compose.yaml", Lab(LAB).spec.open).services["llm"]
    request = traffic.request(0)
    article = load.sentence(request.product, request.fact, 0)

    def said(text):
        return traffic.check(request, 200, {}, json.dumps({"answer": text}).encode())

    assert llm.environment["SIGNS"] == "1"
    assert said(seal.sealed(article, "any")) == "true"
    assert said(article) == said(seal.sealed(f"Not {article}", "any")) == said(f"{article} [none]") == "wrong"


def test_an_answer_is_as_good_as_ever_where_no_edition_changes_the_article(load, seal):
    traffic = load.Traffic({"edition": 7, "publish_at": 1.1}, 1)
    asked = [traffic.request(n) for n in range(320)]
    spared = [each for each in asked if each.product not in load.changed(7)]
    still = [each for each in asked if each.product in load.changed(7) and each.fact != load.moves(0)[each.product]]

    assert len(spared) > 40 and len(still) > 5
    for request in spared + still:
        body = json.dumps({"answer": seal.sealed(load.sentence(request.product, request.fact, 0), "any")}).encode()
        assert traffic.check(request, 200, {}, body) == "true"


def test_without_a_new_edition_nothing_is_judged_to_be_fresh(load, seal):
    traffic = load.Traffic({}, 1)
    request = traffic.request(10_000)
    body = json.dumps({"answer": seal.sealed(load.sentence(request.product, request.fact, 0), "any")}).encode()

    assert traffic.check(request, 200, {}, body) == "true"


@pytest.mark.parametrize(("queries", "word"), [(0, "calm"), (40, "calm"), (41, "too many queries")])
def test_the_looks_at_search_are_judged_as_the_brief_says(queries, word):
    observers = import_file(EXAM / "exam.py")

    assert observers.pressure(json.dumps({"last_second": queries}).encode()) == (queries, word)
    assert f"no more than {queries} queries" in Lab(LAB).brief or queries != 40


@pytest.mark.parametrize(
    ("calls", "limited", "word"),
    [
        (0, 0, "kept"),
        (100, 0, "kept"),
        (100, 5, "kept"),
        (100, 6, "too many refusals"),
        (1, 1, "too many refusals"),
        (999, 20, "kept"),
        (999, 21, "too many refusals"),
    ],
)
def test_the_looks_at_the_provider_are_judged_as_the_brief_says(calls, limited, word):
    observers = import_file(EXAM / "exam.py")
    body = json.dumps({"calls": calls, "limited": limited, "in_flight": 0}).encode()

    assert observers.contract(body) == (limited / max(1, calls), word)
    assert "no more than 5 % of all calls so far refused, and no more than 20" in Lab(LAB).brief
