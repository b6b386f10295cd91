"""The sealed meter of `define-the-slo`: the log, its months, expressions, and the word for each day and episode."""

from __future__ import annotations

import csv
import importlib
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from plainyaml import NotPlain

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import virtual
from tests.labs.modules import importable

SCENARIO = find_scenario(find_lab("define-the-slo"))
LAB = SCENARIO.lab.folder
SHIPPED = {path.name: path.read_text("utf-8") for path in sorted((LAB / "slo").glob("*.yaml"))}
draw = import_file(SCENARIO.folder / "draw.py")
SMALL = draw.draw(11, days=1, storms=1, leaks=1, calm=1)


def asking(query: str) -> dict[str, str]:
    """The shipped documents with another query of what is good."""
    return SHIPPED | {"home.yaml": SHIPPED["home.yaml"].replace("status < 500", query)}


@pytest.fixture(scope="module")
def meter() -> Iterator[SimpleNamespace]:
    with importable(LAB / "world"):
        names = ("rows", "calendars", "expressions", "judging", "written")
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture(scope="module")
def some(meter: SimpleNamespace) -> list[Any]:
    """Twenty months' rows."""
    return [meter.calendars.Traffic(3, f"m{number}") for number in range(20)]


FELT = {"served": "fine", "unchanged": "fine", "fallback": "fine"} | dict.fromkeys(
    ("failed", "refused", "slow", "empty", "gave-up"), "hurt"
)


def test_what_users_feel_follows_from_the_columns(meter: SimpleNamespace, some: list[Any]) -> None:
    for traffic in some:
        assert {(row.kind, meter.rows.felt(row)) for row in traffic.rows} == {
            (kind, FELT.get(kind, "nobody")) for kind in meter.rows.BASE
        }
        assert not any(290 < row["latency_ms"] < 310 for row in traffic.rows)
        for kind in meter.rows.BASE:
            assert traffic.of(kind).sum() == pytest.approx(1)
        assert traffic.mix[traffic.openings].sum() == pytest.approx(1)


def test_each_month_has_names_of_its_own(some: list[Any]) -> None:
    machines = [{row["agent"] for row in traffic.rows if row["account"] == "none"} for traffic in some]
    assert len(set.union(*machines)) > 0.8 * sum(map(len, machines))
    people = {row["agent"] for traffic in some for row in traffic.rows if row.kind == "served"}
    assert people & {row["agent"] for traffic in some for row in traffic.rows if row["account"] == "service"}


def test_those_who_are_hurt_are_not_always_the_same(some: list[Any]) -> None:
    guests = [
        sum(row.share for row in traffic.rows if row.kind == "slow" and row["account"] == "guest") for traffic in some
    ]
    assert 0.1 < min(guests) < 0.3 and max(guests) > 0.8
    half = [sum(row.share for row in each.rows if row.kind == "slow" and row["latency_ms"] < 400) for each in some]
    assert min(half) > 0.3 and max(half) < 0.7


@pytest.mark.parametrize(("kind", "least", "most"), [("kept", 0.0036, 0.0044), ("spent", 0.0061, 0.0069)])
def test_a_month_in_days_is_what_it_was_drawn_for(meter: SimpleNamespace, kind: str, least: float, most: float) -> None:
    for number in range(20):
        month = meter.calendars.ByDay(5, {"id": f"{kind}{number}", "kind": kind})
        days, whole = month.true
        assert least < whole < most
        assert len({*month.harm.values(), *month.calm.values()}) == 10
        assert min(days[day] for day in month.harm.values()) > 0.005
        assert max(days[day] for day in month.calm.values()) < 0.001


def test_odd_things_go_on_beside_harm(meter: SimpleNamespace) -> None:
    some: dict[str, list[float]] = {kind: [] for kind in meter.calendars.BESIDE}
    for number in range(20):
        month = meter.calendars.ByDay(5, {"id": f"d{number}", "kind": "kept"})
        openings = month.counts @ month.traffic.openings
        for kind, shares in some.items():
            for day in month.harm.values():
                shares.append(month.counts[day][month.traffic.of(kind) > 0].sum() / openings[day])
    for kind, shares in some.items():
        odd = sum(share > meter.rows.BASE[kind] + meter.calendars.MORE[kind][0] * 0.9 for share in shares)
        assert 0.35 < odd / len(shares) < 0.65, kind


