"""The world of `embedding-drift`, and what is drawn of it."""

from __future__ import annotations

import base64
import datetime
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("embedding-drift")
EXAM = find_scenario(LAB)
WORLD = Path(LAB.folder) / "world"
draw = import_file(EXAM.folder / "draw.py")
world = modules.world(WORLD)
STOCK = world.stock.stock()
HARMLESS = "rounded", "holiday", "shorter", "growth", "upgraded"


def case(kind: str = "", odd: str = "", more: tuple[str, int] | None = None, **changed: Any) -> dict[str, Any]:
    """A dealer to whom one thing happens, or two."""
    happens = [(kind, 3, 1)] if kind else []
    happens += [(*more, 2)] if more else []
    shares = {"moved": 1.0, "mixed": 0.4, "lost": 0.4, "topic": 0.3}
    found = {
        "id": "c1", "name": "Ashbury", "models": ["minilm", "e5", "minilm"], "asked": {},
        "changes": [{"kind": one, "day": at, "share": shares[one], "model": by} for one, at, by in happens],
    }  # fmt: skip
    if odd:
        found["harmless"] = {"kind": odd, "day": 9, "days": 3}
    return found | changed


def played(dealer: dict[str, Any], plays: dict[int, tuple[list[str], list[str]]], silent: dict[int, str] | None = None):
    """A season of one collection: its diary, and what was told, by aspect. `plays`: reports and actions of days."""
    diary = world.judge.Diary(world.collection.Collection(7, dealer, STOCK))
    told: dict[str, list[str]] = {}
    for day in range(world.kinds.DAYS):
        diary.one.begin(day)
        diary.begun(0.0, 0.0)
        reports, actions = plays.get(day, ([], []))
        for report in reports:
            diary.said(day, report)
        for action in actions:
            diary.did(day, action)
        for aspect, word, _ in diary.closed(day, silent or {}):
            told.setdefault(aspect, []).append(word)
    return diary, told


# What is drawn


@pytest.mark.parametrize("seed", range(8))
def test_a_plan_is_what_the_exam_counts_on(seed):
    plan = draw.draw(seed)
    asked: Counter[str] = Counter()
    for one in plan["cases"]:
        asked.update(one["asked"])
        changes = one["changes"]
        assert len({change["kind"] for change in changes}) == len(changes)
        assert all(later["day"] - first["day"] >= 6 for first, later in zip(changes, changes[1:], strict=False))
        if changes:
            end = changes[1]["day"] if len(changes) > 1 else world.kinds.DAYS
            assert changes[0]["day"] + 4 < one["later"] < end
            assert changes[-1]["day"] + world.kinds.RESTORED < world.kinds.DAYS
        if len(changes) == 1:
            assert one["harmless"]["day"] >= changes[0]["day"] + 7
        if len(changes) == 2:
            assert one["harmless"]["day"] == changes[0]["day"] and "spared" not in one["asked"]
        assert "harmless" not in one or one["harmless"]["day"] + world.kinds.ODD <= world.kinds.DAYS

    assert asked == {"restored": 65, "named": 48, "quiet": 96, "spared": 36, "answered": 19, "spent": 48}
    assert len({one["name"] for one in plan["cases"]}) == 48
    odd = Counter(one["harmless"]["kind"] for one in plan["cases"] if "harmless" in one)
    assert set(odd) == set(HARMLESS) and odd["shorter"] >= 10 and odd["upgraded"] >= 10
    calm = Counter(one["harmless"]["kind"] for one in plan["cases"] if not one["changes"])
    assert set(calm) == set(HARMLESS)
    left = [one["share"] for case in plan["cases"] for one in case["changes"] if one["kind"] == "moved"]
    assert len([share for share in left if share < 1]) >= 7


def test_a_plan_has_as_many_questions_as_are_asked():
    for scenario, plan in ((EXAM, draw.draw(8)), (rehearsal(LAB), draw.public())):
        questions = sum(sum(one["asked"].values()) for one in plan["cases"])
        assert questions == sum(int(phase.rate * phase.seconds) for phase in scenario.spec.timeline)


