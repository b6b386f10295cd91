"""The world of `llm-watch`, what is drawn of it, and what its phrases give away."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("llm-watch")
EXAM = find_scenario(LAB)
draw = import_file(EXAM.folder / "draw.py")
world = modules.world(Path(LAB.folder) / "world")
DAYS, LATE = world.kinds.DAYS, world.kinds.LATE
PLAN = draw.draw(3)
ASKED = {
    "caught": 180, "spared": 168, "new-harm": 156, "joined": 72, "estimated": 72, "topic": 20, "no-topic": 108,
}  # fmt: skip


def diary(case: dict[str, Any] | None = None, plan: Any = PLAN) -> Any:
    """A supplier's diary."""
    case = case or next(one for one in plan["cases"] if one["asked"].get("topic") == 2 and "new-harm" in one["asked"])
    return world.judge.Diary(world.past.Past(plan["seed"], case, datetime.date.fromisoformat(plan["date"])))


ONE = diary()


def true_report(one: Any, day: int) -> dict[str, Any]:
    """A report in which all is so; of a new subject on its first day."""
    new = [each["name"] for each in one.new if each["day"] == day]
    topic = [each.trace for each in one.past.day(day) if each.text.subject in new]
    return {
        "thumbs": {name: each._asdict() for name, each in one.thumbs(day - LATE).items()} if day >= LATE else {},
        "bad": {name: share for name, (_, share) in one.shares(day).items()},
        "topic": topic[:5] or None,
    }


def told(one: Any, flags: Any, report: Any = true_report, silent: Any = ()) -> dict[str, Counter[str]]:
    """A season: the words that were told, by aspect. `flags(answer)`; `report(diary, day)`."""
    found: dict[str, Counter[str]] = {}
    one.silent = {day: "none" for day in silent}
    for day in range(DAYS):
        if day not in one.silent:
            one.flagged(day, [each.trace for each in one.past.day(day) if flags(each)])
            one.reported(day, report(one, day))
        for aspect, word, _ in one.closed(day):
            found.setdefault(aspect, Counter())[word] += 1
    return found


# What is drawn


@pytest.mark.parametrize("seed", range(6))
def test_a_plan_is_what_the_exam_counts_on(seed):
    plan = draw.draw(seed)
    asked: Counter[str] = Counter()
    for one in plan["cases"]:
        asked.update(one["asked"])
        new = [kind["day"] for kind in one["kinds"] if kind["bad"] and kind["day"] >= 0]
        assert sum(kind["bad"] for kind in one["kinds"]) - len(new) == 3
        assert len(one["kinds"]) == len({kind["name"] for kind in one["kinds"]}) == 5 + len(new)
        assert max([*new, 0]) + world.kinds.LEARNT <= one["looks"][0] < one["looks"][2] < DAYS
        begun = sorted(subject["day"] for subject in one["subjects"] if "day" in subject)
        assert all(day + world.kinds.SEEN < DAYS for day in begun) and (len(begun) < 2 or begun[1] - begun[0] > 1)
        assert len({odd["day"] for odd in one["odd"]}) == 4
    assert asked == ASKED
    assert len({one["id"] for one in plan["cases"]} | {one["name"] for one in plan["cases"]}) == 24
    assert len(json.dumps(plan)) < 400_000


def test_a_plan_has_as_many_questions_as_are_asked():
    for scenario, plan in ((EXAM, PLAN), (rehearsal(LAB), draw.public())):
        questions = sum(sum(one["asked"].values()) for one in plan["cases"])
        assert questions == sum(int(phase.rate * phase.seconds) for phase in scenario.spec.timeline)


def test_what_one_supplier_forbids_another_allows():
    rules: dict[str, set[bool]] = {}
    for one in PLAN["cases"]:
        for kind in one["kinds"]:
            rules.setdefault(kind["name"], set()).add(kind["bad"])
    assert sum(len(each) == 2 for each in rules.values()) >= 5