@pytest.mark.parametrize("kind", ["storm", "leak"])
def test_harm_has_its_price_and_its_distance(meter: SimpleNamespace, kind: str) -> None:
    calendars = meter.calendars
    for number in range(10):
        month = calendars.ByMinute(5, {"id": f"{kind}{number}", "kind": kind})
        assert [each.what for each in month.told].count("leak") == (2 if kind == "leak" else 0)
        budget = calendars.BUDGET * month.volume.sum()
        for each in month.told:
            cost = np.cumsum(each.rate * month.volume[each.begins : each.ends]) / budget
            assert cost[-1] == pytest.approx(calendars.COSTS[each.what], abs=0.006)
            assert cost[each.deadline - each.begins - 2] < calendars.IN_TIME[each.what] < cost[-1]
        for before, after in zip(month.told, month.told[1:], strict=False):
            assert after.begins - before.ends >= 3 * calendars.A_DAY
        for blip in month.blips:
            assert (blip.ends - blip.begins) * blip.burn / calendars.MINUTES <= 0.004
            assert blip.ends - blip.begins <= 12
        assert len(month.blips) == calendars.DAYS


def test_a_calm_month_has_each_oddity_and_days_without(meter: SimpleNamespace) -> None:
    month = meter.calendars.ByMinute(5, {"id": "c", "kind": "calm"})
    assert {each.kind for each in month.told} == {*meter.calendars.ODD, ""}
    assert [each.what for each in month.told].count("nothing") == 10
    days = [{each.begins // 1440, (each.ends - 1) // 1440} for each in month.told]
    assert all(len(day) == 1 for day in days) and len(set.union(*days)) == 20


def test_counts_by_minute_are_what_is_expected(meter: SimpleNamespace) -> None:
    month = meter.calendars.ByMinute(5, {"id": "s", "kind": "storm"})
    good, openings = ~month.traffic.hurt, month.traffic.openings

    bad, total = month.counted(good, openings)

    assert total.sum() == pytest.approx(month.volume.sum(), rel=0.002)
    for each in month.told:
        span = slice(each.begins, each.ends)
        assert bad[span].sum() / total[span].sum() == pytest.approx(each.rate + 0.0006, rel=0.1)
    again, _ = month.counted(good, openings)
    assert (again == bad).all()
    nothing, all_ = month.counted(good, np.zeros_like(openings))
    assert not all_.any() and not nothing.any()


EXPRESSIONS = [
    ("status = 200", lambda row: row["status"] == 200),
    ("status BETWEEN 400 AND 499 OR NOT synthetic", lambda row: 400 <= row["status"] <= 499 or not row["synthetic"]),
    ("route IN ('home', 'search') AND app <> ''", lambda row: row["route"] in ("home", "search") and row["app"] != ""),
    ("lower(agent) LIKE 'mozilla%'", lambda row: row["agent"].startswith("Mozilla")),
    (
        "CASE WHEN status = 499 THEN latency_ms > 300 ELSE TRUE END",
        lambda r: r["status"] != 499 or r["latency_ms"] > 300,
    ),
    ("NULL", lambda row: False),
    ("NULL OR fallback = TRUE", lambda row: row["fallback"]),
    ("coalesce(NULL, items) >= 20", lambda row: row["items"] >= 20),
    ("agent = 'it''s'", lambda row: False),
    ("status = '200'", lambda row: row["status"] == 200),
]


@pytest.mark.parametrize(("text", "means"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_an_expression_is_true_of_the_rows_that_it_means(
    meter: SimpleNamespace, some: list[Any], text: str, means: Any
) -> None:
    rows = [row for traffic in some for row in traffic.rows]
    assert meter.expressions.Log(rows).where(text).tolist() == [bool(means(row)) for row in rows]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no expression"),
        ("status", None),
        ("(" * 1900 + "1" + ")" * 1900, None),
        ("(SELECT 1)", "'SELECT' is no column"),
        ("1) FROM log UNION VALUES (1", "'FROM' is no column"),
        ("status = 200; DROP TABLE log", "is not understood"),
        ("status = 200 -- and so on", "is not understood"),
        ("rowid = 1", "'rowid' is no column"),
        ("randomblob(1000000000)", "'randomblob' is no column"),
        ('"status" = 200', "is not understood"),
        ("agent GLOB 'a*'", "'GLOB' is no column"),
        ("agent LIKE '%_%_%_%_%'", "at most 3 times %"),
        ("status + 1 = 201", "is not understood"),
        ("status IN (", "no expression"),
        ("NOT " * 900 + "1", "no expression"),
        ("status = 'x", "is not understood"),
        ("status = 9" + "9" * 3000, None),
        ("é = 1", "is not understood|no column"),
        ("status = 1" * 1000, "at most 4000"),
        ("status = 200\x00", "is not understood"),
        ("agent = '\ud800'", "no expression"),
        ("status COLLATE nocase = 1", "'COLLATE' is no column"),
    ],
)
def test_nothing_but_an_expression_is_looked_up(
    meter: SimpleNamespace, some: list[Any], text: str, why: str | None
) -> None:
    log = meter.expressions.Log(some[0].rows)
    if why is None:
        assert len(log.where(text)) == len(some[0].rows)
        return
    with pytest.raises(NotPlain, match=why):
        log.where(text)


def policy(meter: SimpleNamespace, threshold: float, long: int, short: int, after: int, tells: str) -> Any:
    return meter.written.Policy("p", frozenset([tells]), threshold, long, short, after)


def test_alerts_are_open_as_a_slow_loop_says(meter: SimpleNamespace) -> None:
    rng, minutes = np.random.default_rng(4), meter.calendars.MINUTES
    total = rng.poisson(3, minutes)
    bad = rng.binomial(total, np.where(np.arange(minutes) % 700 < 90, 0.2, 0.004))
    promise = meter.written.Promise(
        "", "", 0.99, [policy(meter, 4, 60, 5, 3, "page"), policy(meter, 1, 300, 300, 1, "ticket")]
    )

    open_ = meter.judging.alerts(promise, bad, total)

    def burns(at: int, window: int) -> float:
        span = slice(max(0, at - window + 1), at + 1)
        return float(bad[span].sum() / max(1, total[span].sum()) / (1 - 0.99))

    over = [burns(at, 60) >= 4 and burns(at, 5) >= 4 for at in range(3_000)]
    assert open_["page"][:3_000].tolist() == [at >= 2 and all(over[at - 2 : at + 1]) for at in range(3_000)]
    assert open_["ticket"][:3_000].tolist() == [burns(at, 300) >= 1 - 1e-9 for at in range(3_000)]
    assert 0 < open_["page"].sum() < minutes / 4


def told(meter: SimpleNamespace, episode: dict[str, Any], page: list[range], ticket: list[range]) -> dict[str, str]:
    """The words about an episode, with alerts open so."""
    minutes = meter.calendars.MINUTES
    open_ = {"page": np.zeros(minutes, bool), "ticket": np.zeros(minutes, bool)}
    for name, spans in (("page", page), ("ticket", ticket)):
        for span in spans:
            open_[name][span.start : span.stop] = True
    each = meter.calendars.Episode(**episode)
    return {aspect: word for aspect, word, _ in meter.judging.JUDGED[each.what](each, open_)}


FAST = {"what": "fast", "kind": "slow", "begins": 1000, "ends": 1200, "rate": 0.2, "deadline": 1150}
LEAK = {"what": "leak", "kind": "slow", "begins": 1000, "ends": 9000, "rate": 0.01, "deadline": 7000}
ODD = {"what": "odd", "kind": "flood", "begins": 1000, "ends": 1200, "rate": 0.5}
WORDS = [
    ("in time", FAST, [range(1020, 1205)], [], {"paged": "right", "stops": "right"}),
    ("too late", FAST, [range(1150, 1205)], [], {"paged": "late", "stops": "right"}),
    ("open before", FAST, [range(900, 1205)], [], {"paged": "late", "stops": "right"}),
    ("open before, and again", FAST, [range(900, 1010), range(1100, 1205)], [], {"paged": "right", "stops": "right"}),
    ("rings on", FAST, [range(1020, 1330)], [], {"paged": "right", "stops": "rings"}),
    ("rings again", FAST, [range(1020, 1205), range(2600, 2610)], [], {"paged": "right", "stops": "rings"}),
    ("never", FAST, [], [range(0, 9000)], {"paged": "late", "stops": "unpaged"}),
    ("a ticket", LEAK, [], [range(6999, 9000)], {"ticketed": "right"}),
    ("an old ticket", LEAK, [], [range(0, 9000)], {"ticketed": "late"}),
    ("a late ticket", LEAK, [], [range(7000, 9000)], {"ticketed": "late"}),
    ("a page too", LEAK, [range(8000, 8001)], [range(2000, 9000)], {"ticketed": "page"}),
    ("a page when it is over", LEAK, [range(12_000, 12_010)], [range(2000, 9000)], {"ticketed": "page"}),
    ("an old page", LEAK, [range(900, 1001)], [range(2000, 9000)], {"ticketed": "right"}),
    ("two days later", FAST, [range(1020, 1205), range(2700, 2710)], [], {"paged": "right", "stops": "right"}),
    ("quiet", ODD, [range(0, 1000)], [range(1200, 1300)], {"quiet": "right"}),
    ("a page", ODD, [range(1199, 1300)], [range(0, 1300)], {"quiet": "page"}),
    ("only a ticket", ODD, [], [range(900, 1300)], {"quiet": "ticket"}),
]


@pytest.mark.parametrize(
    ("episode", "page", "ticket", "words"), [line[1:] for line in WORDS], ids=[x[0] for x in WORDS]
)
def test_a_word_for_each_episode(
    meter: SimpleNamespace, episode: Any, page: list[range], ticket: list[range], words: dict[str, str]
) -> None:
    assert told(meter, episode, page, ticket) == words


def test_a_day_is_right_to_a_tenth_of_a_point(meter: SimpleNamespace) -> None:
    month = meter.calendars.ByDay(5, {"id": "d", "kind": "spent"})
    promise = meter.written.Promise("", "", 0.995, [])
    good, openings = ~month.traffic.hurt, month.traffic.openings

    right = list(meter.judging.on_days(promise, month, good, openings))
    blind = list(meter.judging.on_days(promise, month, np.ones_like(good), openings))
    nobody = list(meter.judging.on_days(promise, month, good, np.zeros_like(good)))

    assert [word for _, word, _ in right] == ["right"] * 11
    assert [word for _, word, _ in blind] == ["off"] * 5 + ["right"] * 5 + ["kept"]
    assert [word for _, word, _ in nobody] == [word for _, word, _ in blind]
    strict = meter.written.Promise("", "", 0.9999, [])
    kept = meter.calendars.ByDay(5, {"id": "e", "kind": "kept"})
    *_, (aspect, word, _) = meter.judging.on_days(strict, kept, ~kept.traffic.hurt, kept.traffic.openings)
    assert (aspect, word) == ("budget", "spent")


def test_a_season_tells_all_that_is_asked_and_shows_it() -> None:
    world = virtual.made(LAB / "world", SMALL)
    told = virtual.play(world, lambda *_: virtual.handed(SHIPPED))

    asked = {aspect: 0 for case in SMALL["cases"] for aspect in case["asked"]}
    for case in SMALL["cases"]:
        for aspect, many in case["asked"].items():
            asked[aspect] += many
    assert {aspect: words.total() for aspect, words in told.words.items()} == asked
    assert "page while the burn rate is at least 1 over 5m" in world.page("")
    assert world.page("panel").count("differs") > 20
    assert "gave-up" in world.page("days") and "TICKET" not in world.page("alerts") and "PAGE" in world.page("alerts")
    assert world.page("no-such") == ""


@pytest.mark.parametrize(
    ("files", "left_out", "why"),
    [
        ({}, {}, "one document of the kind SLO, not 0"),
        (asking("<script>alert(1)"), {}, "&#x27;script&#x27; is no column"),
        (asking("status IN (1, (2"), {}, "no expression"),
        (SHIPPED, {"more.yaml": "is a link"}, "more.yaml: is a link"),
    ],
    ids=["none", "markup", "no expression", "left out"],
)
def test_what_is_no_slo_is_malformed_and_the_page_says_why(
    files: dict[str, str], left_out: dict[str, str], why: str
) -> None:
    world = virtual.made(LAB / "world", SMALL)
    told = virtual.play(world, lambda *_: virtual.handed(files, left_out))

    assert dict(told.words) == {"rest": {"malformed": len(SMALL["cases"])}}
    assert why in world.page("") and "<script" not in world.page("")


def test_the_public_panel_is_the_first_months(meter: SimpleNamespace) -> None:
    plan = json.loads((LAB / "public" / "plan.json").read_text("utf-8"))
    with (LAB / "public" / "panel.csv").open(encoding="utf-8") as file:
        lines = list(csv.reader(file))
    case = next(case for case in plan["cases"] if case["kind"] in ("kept", "spent"))
    rows = meter.calendars.ByDay(plan["seed"], case).traffic.rows
    said = {(line[0], *line[2:]) for line in lines[1:]}
    assert lines[0] == ["felt", "times", *meter.rows.COLUMNS]
    assert said == {(meter.rows.felt(row), *map(str, row.columns)) for row in rows}
    assert sum(int(line[1]) for line in lines[1:]) == pytest.approx(draw.TESTED, rel=0.05)
