"""The weeks of `alert-fatigue`: what is drawn, the word for what was told, and how much luck there is."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs.modules import importable

SCENARIO = find_scenario(find_lab("alert-fatigue"))
HERE = Path(__file__).parent
DRAW = import_file(SCENARIO.folder / "draw.py")
PLAIN = ("calendar_week", "judging", "pager", "routes", "spans")

with importable(SCENARIO.lab.folder / "world"):
    WORLD = SimpleNamespace(**{name: importlib.import_module(name) for name in PLAIN})
RECKONED = import_file(HERE / "reckoned.py")
CALENDAR = WORLD.calendar_week
WEEKS = [CALENDAR.Week(seed, "w") for seed in range(6)]


def of(what: str) -> list[tuple[Any, Any]]:
    """Regions and their episodes of a kind, in all weeks."""
    return [
        (region, each) for week in WEEKS for region in week.regions for each in region.episodes if each.what == what
    ]


# What is drawn


def test_a_week_is_the_same_for_a_seed_and_another_for_another() -> None:
    one, same, other = CALENDAR.Week(1, "a"), CALENDAR.Week(1, "a"), CALENDAR.Week(1, "b")
    assert [region.episodes for region in one.regions] == [region.episodes for region in same.regions]
    assert [region.episodes for region in one.regions] != [region.episodes for region in other.regions]
    assert (one.regions[0].requests == same.regions[0].requests).all()


@pytest.mark.parametrize("week", WEEKS)
def test_a_week_has_as_many_questions_as_are_asked(week: Any) -> None:
    told = Counter(aspect for aspect, _, _ in WORLD.judging.judged(week, []))
    assert told == DRAW.ASKED


@pytest.mark.parametrize("week", WEEKS)
def test_incidents_are_apart_and_within_the_week(week: Any) -> None:
    assert len({region.name for region in week.regions}) == 8
    for region in week.regions:
        wild = [each for each in region.episodes if each.what in WORLD.judging.INCIDENTS]
        assert len(wild) == (10 if region.stormy else 0)
        for each, following in zip(wild, wild[1:], strict=False):
            assert following.begins - each.ends >= CALENDAR.APART
        assert all(CALENDAR.A_DAY <= each.begins < each.deadline < each.ends <= CALENDAR.SPAN for each in wild)


def test_nobody_has_less_than_forty_minutes_where_people_are_hurt_fast() -> None:
    assert min(each.deadline - each.begins for _, each in of("fast")) == CALENDAR.FAST_LEAST == 20
    assert {each.deadline - each.begins for _, each in of("silence")} == {12}


def test_no_silence_is_at_the_hour_of_one_the_day_before() -> None:
    begins: dict[str, list[int]] = {}
    for number, week in enumerate(WEEKS):
        for region in week.regions:
            begins[f"{number} {region.name}"] = [each.begins for each in region.episodes if each.what == "silence"]
    for starts in begins.values():
        assert not any(abs(later - earlier - CALENDAR.A_DAY) < 46 for later in starts for earlier in starts)


def test_a_leak_is_told_before_it_is_over_and_over_before_the_week_is() -> None:
    leaks = of("leak")
    assert len(leaks) == 8 * len(WEEKS)
    assert all(each.begins < each.deadline < each.ends < CALENDAR.SPAN for _, each in leaks)


def test_where_a_region_is_gone_requests_have_fallen_to_nothing() -> None:
    for region, each in of("silence"):
        inside = slice(each.begins, each.ends)
        assert region.seen[inside].all() == (each.kind == "fallen") and region.seen[each.begins - 1]
        assert region.requests[:, inside].sum() < 0.05 * region.requests[:, each.begins - 30 : each.begins].sum() + 200


# The word for what was told


def told(receiver: str, begin: float, end: float, **labels: str) -> Any:
    return RECKONED.opened(WORLD, receiver, (begin, end), **labels)


def words(found: list[Any], aspect: str, week: Any = WEEKS[0]) -> Counter[str]:
    return Counter(word for name, word, _ in WORLD.judging.judged(week, found) if name == aspect)


FIRST = next((region, each) for region, each in of("fast") if region in WEEKS[0].regions)


@pytest.mark.parametrize(
    ("after", "labels", "right"),
    [(0, True, 1), (20, True, 1), (-1, True, 0), (200, True, 0), (5, False, 0)],
)
def test_a_page_in_time_opens_after_the_incident_and_names_the_region(after: int, labels: bool, right: int) -> None:
    region, each = FIRST
    named = {"region": region.name} if labels else {}
    assert words([told("page", each.begins + after, each.ends, **named)], "paged")["right"] == right


def test_a_second_page_of_one_incident_is_told_apart_from_none() -> None:
    region, each = FIRST
    pages = [told("page", each.begins + after, each.begins + after + 1, region=region.name) for after in (1, 9)]
    assert words(pages[:1], "single") == {"right": 1, "nobody": 39}
    assert words(pages, "single") == {"again": 1, "nobody": 39}


def test_a_page_without_a_region_is_one_of_all() -> None:
    quiet = WEEKS[0].regions
    calm = [region for region in quiet if not region.stormy]
    found = [told("page", CALENDAR.A_DAY + 5, CALENDAR.A_DAY + 6)]
    assert words(found, "quiet")["page"] == len(calm) == 4
    assert words([told("page", CALENDAR.A_DAY + 5, CALENDAR.A_DAY + 6, region=calm[0].name)], "quiet")["page"] == 1
    assert words([told("ticket", CALENDAR.A_DAY + 5, CALENDAR.A_DAY + 6)], "quiet")["page"] == 0


def test_a_leak_wants_a_ticket_of_its_service_and_no_page() -> None:
    region, each = next((region, each) for region, each in of("leak") if region in WEEKS[0].regions)
    service = CALENDAR.SERVICES[each.services[0]]
    ticket = told("ticket", each.begins + 60, each.ends, region=region.name, service=service)
    calm = next(at for at in range(each.begins, each.ends) if not any(
        odd.begins <= at < odd.ends + 30 for odd in region.episodes if odd.what == "noise"))  # fmt: skip
    page = told("page", calm, calm + 1, region=region.name, service=service)
    elsewhere = told("page", calm, calm + 1, region=region.name, service="other")
    assert words([ticket], "ticketed") == {"right": 1, "late": 7}
    assert words([ticket, elsewhere], "ticketed") == {"right": 1, "late": 7}
    assert words([ticket, page], "ticketed")["page"] == 1
    assert words([told("ticket", each.begins + 60, each.ends, region=region.name)], "ticketed") == {"late": 8}


def test_a_ticket_of_a_clean_service_spoils_each_day_on_which_it_is_open() -> None:
    region = next(region for region in WEEKS[0].regions if region.clean)
    service = CALENDAR.SERVICES[region.clean[0]]
    long = told("ticket", CALENDAR.A_DAY - 5, 3 * CALENDAR.A_DAY + 5, region=region.name, service=service)
    assert words([long], "orderly") == {"ticket": 3, "right": 25}


# Luck


TARGETS = {slo.id: slo.target for slo in SCENARIO.slos.values()}


def burnt(rule: str) -> dict[str, float]:
    """Of each objective, the share of bad words in all weeks, over what its target allows."""
    counts = sum((RECKONED.words(week, WORLD, getattr(RECKONED, rule)) for week in WEEKS), Counter[tuple[str, str]]())
    found = {}
    for aspect, target in TARGETS.items():
        asked = {word: many for (name, word), many in counts.items() if name == aspect}
        bad = sum(many for word, many in asked.items() if word != "right")
        found[aspect] = bad / sum(asked.values()) / (1 - target)
    return found


@pytest.mark.parametrize("rule", ["reference", "alternative"])
def test_who_has_to_pass_burns_a_quarter_of_each_budget_at_most(rule: str) -> None:
    assert max(burnt(rule).values()) <= 0.25


def test_five_minutes_alone_burn_twice_what_they_may() -> None:
    found = burnt("five_minutes")
    assert found["noise"] >= 2 and found["quiet"] >= 2
