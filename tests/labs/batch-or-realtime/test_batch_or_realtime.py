"""Seasons and their draws, what the load sends, how it judges ages and receipts, and the pool's own part."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from call_receipts import issue

from grader.authoring.audit.bounds import Bounds
from grader.course import catalog
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial, phase_plans
from grader.labkit import import_rehearsal, world
from grader.load.schedule import schedule
from grader.load.traffic import make_traffic

SCENARIO = catalog.root() / "scenarios" / "batch-or-realtime" / "exam.py"
SEEDS = range(1, 11)
load = import_rehearsal(str(SCENARIO), "load")
with world(str(SCENARIO)), patch.dict(sys.modules, {"casebook.calls": SimpleNamespace(Absent=LookupError)}):
    answers = importlib.import_module("answers")
    calendar_days = importlib.import_module("calendar_days")
    practice = importlib.import_module("practice")


@pytest.fixture(scope="module")
def exam() -> Scenario:
    return catalog.find_scenario(catalog.find_lab("batch-or-realtime"))


def sent(exam: Scenario, trial: str, seed: int) -> tuple[Any, dict[str, Any], list[tuple[float, str, Any]]]:
    """A load, its parameters, and what it sends: due, phase, request."""
    record, phases = draw_trial(exam, trial, 0, 1, seed), phase_plans(exam.spec.phases(trial))
    traffic = make_traffic(exam.load_file, record.parameters, record.seed, phases)
    arrivals = [(due, phase, traffic.request(n)) for due, phase, n in schedule(phases, record.seed)]
    return traffic, dict(record.parameters), arrivals


def test_thefts_lie_hours_before_their_payment_and_no_midnight_between(exam: Scenario) -> None:
    for seed in SEEDS:
        season = load.season(seed)
        for day, payments in enumerate(season.days):
            assert len(payments) == 126
            for paid in payments:
                card = season.cards[paid.card]
                if paid.kind in ("fresh", "new"):
                    assert 24 * day + 5 <= card.taken <= paid.hour - 2.2
                elif paid.kind == "known":
                    assert 24 * (day - 1) < card.taken < 24 * day
                else:
                    assert card.taken >= 24 * (day + 1)
                assert (card.issued >= 24 * day) == (paid.kind in ("new", "newcomer"))
                assert paid.kind not in ("fresh", "new", "known") or paid.hour % 24 > 8
            assert 280 <= len(season.listed(24 * day)) <= 400


def test_neither_a_first_payment_nor_an_amount_tells_of_fraud() -> None:
    """Cards that are stolen later pay before as others do; amounts are drawn alike."""
    first: Counter[str] = Counter()
    of: Counter[str] = Counter()
    amounts: dict[bool, list[float]] = {True: [], False: []}
    for seed in SEEDS:
        seen: set[str] = set()
        for day, payments in enumerate(load.season(seed).days[:4]):
            for paid in payments:
                kind = "fraud" if paid.kind in ("fresh", "known") else paid.kind
                if day == 3:
                    of[kind] += 1
                    first[kind] += paid.card not in seen
                amounts[kind in ("fraud", "new")].append(paid.amount)
            seen |= {paid.card for paid in payments}

    assert first["fraud"] / of["fraud"] < 0.6
    assert first["honest"] / of["honest"] > 0.15
    middle = {fraud: sorted(each)[len(each) // 2] for fraud, each in amounts.items()}
    assert 0.85 < middle[True] / middle[False] < 1.15


def test_signals_are_on_nearly_all_fraud_of_today_and_a_seventh_of_the_rest() -> None:
    odd: Counter[str] = Counter()
    of: Counter[str] = Counter()
    words = set()
    for seed in SEEDS:
        for payments in load.season(seed).days:
            for paid in payments:
                odd[paid.kind] += bool(paid.signals)
                of[paid.kind] += 1
        words.add(frozenset(word for payments in load.season(seed).days for paid in payments for word in paid.signals))

    share = {kind: odd[kind] / many for kind, many in of.items()}
    assert share["fresh"] > 0.94 and share["new"] > 0.94
    assert all(0.1 < share[kind] < 0.18 for kind in ("known", "honest", "newcomer"))
    assert len(words) > 8 and all(len(each) == 3 for each in words)


def test_the_scorer_errs_seldom_and_always_alike() -> None:
    wrong = of = 0
    for seed in SEEDS:
        season = load.season(seed)
        for name, card in season.cards.items():
            for hour in (30.0, 60.0):
                score = season.score(name, hour)
                assert score == season.score(name, hour) and not 0.36 < score < 0.74
                wrong += (score > 0.5) != (card.taken <= hour)
                of += 1

    assert 0.003 < wrong / of < 0.015


def test_the_brief_says_how_many_may_be_bad_of_how_many(exam: Scenario) -> None:
    once = Bounds(exam.spec.model_copy(update={"rounds": 1}), len(exam.slos))
    brief = (exam.lab.folder / "README.md").read_text("utf-8")
    fixed = ("known", "recovered", "noticed", "passed", "honest", "fast")
    for seed in (1, 2, 3, 4):
        events: Counter[str] = Counter({"budget": 168})
        for trial in ("first", "second"):
            for _, _, request in sent(exam, trial, seed)[2]:
                events["honest"] += 1
                events["passed"] += request.name in ("honest", "newcomer")
                events["fast"] += request.segment == "slow"
                events["fresh"] += request.name in ("fresh", "new") and request.segment == "plain"
                events[request.name] += request.name in ("known", "recovered", "noticed")
        assert events["budget"] == 168 and 132 <= events["fresh"] <= 144
        for name in fixed:
            row = next(line for line in brief.splitlines() if line.startswith(f"| `{name}` |"))
            assert row.endswith(f"| {once.forgiven(events[name], exam.slos[name].target)} of {events[name]} |"), row
    row = next(line for line in brief.splitlines() if line.startswith("| `fresh` |"))
    assert row.endswith(f"| {once.forgiven(137, exam.slos['fresh'].target)} of about 137 |"), row


def test_a_payment_is_dated_by_when_it_is_due(exam: Scenario) -> None:
    for trial in ("first", "second"):
        _, drawn, arrivals = sent(exam, trial, 3)
        begin = load.begin_of(drawn["day"])
        for due, _, request in arrivals:
            at = datetime.fromisoformat(request.json["at"]).timestamp()
            assert abs(at - begin - (due - 0.3) / 2.8 * 86_400) < 400
            assert (request.segment == "slow") == (0 <= (at - begin) / 86_400 * 2.8 + 0.3 - drawn["slow_at"] < 1.2)


def test_an_answer_counts_with_the_scorers_receipt_and_a_true_age(exam: Scenario) -> None:
    traffic, drawn, arrivals = sent(exam, "first", 3)
    key = load.key_of(drawn["seal"])
    asked = next(request for _, _, request in arrivals if request.name == "honest")
    new = next(request for _, _, request in arrivals if request.name == "newcomer")

    def said(request: Any, age_h: float, stale: Any, card: str = "", **more: Any) -> str:
        row = {"score": 0.1, "as_of": load.text(request.at - age_h * 3600)}
        receipt = issue(key, {"card": card or request.card}, row, who="scorer", version="1", issued_ms=1)
        body = {"decision": "approve", **row, "stale": stale, "receipt": receipt, **more}
        return str(traffic.check(request, 200, {}, json.dumps(body).encode()))

    assert said(asked, 5, False) == said(asked, 30, True) == "approve"
    assert said(asked, 24.5, False) == said(asked, 24.5, True) == said(asked, -0.3, False) == "approve"
    assert said(asked, 30, False) == said(asked, 5, True) == said(asked, 5, 0) == "approve-untrue"
    assert said(asked, 5, False, card=new.card) == said(asked, 5, False, score=0.2) == "approve-untrue"
    assert said(asked, 30, False, as_of=load.text(asked.at)) == "approve-untrue"
    nothing = {"score": None, "as_of": None, "receipt": None}
    assert said(new, 0, True, **nothing) == "approve-unscored"
    assert said(new, 0, False, **nothing) == said(asked, 0, True, **nothing) == "approve-untrue"
    assert said(asked, 5, False, decision="decline") == "decline"
    assert said(asked, 5, False, decision="hold") == "none"
    assert traffic.check(asked, 503, {}, b"") == "none"
    with pytest.raises(KeyError):
        traffic.check(asked, 200, {}, b'{"decision": "approve"}')


def test_a_bad_night_hands_out_the_scores_of_the_midnight_before() -> None:
    made = answers.Answers()
    made.plan({"season": 7, "day": 3})
    begin, season = load.begin_of(3), load.season(7)
    paid = next(paid for paid in season.days[2] if paid.kind == "known")
    now = begin + (2 * 24 + 3.2) * 3600
    row = made.answer("scorer", "1", {"card": paid.card}, now, frozenset())
    old = made.answer("scorer", "1", {"card": paid.card}, now, frozenset({"old"}))

    assert row["as_of"] == load.text(now) and old["as_of"] == load.text(begin + 24 * 3600)
    assert row["score"] == season.score(paid.card, 51.2) and old["score"] == season.score(paid.card, 24.0)
    assert made.covers({"card": paid.card}, row) == (
        {"card": paid.card},
        {"score": row["score"], "as_of": row["as_of"]},
    )
    with pytest.raises(answers.Absent):
        made.answer("scorer", "1", {"card": "c-0"}, now, frozenset())
    for odd in ({}, {"card": 7}, {"card": ""}, {"card": "x" * 101}):
        with pytest.raises(ValueError, match="card must be"):
            made.answer("scorer", "1", odd, now, frozenset())


@pytest.mark.parametrize(
    "odd", [{"season": "7"}, {"season": 7, "day": -1}, {"season": True}, {"practice": 1, "day": 1}]
)
def test_a_plan_that_makes_no_sense_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        answers.Answers().plan(odd)


def test_practice_has_one_time_for_the_pool_and_the_load() -> None:
    """Both read it off the wall; each season of practice is found again from a time in it."""
    assert calendar_days.SPAN_S / calendar_days.PRACTICE_DAY_S % 6 == 0  # whole seasons
    traffic = load.Traffic({"timeline": []}, 5)
    made = answers.Answers()
    made.plan({})
    for real in (1.8e9 + step * 1.7 for step in range(60)):
        with patch("time.time", return_value=real):
            asked = traffic.request(0)
        now = calendar_days.practice(real)
        assert abs(asked.at - now) < 1
        assert made.answer("scorer", "1", {"card": asked.card}, now, frozenset())["card"] == asked.card
        assert datetime.fromtimestamp(now, UTC).year < 2030


def test_practice_sets_the_clock_until_there_is_a_plan() -> None:
    posted: list[tuple[str, dict[str, Any]]] = []

    async def day() -> None:
        clock = practice.PracticeClock()
        with patch.multiple(practice, LATER_S=0.01, post=lambda *said: posted.append(said)):
            clock.begin()
            clock.begin()
            await asyncio.sleep(0.1)
            clock.begin()
            clock.end()
            await asyncio.sleep(0.1)

    asyncio.run(day())

    assert [path for path, _ in posted] == ["plan", "clock"]
    assert posted[0][1] == {"key": load.Traffic({"timeline": []}, 5)._key, "practice": True}
    assert posted[1][1]["day_s"] == 20.0


def test_the_budget_is_the_scorers_own_count() -> None:
    budget = import_rehearsal(str(SCENARIO), "exam").budget
    said = [budget(b'{"credits_last_day": %d, "credits": 900}' % many)[1] for many in (0, 100, 101)]

    assert said == ["within", "within", "over"]