@pytest.mark.parametrize("seed", range(3))
def test_each_question_is_told_once_whatever_is_done(seed):
    for one in draw.draw(seed)["cases"][:12]:
        for plays in ({}, {3: (["model"], ["reembed"]), 6: (["topic"], ["content"]), 12: (["index"], ["rebuild"])}):
            _, told = played(one, plays)
            assert {aspect: len(words) for aspect, words in told.items()} == one["asked"]


# The vectors


def test_an_article_is_found_under_one_model_and_not_between_two():
    assert world.stock.FILE.stat().st_size < 300_000
    places = np.random.default_rng(1).permutation(len(STOCK.garden))[:240]
    for used in world.stock.MODELS:
        for stored in world.stock.MODELS:
            docs = world.stock.unit(STOCK.parts[stored]["docs"][places])
            for key in ("one", "two", "short"):
                scores = world.stock.unit(STOCK.parts[used][key][places]) @ docs.T
                found = ((scores > np.diag(scores)[:, None]).sum(1) < 5).mean()
                assert found > 0.93 if used == stored else found < 0.1


def test_axes_of_a_collection_are_its_own_and_leave_similarities_alone():
    one, other = (world.collection.Collection(7, case(id=id), STOCK) for id in ("c1", "c2"))
    assert one.stored[:50].tolist() != other.stored[:50].tolist()
    again = world.collection.Collection(8, case(), STOCK)
    assert again.stored[:50].tolist() != one.stored[:50].tolist()
    assert one.healthy > 0.95 and other.healthy > 0.95


# What is seen


def pairs(seen: dict[str, Any]) -> tuple[float, float]:
    """Of a canary the share of pairs that do not resemble themselves, and of those not found."""
    packed = (np.frombuffer(base64.b64decode(seen[key]), np.int8) for key in ("queries", "stored"))
    queries, stored = (world.stock.unit(rows.reshape(-1, 64)) for rows in packed)
    return float(((queries * stored).sum(1) < 0.35).mean()), float((np.array(seen["ranks"]) == 0).mean())


@pytest.mark.parametrize("id", ["c1", "c2", "c3"])
@pytest.mark.parametrize(
    ("kind", "strange", "gone"),
    [
        ("", (0, 0.1), (0, 0.1)),
        ("moved", (0.9, 1), (0.85, 1)),
        ("mixed", (0.2, 0.65), (0.2, 0.65)),
        ("lost", (0, 0.1), (0.2, 0.65)),
        ("topic", (0, 0.1), (0, 0.1)),
    ],
)
def test_a_canary_tells_what_happened(id, kind, strange, gone):
    one = world.collection.Collection(7, case(kind, id=id), STOCK)
    for day in range(5):
        one.begin(day)
    found = pairs(world.traffic.canary(one, 4))
    assert strange[0] <= found[0] <= strange[1]
    assert gone[0] <= found[1] <= gone[1]


@pytest.mark.parametrize("odd", HARMLESS)
def test_what_is_harmless_leaves_recall_and_canary_as_they_are(odd):
    one = world.collection.Collection(7, case(odd=odd), STOCK)
    before = one.total - one.there.sum()
    for day in range(11):
        one.begin(day)
        seen = world.traffic.searches(one, day, weekend=False)
    strange, gone = pairs(world.traffic.canary(one, 10))
    assert strange < 0.12 and gone < 0.12
    assert one.recall() > one.healthy - world.collection.CLOSE / 2
    assert (one.total - one.there.sum() < before) == (odd == "growth")
    assert np.mean(np.array(seen["opened"]) > 0) > 0.6