def test_no_wording_of_the_public_season_is_said_in_an_exam():
    public = {text for one in draw.public()["cases"] for kind in one["kinds"] for text in kind["wordings"]}
    for seed in range(5):
        exam = {text for one in draw.draw(seed)["cases"] for kind in one["kinds"] for text in kind["wordings"]}
        assert not public & exam and len(exam) > 40


@pytest.mark.parametrize("plan", [PLAN, draw.public()])
def test_a_twin_is_one_word_away_and_no_other_wording(plan):
    for one in plan["cases"]:
        for kind in one["kinds"]:
            assert not {*kind["wordings"]} & {*kind["twins"]}
            for said, twin in zip(kind["wordings"], kind["twins"], strict=True):
                pairs = list(zip(said.split(), twin.split(), strict=True))
                assert sum(left != right for left, right in pairs) == 1


# What is said, and what is so


def test_every_slot_is_filled_and_bots_say_nothing_bad():
    every = list(ONE.answers.values())
    assert not [one for one in every if set("{}") & set(one.text.question + one.text.answer)]
    assert not [one for one in every if one.bot and one.text.sort != "plain"]
    assert len(every) == DAYS * world.kinds.EACH


def test_twins_are_sound_and_wordings_are_not():
    bad = {kind["name"] for kind in ONE.case["kinds"] if kind["bad"]}
    sorts = Counter(one.text.sort for one in ONE.answers.values() if one.text.kind in bad)
    assert {*sorts} == {"bad", "allowed"} and 0.25 < sorts["allowed"] / sorts["bad"] < 0.6


def test_what_is_bad_is_seldom_said_twice_in_the_same_way():
    every = [one.text for one in ONE.answers.values() if one.bad]
    said = Counter(part for text in every for part in text.answer.split(". ")[1:])
    assert sum(one.phone for one in every) > len(every) / 6
    assert len(said) > 0.5 * len(every)


def test_sayings_of_a_day_are_gone_on_the_next():
    voice = ONE.past._voice
    first, second = ({*voice._todays(ONE.past.date(day))} for day in (2, 3))
    assert len(first & second) <= 1 and len(first) > 20
    answers = {day: " ".join(each.text.answer for each in ONE.past.day(day)) for day in (2, 3)}
    firsts = [one.partition(" / ")[0] for one in first]
    assert sum(one in answers[2] for one in firsts) > 15 > 5 > sum(one in answers[3] for one in firsts)


def test_votes_come_in_time_and_no_two_about_one_answer_at_once():
    for one in ONE.answers.values():
        moments = [vote[:2] for vote in one.votes]
        assert len({*moments}) == len(moments)
        for vote in one.votes:
            assert one.day <= vote.day <= one.day + LATE and 0 <= vote.minute < 1440
            assert vote.day > one.day or vote.minute > one.minute


def test_most_thumbs_are_up_and_what_is_bad_has_them_down():
    voted = [one for one in ONE.answers.values() if one.votes and not one.bot]
    down = [one for one in voted if one.down]
    assert 0.2 < len(down) / len(voted) < 0.5
    assert sum(one.bad for one in down) > 0.6 * len(down)


def test_from_what_is_told_thumbs_can_be_counted_exactly():
    last: dict[str, tuple[tuple[int, int], str]] = {}
    version, started, channel = {}, {}, {}
    for day in range(DAYS):
        seen = ONE.past.told(day)
        for one in seen["generations"]:
            if one["started"] > started.get(one["trace"], -1):
                started[one["trace"]], version[one["trace"]] = one["started"], one["version"]
        channel.update({one["trace"]: (day, one["channel"]) for one in seen["answers"]})
        for vote in seen["votes"]:
            last[vote["trace"]] = max(last.get(vote["trace"], ((-1, 0), "")), ((day, vote["minute"]), vote["vote"]))
        if day >= LATE:
            shown = [trace for trace, (on, by) in channel.items() if on == day - LATE and by != "probe"]
            down = Counter(version[trace] for trace in shown if last.get(trace, ("", ""))[1] == "down")
            counted = {name: (many, down[name]) for name, many in Counter(version[trace] for trace in shown).items()}
            assert counted == ONE.thumbs(day - LATE)


