"""What is drawn, what is right, and the words for how a night went."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from costly_ports.costs import Part, Spent

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file

EXAM = find_scenario(find_lab("slow-pipeline"))
draw = import_file(EXAM.folder / "draw.py")
DUE = {0.5: 4.8, 0.6: 5.16, 0.7: 5.52, 0.8: 5.88, 0.9: 6.24, 1.0: 6.6}
"""By when so much of 1,800 rows is due, s."""


def case(kind: str = "big", rows: int = 1800, text: str = "months") -> Any:
    return {"id": "n", "kind": kind, "rows": rows, "text": text, "asked": draw.ASKED[kind]}


@pytest.fixture
def night(office: SimpleNamespace) -> Any:
    made = office.nights.made({"seed": 5, "cases": []}, case())
    ports = {name: SimpleNamespace(calls=[]) for name in ("lake", "scorer")}
    return office.course.Course(case(), made, "n", ports)


def deliver(night: Any, rows: Any = None, at: float = 2.0, off: float = 0.0) -> None:
    """Deliver rows, all unless told, at that second of the night."""
    for id in night.made.rows if rows is None else rows:
        night.deliver(id, night.made.rows[id].score + off)
        night.arrivals[-1] = at


def words(office: SimpleNamespace, night: Any) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for aspect, word, _ in office.judge.told(night, 5):
        found.setdefault(aspect, Counter())[word] += 1
    return found


# What is drawn


@pytest.mark.parametrize("seed", range(20))
def test_every_plan_asks_as_much_and_has_each_column_as_text_in_a_third_of_nights(seed: int) -> None:
    plan = draw.draw(seed)

    assert sum(sum(each["asked"].values()) for each in plan["cases"]) == 1036
    assert Counter(each["text"] for each in plan["cases"]) == {"months": 4, "mileage": 4, "claims": 4}
    assert min(Counter(each["text"] for each in plan["cases"][:8]).values()) == 2
    assert [each["kind"] for each in plan["cases"]] == ["big"] * 8 + ["small"] * 4
    assert len({each["id"] for each in plan["cases"]}) == 12


@pytest.mark.parametrize("seed", range(20))
def test_small_nights_have_enough_rows_of_each_odd_kind(office: SimpleNamespace, seed: int) -> None:
    plan = draw.draw(seed)
    for each in plan["cases"][-4:]:
        odd = Counter(row.odd for row in office.nights.made(plan, each).rows.values())
        del odd[""]

        assert sum(odd.values()) >= 40
        assert min(odd[kind] for kind in office.nights.ODD) >= 0.05 * sum(odd.values())


@pytest.mark.parametrize("kind", ["big", "small"])
@pytest.mark.parametrize("text", ["months", "mileage", "claims"])
def test_the_right_score_is_that_of_the_jobs_own_table(office: SimpleNamespace, job: Any, kind: str, text: str) -> None:
    made = office.nights.made({"seed": 9, "cases": []}, case(kind, 300, text))
    rows = list(made.rows.values())

    inputs = job.prepare([row.sent for row in rows], made.profiles)

    assert all(any(isinstance(value, str) for value in each) for each, row in zip(inputs, rows, strict=True)
               if row.sent[text] is not None)  # fmt: skip
    found = [office.nights.score(made.weights, [float(value) for value in each]) for each in inputs]
    assert found == [row.score for row in rows]
    assert len({round(each, 6) for each in found}) > 290


@pytest.mark.parametrize(("column", "instead"), [("months", 1), ("mileage", -1)])
def test_what_is_0_is_not_null(office: SimpleNamespace, column: str, instead: int) -> None:
    """Who writes `months or 1` has so many scores wrong that `right` cannot forgive them."""
    made = office.nights.made({"seed": 9, "cases": []}, case("big", 2000, "claims"))

    off = 0
    for row in made.rows.values():
        sent = {**row.sent, column: row.sent[column] or instead}
        profile = made.profiles.get(row.sent["person"])
        off += abs(office.nights.score(made.weights, office.nights.prepared(sent, profile)) - row.score) > 1e-8

    assert 0.17 < off / len(made.rows) < 0.23


def test_a_wrong_profile_or_a_wrong_default_is_a_wrong_score(office: SimpleNamespace, job: Any) -> None:
    """By more than rounding could: else `right` would forgive it."""
    made = office.nights.made({"seed": 9, "cases": []}, case("small", 250))
    rows = list(made.rows.values())
    others = dict(zip(made.profiles, list(made.profiles.values())[1:], strict=False))

    found = [
        abs(office.nights.score(made.weights, [float(value) for value in each]) - row.score)
        for each, row in zip(job.prepare([row.sent for row in rows], others), rows, strict=True)
        if row.odd != "stranger"
    ]

    assert sum(off > 1e-6 for off in found) > 0.95 * len(found)


# How a night went


def test_a_whole_night_in_time_is_right(office: SimpleNamespace, night: Any) -> None:
    for page in range(18):
        ids = list(night.made.rows)[page * 100 : page * 100 + 100]
        night.fetch(ids)
        deliver(night, ids)
    night.close("")

    assert words(office, night) == {"right": {"right": 40}, "once": {"right": 25}, "gentle": {"right": 10},
                                    "bounded": {"right": 11}}  # fmt: skip
    assert {office.judge.in_time(night, share)[0] for share in DUE} == {"right"}


@pytest.mark.parametrize("share", DUE)
def test_a_look_finds_what_is_due_then(office: SimpleNamespace, night: Any, share: float) -> None:
    assert night.bound(share) == pytest.approx(DUE[share])
    need = round(share * 1800)
    deliver(night, list(night.made.rows)[: need - 1], at=1.0)
    assert office.judge.in_time(night, share)[0] == "late"

    deliver(night, list(night.made.rows)[need - 1 : need], at=DUE[share] - 0.01)
    assert office.judge.in_time(night, share)[0] == "right"
    night.arrivals[-1] = DUE[share] + 0.01
    assert office.judge.in_time(night, share)[0] == "late"


def test_nothing_delivered_is_nothing_right(office: SimpleNamespace, night: Any) -> None:
    night.fetch(list(night.made.rows)[:100])
    night.close("")

    found = words(office, night)

    assert found["right"] == {"missing": 40}
    assert found["once"] == {"missing": 25}
    assert found["gentle"] == {"right": 1, "void": 9}
    assert found["bounded"] == {"right": 1, "void": 10}


def test_what_was_cut_is_void_for_scores_and_missing_for_once(office: SimpleNamespace, night: Any) -> None:
    deliver(night, list(night.made.rows)[:900])
    night.close("")

    found = words(office, night)

    assert found["right"].keys() == {"right", "void"}
    assert found["once"] == {"missing": 25}
    assert found["gentle"] == {"right": 6, "void": 4}


def test_twice_is_not_once_and_off_is_not_right(office: SimpleNamespace, night: Any) -> None:
    deliver(night)
    deliver(night, list(night.made.rows)[:1])
    night.close("")
    assert words(office, night)["once"] == {"right": 24, "again": 1}

    deliver(night, off=2e-9)
    assert words(office, night)["right"] == {"off": 40}


def test_a_refused_call_spoils_the_tenth_in_which_it_was(office: SimpleNamespace, night: Any) -> None:
    deliver(night, list(night.made.rows)[:900])
    night.refuse()
    night.refuse()
    deliver(night, list(night.made.rows)[900:])
    night.close("")

    assert words(office, night)["gentle"] == {"right": 9, "refused": 1}


def test_many_rows_in_hand_are_too_many_in_that_part_of_the_pages(office: SimpleNamespace, night: Any) -> None:
    ids = list(night.made.rows)
    for page in range(18):
        night.fetch(ids[page * 100 : page * 100 + 100])
        if page >= 2:
            deliver(night, ids[(page - 2) * 100 : (page - 1) * 100])
    assert words(office, night)["bounded"] == {"right": 11}

    night.fetch([])
    night.fetches[-1] = night.fetches[-1]._replace(in_hand=201)
    assert words(office, night)["bounded"] == {"right": 10, "too many": 1}


# What is seen


def test_the_waterfall_says_what_took_most(office: SimpleNamespace, night: Any) -> None:
    night.begun -= 4
    begun = night.begun
    night._ports["scorer"].calls = [
        Spent("n", begun, [Part("weights", begun, begun + 2.0), Part("rows", begun + 2, begun + 2.5)], 9, {}, 200),
        Spent("another", begun, [Part("weights", begun, begun + 9.0)], 9, {}, 200),
    ]

    [chart, _] = office.pictures.of([night], "The machine is busy")

    assert "none of 1800 rows of night n are delivered after 4." in chart.title
    assert "Most of it: 2.0 s scorer weights, 1.5 s in no call: your job, or its machine, 0.5 s" in chart.title
    assert chart.title.endswith(". The machine is busy")
    assert "due: 6.6 s" in chart.svg()


def test_seconds_in_no_call_are_those_that_none_was_under_way(office: SimpleNamespace, night: Any) -> None:
    at = night.begun
    night._ports["lake"].calls = [Spent("n", at + 1, [Part("call", at + 1, at + 2)], 9, {}, 200)]
    night._ports["scorer"].calls = [
        Spent("n", at + 1.5, [Part("call", at + 1.5, at + 2.5)], 9, {}, 200),
        Spent("n", at + 2.2, [], 0, {}, 429),
        Spent("n", at + 9, [], 0, {}, 0),
    ]
    night.ended = at + 10

    assert night.idle == pytest.approx(1 + 6.5)


def test_what_a_job_asks_for_after_the_end_is_not_of_the_night(office: SimpleNamespace, night: Any) -> None:
    night.close("cut")
    night._ports["lake"].calls = [Spent("n", night.ended + after, [], 0, {}, 404) for after in (-0.1, 0.1)]
    night.begun -= 1

    assert [len(calls) for calls in night.calls.values()] == [1, 0]


def test_a_persons_missing_age_is_odd(office: SimpleNamespace) -> None:
    """So whoever gets it wrong has a kind of odd rows wrong, not a few of all."""
    made = office.nights.made({"seed": 9, "cases": []}, case("big", 2000))
    known = [(row.odd, made.profiles.get(row.sent["person"])) for row in made.rows.values()]
    ageless = [odd for odd, profile in known if profile and profile["age"] is None]

    assert ageless
    assert set(ageless) <= {"no age", "twice"}


def test_practice_asks_for_a_lap_in_about_a_minute(office: SimpleNamespace) -> None:
    plan = draw.public()

    assert 200 <= sum(sum(each["asked"].values()) for each in plan["cases"]) <= 330
    assert [each["kind"] for each in plan["cases"]] == ["big"] * 4 + ["small"] * 4