def test_a_day_is_the_same_however_often_it_is_drawn_and_another_day_is_not():
    one = world.collection.Collection(7, case(), STOCK)
    first, again, other = (world.traffic.searches(one, day, weekend=False) for day in (0, 0, 1))
    assert first == again != other
    assert set(first) == {"queries", "similarities", "opened", "documents"}
    assert all(row == sorted(row, reverse=True) for row in first["similarities"])


# What is done about it


@pytest.mark.parametrize(
    ("kind", "actions", "well"),
    [
        ("moved", ["reembed"], True),
        ("moved", ["rollback"], True),
        ("moved", ["rebuild"], False),
        ("moved", ["reembed", "rollback"], False),
        ("moved", ["rollback", "reembed"], True),
        ("mixed", ["reembed"], True),
        ("mixed", ["rebuild"], False),
        ("mixed", ["rollback"], False),
        ("lost", ["rebuild"], True),
        ("lost", ["reembed"], True),
        ("lost", ["rollback"], False),
        ("topic", ["content"], True),
        ("topic", ["reembed", "rebuild", "rollback"], False),
    ],
)
def test_what_mends_a_change_and_what_does_not(kind, actions, well):
    for models in (["minilm", "e5", "minilm"], ["e5", "minilm", "e5"]):
        one = world.collection.Collection(7, case(kind, models=models), STOCK)
        for day in range(4):
            one.begin(day)
        assert not one.well(one.begun[0])
        for action in actions:
            one.order(action)
        assert not one.well(one.begun[0])
        one.begin(4)
        assert one.well(one.begun[0]) == well


@pytest.mark.parametrize(("action", "well"), [("rollback", False), ("reembed", True)])
def test_where_a_job_was_at_work_only_embedding_anew_mends_a_move(action, well):
    dealer = case("moved", later=9)
    dealer["changes"][0]["share"] = 0.6
    diary, told = played(dealer, {4: (["mixed", "model"], [action])})
    assert told["named"] == ["right"]
    assert told["restored"] == (["right"] * 2 if well else ["hurt"] * 2)
    assert told["spent"] == ["right"] and diary.one.recall() > (0.9 if well else 0.4)
    assert world.kinds.price(dealer["changes"][0]) == 12


def test_pinning_breaks_what_was_upgraded():
    one = world.collection.Collection(7, case(odd="upgraded"), STOCK)
    for day in range(11):
        one.begin(day)
    assert one.asks == 2 and one.recall() > 0.9
    one.order("rollback")
    one.begin(11)
    assert one.recall() < 0.2


def test_what_is_odd_on_the_day_of_a_change_is_not_asked_about():
    dealer = case("lost", later=9)
    dealer["harmless"] = {"kind": "growth", "day": 3, "days": 1}
    _, told = played(dealer, {4: (["index"], ["rebuild"]), 13: (["topic"], [])})
    assert told["quiet"] == ["right", "rung"] and "spared" not in told


def test_embedding_anew_is_dear_where_pinning_would_do():
    _, told = played(case("moved", later=9), {3: (["model"], ["reembed"])})
    assert told["spent"] == ["dear"]


def test_content_in_advance_answers_nothing():
    _, told = played(case("topic", later=9), {1: ([], ["content"])})
    assert told["answered"] == ["unanswered"] * 2


# What it was worth


RIGHT = {
    "moved": ("model", "rollback"),
    "mixed": ("mixed", "reembed"),
    "lost": ("index", "rebuild"),
    "topic": ("topic", "content"),
}


@pytest.mark.parametrize("second", ["moved", "mixed", "lost", "topic"])
@pytest.mark.parametrize("first", ["moved", "mixed", "lost", "topic"])
def test_who_is_right_in_the_last_moment_is_right(first, second):
    if first == second:
        return
    plays = {day + 3: ([RIGHT[kind][0]], [RIGHT[kind][1]]) for kind, day in ((first, 3), (second, 10))}
    diary, told = played(case(first, more=(second, 10), later=8), plays)
    assert set(sum(told.values(), [])) <= {"right", "void"}
    assert Counter(told["named"]) == {"right": 2}
    assert told["quiet"][0] == "right"
    assert sum(diary.one.spent.values()) <= 8 + 12


