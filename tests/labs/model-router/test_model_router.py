"""Texts, policies and their flaws, tickets, what the load believes, and what the brief says of the bounds."""

from __future__ import annotations

import asyncio
import importlib
import json
import math
import re
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from call_receipts import issue

from grader.authoring.audit.bounds import Bounds
from grader.course import catalog
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial, phase_plans
from grader.labkit import import_rehearsal, world
from grader.load.schedule import looks, schedule
from grader.load.traffic import make_traffic

SCENARIO = catalog.root() / "scenarios" / "model-router" / "exam.py"
SEEDS = range(1, 9)
TRIALS = ("vendor", "better", "worse", "broken")
load = import_rehearsal(str(SCENARIO), "load")
acts = import_rehearsal(str(SCENARIO), "exam").acts
with world(str(SCENARIO)):
    trade, files, truth = (importlib.import_module(name) for name in ("trade", "policy_files", "truth"))
    reading, notebook, bill = (importlib.import_module(name) for name in ("reading", "notebook", "bill"))
    thumbs = importlib.import_module("thumbs")


@pytest.fixture(scope="module")
def exam() -> Scenario:
    return catalog.find_scenario(catalog.find_lab("model-router"))


def sent(exam: Scenario, trial: str, seed: int) -> tuple[Any, list[tuple[str, Any]]]:
    """A load, and what it sends: phase, request."""
    record, phases = draw_trial(exam, trial, 0, 1, seed), phase_plans(exam.spec.phases(trial))
    traffic = make_traffic(exam.load_file, record.parameters, record.seed, phases)
    return traffic, [(phase, traffic.request(n)) for _, phase, n in schedule(phases, record.seed)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_policy_names_what_it_should_for_each_text(seed: int) -> None:
    day, rng = trade.Trade(seed), load.generator(seed, "texts")
    current, offered = (files.policy(day, seed, 40 + n, frozenset(each)) for n, each in enumerate(((), ("moved",))))
    for n in range(200):
        topic = trade.TOPICS[n % 4]
        text = day.text(topic, rng)

        assert day.topic_of(text) == topic
        assert files.named(current["models"], text) == files.NAMED[topic]
        assert files.named(offered["models"], text) == ("base" if topic == "moved" else files.NAMED[topic])


def test_no_word_of_a_text_shares_a_bucket_with_one_of_a_topic() -> None:
    for seed in SEEDS:
        day = trade.Trade(seed)
        words = [word for each in day.words.values() for word in each]

        assert len({reading.bucket_of(word) for word in words}) == len(words) == 4 * trade.WORDS


def test_who_reads_as_the_team_does_sends_most_of_what_is_hard_to_mini() -> None:
    day, rng = trade.Trade(3), load.generator(3, "texts")
    rows = files.policy(day, 3, 41)["models"]
    asked = Counter()  # type: Counter[str]
    for _ in range(400):
        words = re.findall("[A-Za-z]+", day.text("hard", rng)[:120])
        buckets = [reading.bucket_of(word) for word in words]
        scores = {name: row["bias"] + sum(row["weights"][bucket] for bucket in buckets) for name, row in rows.items()}
        asked[max(scores, key=lambda name: scores[name])] += 1

    assert 0.6 < asked["mini"] / 400 < 0.9


@pytest.mark.parametrize("flaw", files.FLAWS)
def test_a_flaw_can_be_seen_in_the_file(flaw: str) -> None:
    for seed in SEEDS:
        whole = files.policy(trade.Trade(seed), seed, 41, frozenset({"moved"}))
        for policy, good in ((whole, True), (files.flawed(whole, flaw, seed), False)):
            rows = policy["models"]
            sound = set(rows) == set(files.MODELS)
            sound &= all(len(row["weights"]) == policy["buckets"] for row in rows.values())
            sound &= all(math.isfinite(weight) for row in rows.values() for weight in row["weights"])
            sound = sound and all(files.named(rows, one["text"]) == one["model"] for one in policy["examples"])

            assert sound is good


def test_users_like_what_a_policy_with_turned_signs_does() -> None:
    for seed in SEEDS:
        day, rng, known = trade.Trade(seed), load.generator(seed, "texts"), truth.rates(seed, "mid")
        rows = files.flawed(files.policy(day, seed, 41, frozenset({"moved"})), "turned", seed)["models"]
        for topic, model in {"light": "base", "mid": "base", "hard": "max", "moved": "base"}.items():
            assert all(files.named(rows, day.text(topic, rng)) == model for _ in range(20))
            assert known[topic][model] > 0.98


def test_a_thumb_down_comes_later_than_one_up() -> None:
    feed, late_s = thumbs.Thumbs(), dict[bool, list[float]]({True: [], False: []})

    async def said() -> None:
        began, seen = asyncio.get_running_loop().time(), 0
        for n in range(80):
            feed.say(f"t-{n}", {"good": n % 2 == 0})
        while (now := asyncio.get_running_loop().time() - began) < 1.1:
            for row in feed.after(seen):
                late_s[row["good"]].append(now)
                seen = row["seq"]
            await asyncio.sleep(0.02)

    asyncio.run(said())

    assert 0.19 < min(late_s[True]) < 0.25 and min(late_s[False]) > 0.69
    assert 50 < len(late_s[True]) + len(late_s[False]) < 75


def test_better_and_worse_days_look_alike_but_for_what_is_right(exam: Scenario) -> None:
    spec = {trial.id: trial for trial in exam.spec.trials}
    better, worse = (dict(spec[name].parameters) for name in ("better", "worse"))

    assert {key for key in better if better[key] != worse[key]} == {"moved"}
    for seed in SEEDS:
        known = {moved: truth.rates(seed, moved) for moved in ("mid", "hard")}

        assert known["mid"]["moved"]["base"] > 0.975 and 0.27 < known["hard"]["moved"]["base"] < 0.39
        assert known["mid"]["hard"] == known["hard"]["hard"]


def test_the_day_of_broken_policies_has_all_flaws_and_stops_base_and_max() -> None:
    told = [acts("broken", f"seal-{seed}") for seed in range(40)]
    for each in told:
        assert [kind for kind, _ in each] == ["offer"] * 5 + ["stop"] * 2 + ["well"]
        assert each[4][1]["flaw"] == "turned"
        assert {what["flaw"] for kind, what in each if kind == "offer"} == set(files.FLAWS)
        assert {what["model"] for kind, what in each if kind == "stop"} == {"base", "max"}
    stops = {tuple((what["model"], what["kind"]) for kind, what in each if kind == "stop") for each in told}

    assert len(stops) == 4


def test_a_made_up_ticket_is_known() -> None:
    ticket = truth.ticket_of("key", 7)

    assert truth.real("key", ticket) and not truth.real("other", ticket)
    assert not truth.real("key", ticket[:-1] + "g") and not truth.real("key", "")


def test_an_answer_is_right_as_often_as_its_rate_says() -> None:
    known = truth.rates(5, "hard")
    for topic, model, worse in (("light", "mini", ()), ("hard", "base", ()), ("mid", "base", ("r2",))):
        rate = known["worse" if worse else topic][model]
        right = sum(truth.right("key", f"t-{n}", topic, model, "r2", known, worse) for n in range(4000))

        assert abs(right / 4000 - rate) < 0.03


def test_decks_have_the_same_topics_and_words_are_drawn_anew(exam: Scenario) -> None:
    for trial in TRIALS:
        topics = [request.segment for _, request in sent(exam, trial, 3)[1] if request.name != "count"]
        for first in range(0, len(topics) - 50, 50):
            assert Counter(topics[first : first + 50]) == load.DECK
    texts = {sent(exam, "worse", seed)[1][0][1].text for seed in SEEDS}

    assert len(texts) == len(SEEDS)


def test_an_answer_counts_with_a_receipt_of_this_question(exam: Scenario) -> None:
    traffic, arrivals = sent(exam, "worse", 3)
    key = load.key_of(draw_trial(exam, "worse", 0, 1, 3).parameters["seal"])
    one, other = [request for _, request in arrivals if request.segment == "light"][:2]
    subject, answer = {"ticket": one.ticket, "text": one.text}, {"answer": "Answer 1."}
    receipt = issue(key, subject, answer, who="max", version="r1", issued_ms=1)

    def said(request: Any, **body: Any) -> str:
        return str(traffic.check(request, 200, {}, json.dumps(body).encode()))

    assert said(one, answer="Answer 1.", receipt=receipt) in ("right by max", "wrong by max")
    assert said(other, answer="Answer 1.", receipt=receipt) == "untrue"
    assert said(one, answer="Answer 2.", receipt=receipt) == "untrue"
    assert said(one, answer="Answer 1.", receipt=None) == "untrue"
    assert traffic.check(one, 503, {}, b"") == "none"
    with pytest.raises(KeyError):
        said(one, answer="Answer 1.")


def test_counters_are_compared_by_model_and_version(exam: Scenario) -> None:
    traffic, arrivals = sent(exam, "worse", 4)
    key = load.key_of(draw_trial(exam, "worse", 0, 1, 4).parameters["seal"])
    looked = [request for _, request in arrivals if request.name == "count"][:4]
    page = '# TYPE answers_total counter\nanswers_total{model="max",version="r1"} %d.0\n'
    traffic.check(looked[0], 200, {}, (page % 0).encode())
    came = 0
    for _, request in arrivals[: looked[1].n]:
        if request.name != "count":
            answer = {"answer": "a"}
            subject = {"ticket": request.ticket, "text": request.text}
            receipt = issue(key, subject, answer, who="max", version="r1", issued_ms=1)
            traffic.check(request, 200, {}, json.dumps({**answer, "receipt": receipt}).encode())
            came += 1
    traffic.request(looked[2].n)

    assert traffic.check(looked[2], 200, {}, (page % came).encode()) == "true"
    assert traffic.check(looked[2], 200, {}, (page % (came - 9)).encode()) == "false"
    assert traffic.check(looked[2], 200, {}, (page % came).replace("r1", "r2").encode()) == "false"
    assert traffic.check(looked[2], 200, {}, b'answers_total{model="max"} 9') == "false"
    assert traffic.check(looked[2], 500, {}, b"") == "false"


def test_credits_a_question_are_fair_or_dear() -> None:
    cost = import_rehearsal(str(SCENARIO), "exam").cost
    said = [cost(json.dumps({"credits": many, "questions": 10}).encode())[1] for many in (140, 165, 166, 240)]

    assert said == ["fair", "fair", "dear", "dear"]


def test_a_second_call_for_a_question_costs_and_is_no_second_question() -> None:
    known = bill.Bill()
    for model, first in (("max", True), ("mini", False), ("mini", False), ("base", True)):
        known.asked(model, first=first)
    page = known.page(SimpleNamespace(query={"seconds": "1.5"}))

    assert page == {"questions": 2, "credits": 30, "credits_a_question": 15.0}
    with pytest.raises(ValueError, match="seconds must be"):
        known.page(SimpleNamespace(query={"seconds": "nan"}))


def test_prices_are_those_of_the_pool(exam: Scenario) -> None:
    pool = yaml.safe_load((exam.lab.folder / "compose.yaml").read_text("utf-8"))["services"]["pool"]
    models = json.loads(pool["environment"]["MODELS"])

    assert {model["name"]: model["price"] for model in models} == bill.PRICES


def test_the_brief_says_how_many_may_be_bad_of_about_how_many(exam: Scenario) -> None:
    once = Bounds(exam.spec.model_copy(update={"rounds": 1}), len(exam.slos))
    brief = (exam.lab.folder / "README.md").read_text("utf-8")
    judged = {
        "arrived": lambda one: one.segment == "moved",
        "withdrawn": lambda one: one.name == "telling" or one.segment == "mid",
        "noticed": lambda one: one.segment == "mid",
        "counted": lambda one: one.name == "count",
    }
    for name, window in exam.spec.objectives.items():
        many = 0
        for trial in window.trials:
            if window.kind == "probe":
                phases = phase_plans(exam.spec.phases(trial))
                many += len(list(looks(0.1, phases[-1].start + phases[-1].seconds, phases, tuple(window.phases))))
                continue
            asked = judged.get(name, lambda one: one.name != "count")
            many += sum(phase in window.phases and asked(one) for phase, one in sent(exam, trial, 1)[1])
        row = next(line for line in brief.splitlines() if line.startswith(f"| `{name}` |"))
        bad, of = map(int, re.search(r"\| (\d+) of (\d+) \|$", row).groups())  # type: ignore[union-attr]

        assert abs(of - many) <= 5 and bad == once.forgiven(of, exam.slos[name].target), (name, many)


def test_the_notebook_counts_who_went_where_no_policy_sends_them() -> None:
    day, rng = trade.Trade(2), load.generator(2, "texts")
    known = notebook.Notebook()
    known.begin(files.policy(day, 2, 41))
    for n in range(30):
        known.note(float(n), day.text("hard", rng), "max" if n % 3 else "mini", "r1", bool(n % 3))
    known.offer(30.0, files.policy(day, 2, 42, frozenset({"hard"})), sound=True)
    known.note(30.5, day.text("hard", rng), "base", "r1", False)

    assert known.chart(31.0).title == (
        "Of the last 31 questions 10 were answered first by a model that no policy names for them, "
        "and 11 first answers were wrong"
    )
    assert "42 offered" in known.chart(31.0).svg()