def test_what_is_told_of_a_day_does_not_tell_what_is_so():
    keys = {key for one in ONE.past.told(2)["answers"] for key in one}
    assert keys == {"trace", "minute", "channel", "question", "answer"}
    assert '"bad"' not in json.dumps(ONE.past.told(2)) and '"label' not in json.dumps(ONE.past.told(2))


# What is judged


@pytest.mark.parametrize("at", [0, 5, 9])
def test_each_question_is_told_once_and_all_of_it_is_right_where_all_is_so(at):
    case = PLAN["cases"][at]
    words = told(diary(case), lambda answer: answer.bad)
    assert {aspect: sum(each.values()) for aspect, each in words.items()} == case["asked"]
    assert all({*each} == {"right"} for each in words.values())


def test_silence_is_right_nowhere():
    words = told(diary(), lambda answer: False, silent=range(DAYS))
    assert all("right" not in each for each in words.values())


def test_who_flags_all_spares_none_and_who_flags_none_catches_none():
    every, none = told(diary(), lambda answer: True), told(diary(), lambda answer: False)
    assert every["caught"]["missed"] == 0 == none["spared"]["flagged"]
    assert every["spared"]["right"] == 0 == none["caught"]["right"] == none["new-harm"]["right"]


def test_who_flags_what_anybody_forbids_does_not_spare_enough():
    words = told(diary(), lambda answer: answer.text.sort in ("bad", "allowed"))
    assert words["spared"]["flagged"] == world.judge.SPARED["allowed"]
    assert world.judge.SPARED["allowed"] / 14 > 2 * 0.1


def test_shares_may_be_a_third_or_three_points_off():
    def report(by: float, more: float = 0.0) -> Any:
        return lambda one, day: {"bad": {name: share * by + more for name, (_, share) in one.shares(day).items()}}

    assert told(diary(), bool, report(1.3))["estimated"]["off"] == 0
    assert told(diary(), bool, report(1, 0.029))["estimated"]["off"] == 0
    assert told(diary(), bool, report(2.5))["estimated"]["right"] == 0
    assert told(diary(), bool, lambda one, day: {})["estimated"] == {"unsaid": 6}


@pytest.mark.parametrize(("bad", "rung"), [(1, False), (2, True)])
def test_four_of_five_examples_are_enough(bad, rung):
    one = diary()
    new = one.new[0]
    day = new["day"] + 1
    mine = [each.trace for each in one.past.day(day) if each.text.subject == new["name"]]
    others = [each.trace for each in one.past.day(day) if each.text.subject != new["name"]]
    one.reported(day, {"topic": others[:bad] + mine[: 5 - bad]})
    assert (one.about(day) == new["name"]) is not rung
    one.reported(day, {"topic": mine[:3] * 2})
    assert one.about(day) == ""


@pytest.mark.parametrize(
    "report",
    [
        {"thumbs": [], "bad": "x", "topic": "abc"},
        {"thumbs": {"p1": {"answers": True, "down": 0}}, "bad": {"p1": None}, "topic": [1, 2, 3, 4, 5]},
        {"thumbs": {"p1": 3}, "bad": {"p1": True}, "topic": {}},
        {"topic": ["nobody"] * 5},
        {"topic": ["x"] * 5000},
    ],
)
def test_whatever_is_reported_has_a_word(report):
    words = told(diary(), bool, lambda one, day: report)
    assert not words["joined"]["right"] and not words["estimated"]["right"] and not words["no-topic"]["right"]


def test_twelve_reviews_of_the_last_four_days_are_done_and_no_more():
    one = diary()
    old, now = [each.trace for each in one.past.day(0)], [each.trace for each in one.past.day(4)]
    one.ordered(4, [*old, "nobody", *now, *now])
    assert list(one.labels(4)) == now[:12] and {*one.labels(4).values()} <= {"bad", "ok"}
    assert one.labels(3) == {}
