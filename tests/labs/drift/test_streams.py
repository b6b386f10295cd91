"""The streams: the same seed gives the same numbers, and what happens in them can be seen from afar."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("warehouse_modules")
FEW = 12
DOMAINS = ("parcels", "orders", "loans", "coldchain", "claims")


def table(domain: str, *happenings: dict[str, Any], seed: int = 5, days: int = 10) -> Any:
    from plan import parse
    from tables import make

    stream = {"id": "a", "domain": domain, "first": "2026-03-03", "days": days, "happenings": list(happenings)}
    plan = parse({"seed": seed, "streams": [stream]})
    return make(plan.streams[0], plan.seed)


def values(made: Any, column: str, day: int) -> list[Any]:
    """A live day's values, without the missing ones."""
    found = made.batch(made.stream.history + day)["columns"][column]
    return [value for value in found if value is not None]


def history(made: Any, column: str) -> list[Any]:
    return [value for day in range(-made.stream.history, 0) for value in values(made, column, day)]


def numbers_of(domain: str) -> tuple[Any, ...]:
    from domains import DOMAINS as known

    return tuple(known[domain].numbers)


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_seed_gives_the_same_table_and_another_seed_another(domain):
    made, again, other = table(domain), table(domain), table(domain, seed=6)

    assert made.batch(20) == again.batch(20) and made.outcomes(20) == again.outcomes(20)
    assert made.batch(20) != other.batch(20)


def test_a_happening_changes_nothing_before_it():
    calm, drifted = table("loans"), table("loans", {"kind": "shift", "column": "amount_eur", "day": 4, "size": 1.5})

    assert [calm.batch(day) for day in range(54)] == [drifted.batch(day) for day in range(54)]
    assert calm.batch(54)["columns"]["amount_eur"] != drifted.batch(54)["columns"]["amount_eur"]
    assert calm.batch(54)["columns"]["age_years"] == drifted.batch(54)["columns"]["age_years"]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("size", [-1.3, 1.3])
def test_the_smallest_shift_is_a_deviation_beyond_the_season(domain, size):
    for number in numbers_of(domain):
        made = table(domain, {"kind": "shift", "column": number.name, "day": 4, "size": size})
        scale = np.log if number.log else np.asarray
        before = scale(np.array(history(made, number.name)))
        moved = [np.median(scale(np.array(values(made, number.name, day)))) for day in range(4, 10)]

        assert np.sign(size) * (np.median(moved) - np.median(before)) > 0.8 * before.std()


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_unit_mistake_lies_beyond_any_shift(domain):
    for number in numbers_of(domain):
        for factor, offset in (*number.units, *(((80, 0), (1 / 80, 0)) if number.log else ())):
            wrong = {"kind": "unit", "column": number.name, "day": 4, "size": factor, "offset": offset}
            made = table(domain, wrong)
            before = np.array(history(made, number.name))
            scale = np.log if before.min() > 0 else np.asarray
            off = np.median(scale(np.array(values(made, number.name, 4)))) - np.median(scale(before))

            assert abs(off) > 4.3 * scale(before).std()
            assert abs(np.median(values(made, number.name, 5)) / np.median(before) - 1) < 1.5


def test_the_smallest_mix_moves_two_fifths_of_the_rows():
    for column in ("purpose", "branch"):
        made = table("loans", {"kind": "mix", "column": column, "day": 0, "size": 0.45})
        before, after = Counter(history(made, column)), Counter(sum((values(made, column, d) for d in range(10)), []))
        shares = [{word: n / sum(c.values()) for word, n in c.items()} for c in (before, after)]

        assert sum(abs(shares[0][word] - shares[1].get(word, 0)) for word in shares[0]) / 2 > 0.3


@pytest.mark.parametrize(
    ("happening", "seen"),
    [
        ({"kind": "gone"}, lambda column: column is None),
        ({"kind": "empty"}, lambda column: set(column) == {None}),
        ({"kind": "constant"}, lambda column: len(set(column)) == 1),
        ({"kind": "recoded"}, lambda column: not set(column) & {"web", "phone", "partner", "office"}),
    ],
    ids=["gone", "empty", "constant", "recoded"],
)
def test_a_broken_column_is_broken_for_that_day_only(happening, seen):
    made = table("loans", {**happening, "column": "branch", "day": 4})

    days = [made.batch(made.stream.history + day)["columns"].get("branch") for day in (3, 4, 5)]

    assert seen(days[1])
    assert not any(seen(day) for day in (days[0], days[2]))


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_spelling_is_a_word_that_is_known(domain):
    from domains import DOMAINS as known
    from happenings import spelling

    spellings = [spelling(number) for number in range(400)]
    for column in known[domain].categories:
        for spelled in spellings:
            assert not {spelled(word) for word in column.values} & set(column.values)
    plain = [spelled("web") for spelled in spellings if spelled("web").isalpha() and spelled("web").islower()]
    assert len(plain) > len(spellings) / 2 and len(set(plain)) > len(plain) / 2, "few are known by heart"