@pytest.mark.parametrize(
    ("plays", "word"),
    [
        ({3: (["model"], [])}, "right"),
        ({6: (["model"], [])}, "right"),
        ({7: (["model"], [])}, "missed"),
        ({4: (["topic"], []), 5: (["model"], [])}, "mistaken"),
        ({4: (["model", "topic"], [])}, "mistaken"),
        ({4: (["nonsense"], [])}, "mistaken"),
        ({2: (["topic"], []), 4: (["model"], [])}, "right"),
        ({}, "missed"),
    ],
)
def test_a_change_is_named_by_the_first_report_that_comes_in_time(plays, word):
    assert played(case("moved", later=9), plays)[1]["named"] == [word]


def test_a_topic_for_which_all_is_embedded_anew_is_dear():
    _, told = played(case("topic", later=9), {3: ([], ["content"]), 8: ([], ["reembed"])})
    assert told["answered"] == ["right", "dear"]
    assert told["spent"] == ["dear"]


@pytest.mark.parametrize(
    ("day", "quiet", "spared"),
    [(1, ["rung", "right"], "right"), (9, ["right", "right"], "rung"), (13, ["right", "rung"], "right")],
)
def test_a_report_without_a_reason_spoils_its_stretch_only(day, quiet, spared):
    for kind in ("", "moved"):
        plays = {day: (["index"], []), 4: (["model"], ["rollback"])} if kind else {day: (["index"], [])}
        _, told = played(case(kind, odd="shorter", later=9), plays)
        assert (told["quiet"], told["spared"]) == (quiet, [spared])


def test_reports_while_something_is_wrong_and_two_days_after_do_not_count():
    plays = {day: (["model"], ["rollback"] if day == 4 else []) for day in (3, 4, 5, 6)}
    assert played(case("moved", later=9), plays)[1]["quiet"] == ["right", "right"]
    plays[7] = (["model"], [])
    assert played(case("moved", later=9), plays)[1]["quiet"] == ["right", "rung"]


def test_what_was_never_mended_is_no_quiet_stretch():
    assert played(case("lost", odd="rounded", later=9), {})[1]["quiet"] == ["right", "void"]


def test_days_without_an_answer_are_not_quiet_and_name_nothing():
    silent = dict.fromkeys(range(16), "none")
    _, told = played(case("moved", odd="rounded", later=9), {}, silent)
    assert told.pop("quiet") == ["none", "void"]
    assert told == {"named": ["none"], "restored": ["hurt"] * 2, "spared": ["void"], "spent": ["none"]}


@pytest.mark.parametrize(("canaries", "word"), [(8, "right"), (9, "dear")])
def test_a_calm_collection_may_cost_eight(canaries, word):
    diary = world.judge.Diary(world.collection.Collection(7, case(odd="growth"), STOCK))
    for _ in range(canaries):
        diary.one.pay("canary")
    assert diary._cost({})[0] == word


# What people look at


def test_pages_and_pictures_show_what_was_said_and_done():
    diary, _ = played(case("moved", odd="shorter", later=9), {4: (["model"], ["reembed"]), 8: (["topic"], [])})
    shown = SimpleNamespace(diaries={"Ashbury": diary}, today=15, date=lambda day: datetime.date(2027, 1, 4 + day))

    assert "reembed" in world.pages.page_of(shown, "") and "Ashbury" in world.pages.page_of(shown, "")
    assert "shorter, harmless" in world.pages.page_of(shown, "Ashbury")
    assert world.pages.page_of(shown, "Nowhere") == ""
    reported, dips, bill = world.pictures.of(shown)
    assert reported.title.startswith("1 reports are right, 0 have another kind, 1 are about nothing; on day 15")
    assert "your action" in dips.svg() and bill.title.startswith("1 of 1 collections")