def test_a_few_words_are_misspelt_in_any_way_and_anywhere():
    known, found, rows = {"web", "phone", "partner", "office"}, set(), set()
    for seed in range(30):
        made = table("loans", {"kind": "typos", "column": "branch", "day": 4, "size": 0.03 - seed / 9999}, seed=seed)
        words = made.batch(made.stream.history + 4)["columns"]["branch"]
        odd = {row for row, word in enumerate(words) if word not in known}
        assert len(odd) <= 0.03 * len(words)
        found |= {words[row] for row in odd}
        rows |= odd

    assert len(found) > 15 and len(rows) > 15
    assert {len(word) - len(near) for word in found for near in known if word[:1] == near[:1]} >= {-1, 0, 1}


def residuals(made: Any, days: range) -> float:
    """Labels minus scores, in standard errors."""
    found = [made.outcomes(made.stream.history + day) for day in days]
    score, label = (np.concatenate([each[key] for each in found]) for key in ("score", "label"))
    return float((label - score).sum() / np.sqrt((score * (1 - score)).sum()))


@pytest.mark.parametrize("domain", DOMAINS)
def test_scores_mean_what_they_say_until_the_world_changes(domain):
    drifted = table(domain, {"kind": "shift", "column": numbers_of(domain)[0].name, "day": 4, "size": 1.9})
    raised = table(domain, {"kind": "raised", "day": 4, "size": 1.7})

    assert abs(residuals(drifted, range(-50, 0))) < 4
    assert abs(residuals(drifted, range(4, 8))) < 4
    assert residuals(raised, range(4, 8)) > 6


def test_holidays_are_weekends_and_sales_are_large():
    days = [
        {"kind": "holiday", "day": 2},
        {"kind": "sale", "day": 3, "size": 3.0},
        {"kind": "thin", "day": 6, "size": 0.3},
    ]
    calm, made = table("claims"), table("claims", *days)

    rows = [made.batch(made.stream.history + day)["rows"] / calm.batch(50 + day)["rows"] for day in range(10)]

    assert [made.batch(50 + day)["calendar"] for day in (2, 3, 4, 6)] == ["holiday", "sale", "weekend", "workday"]
    assert rows[2] < 0.75 and rows[3] > 2 and rows[6] < 0.5
    assert all(0.6 < rows[day] < 1.6 for day in (0, 1, 4, 5, 7, 8, 9))


@pytest.mark.parametrize(
    "stream",
    [
        {"domain": "planets"},
        {"happenings": [{"kind": "shift", "day": 0, "column": "mass"}]},
        {"happenings": [{"kind": "explodes", "day": 0}]},
        {"happenings": [{"kind": "thin", "day": 10}]},
        {"days": 15},
        {"first": "tomorrow"},
    ],
    ids=["domain", "column", "kind", "day", "life", "date"],
)
def test_a_plan_that_makes_no_sense_is_refused(stream):
    from plan import BadPlan, parse

    sound = {"id": "a", "domain": "loans", "first": "2026-03-02", "days": 10, "happenings": []}

    assert parse({"seed": 1, "streams": [sound]}).streams[0].history == 50
    with pytest.raises(BadPlan, match="stream .?a"):
        parse({"seed": 1, "streams": [{**sound, **stream}]})


def test_a_drawn_plan_is_pure_whole_and_hides_its_domains(draw):
    from plan import parse

    plan, again, other = draw.draw(3, FEW), draw.draw(3, FEW), draw.draw(4, FEW)
    lives = Counter()
    for stream in plan["streams"]:
        lives[stream["lane"]] += stream["days"]

    assert plan == again != other
    assert parse(plan).seed == 3
    assert set(lives.values()) == {draw.ROUNDS} and len(lives) == FEW
    assert {stream["domain"] for stream in plan["streams"]} - set(draw.PUBLIC)
