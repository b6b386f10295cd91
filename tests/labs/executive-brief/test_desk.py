"""The desk: losses can be told from the tables, the tables bear out what is true, and each page has a word."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from cited import Examined

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file

SCENARIO = find_scenario(find_lab("executive-brief")).folder
QUERIES = SCENARIO / "controls" / "reference" / "brief" / "queries"
draw = import_file(SCENARIO / "draw.py")
RESTLESS, DRAWS = (0.0115, 0.03, 0.065, 0.14), 10


def test_every_plan_asks_as_many_questions_of_months_that_nobody_knows() -> None:
    plans = [draw.draw(seed) for seed in (1, 2, 3)]
    for plan in plans:
        asked = Counter[str]()
        for case in plan["cases"]:
            asked.update(case["asked"])
        assert asked == {**dict.fromkeys(draw.ASKED, 40), "evidence": 120}
        restless = sorted(case["restless"] for case in plan["cases"])
        assert np.allclose(np.diff(np.log(restless)), np.log(0.14 / 0.0115) / 40, atol=0.07)
        assert sorted(Counter(case["offer"] for case in plan["cases"]).values()) == [13, 13, 14]
    assert len({case["id"] for plan in plans for case in plan["cases"]}) == 120


@pytest.fixture(scope="module")
def errors(world: Any, database: Any) -> dict[str, Any]:
    """Of months from calm to restless: how far the reference and plainer reckonings are off, in shares of the loss."""
    case = database({})
    losses = (QUERIES / "losses.sql").read_text()
    found: dict[str, list[float]] = {name: [] for name in ("wanted", "doubt", "net", "gross", "average", "worst")}
    for number in range(len(RESTLESS) * DRAWS):
        sold = world.trade.trade(3, f"month {number}", RESTLESS[number % len(RESTLESS)], ["a", "b"])
        for name, columns in world.months.books(sold).items():
            case.register("columns", {column: np.asarray(values) for column, values in columns.items()})
            case.execute(f"CREATE OR REPLACE TABLE {name} AS FROM columns")
        rows = case.sql(losses.replace("DAYS", "0") + "SELECT outage, lost FROM losses ORDER BY lost DESC").fetchall()
        ends = losses.replace("DAYS", "0").replace("ends + INTERVAL 4 HOUR", "ends")
        gross = case.sql(ends + "SELECT sum(lost) FROM losses").fetchall()[0][0]
        minutes = sum(event.end - event.begin for event in sold.outages)
        found["wanted"].append(RESTLESS[number % len(RESTLESS)])
        found["doubt"].append(sold.doubt / sold.lost)
        found["net"].append(sum(lost for _, lost in rows) / sold.lost - 1)
        found["gross"].append(gross / sold.lost - 1)
        found["average"].append(sold.was.mean() * minutes / 10 / sold.lost - 1)
        found["worst"].append(rows[0][0] == sold.worst.id)
    return {name: np.array(values) for name, values in found.items()}


def test_the_doubt_of_a_month_is_how_far_a_plain_reckoning_errs(errors: dict[str, Any]) -> None:
    assert np.all(errors["doubt"] < 1.3 * errors["wanted"] + 0.01)
    assert np.all(errors["doubt"] > 0.7 * errors["wanted"])
    off = errors["net"] / errors["doubt"]
    assert 0.75 < np.sqrt(np.mean(off**2)) < 1.3 and np.abs(off).max() < 4
    assert errors["worst"].sum() >= len(off) - 1


def test_plainer_reckonings_are_far_off(errors: dict[str, Any]) -> None:
    most = np.maximum(0.1, 3 * errors["doubt"])
    for name in ("gross", "average"):
        assert np.mean(np.abs(errors[name]) > most) > 0.6, name


def test_no_range_of_a_fixed_width_does_for_all_months(errors: dict[str, Any]) -> None:
    """But one of five doubts does."""

    def bad(half: Any) -> float:
        return float(np.mean((np.abs(errors["net"]) > half) | (2 * half > 7 * errors["doubt"])))

    assert bad(2.5 * errors["doubt"]) < 0.06
    assert min(bad(np.full(len(errors["net"]), share)) for share in np.linspace(0.01, 0.4, 40)) > 0.2


def test_what_is_true_can_be_read_from_the_tables(months: Any, database: Any) -> None:
    for one in months:
        case = database(one.tables)
        counted = {str(row[0]) for row in case.sql(
            "SELECT outage FROM outages WHERE status = 'confirmed' AND NOT planned"
        ).fetchall()}  # fmt: skip
        assert counted == {event.id for event in one.trade.outages}
        assert one.truths["left"] == pytest.approx(left_over(case, counted))
        assert one.truths["hours"] == pytest.approx(hours_below(case))
        offers = {row[0]: row for row in case.sql(
            "SELECT proposal, once, (SELECT sum(booked) FROM history AS h WHERE h.component = p.component) * avoids"
            " - yearly FROM proposals AS p"
        ).fetchall()}  # fmt: skip
        budget = case.sql("FROM budget").fetchall()[0][0]
        able = [row for row in offers.values() if row[1] <= budget and 0 < 12 * row[1] <= 24 * row[2]]
        best = max(able, key=lambda row: row[2], default=("none", 0, 0))
        assert one.truths["ask"] == best[0]
        if able:
            assert one.truths["worth"] == pytest.approx(best[2])
            assert one.truths["payback"] == pytest.approx(12 * best[1] / best[2])
            assert len(able) == 1 or sorted(row[2] for row in able)[-2] * 2 < best[2]


def left_over(case: Any, counted: set[str]) -> float:
    """Customer by customer."""
    met = {row[0] for row in case.sql("SELECT customer, outage FROM exposed").fetchall() if row[1] in counted}
    gone = {row[0] for row in case.sql("SELECT customer FROM cancelled").fetchall()}
    plans: dict[str, list[int]] = {}
    for customer, plan in case.sql("SELECT customer, plan FROM customers").fetchall():
        plans.setdefault(plan, []).append(customer)
    total = 0.0
    for members in plans.values():
        hit = [each for each in members if each in met]
        spared = [each for each in members if each not in met]
        total += len(gone.intersection(hit)) - len(hit) * len(gone.intersection(spared)) / len(spared)
    return total


def hours_below(case: Any) -> float:
    """Ticket by ticket, upwards."""
    tickets = {row[0]: row[1:] for row in case.sql("SELECT ticket, parent, kind FROM tickets").fetchall()}

    def below(ticket: str) -> bool:
        parent, kind = tickets[ticket]
        return kind == "incident" or (parent is not None and below(parent))

    return sum(hours for ticket, hours in case.sql("SELECT ticket, hours FROM work").fetchall() if below(ticket))


def test_no_constant_is_near_enough(world: Any) -> None:
    """What is asked for differs from month to month by more than what is forgiven."""
    found: dict[str, list[float]] = {"lost": [], "left": [], "hours": [], "slower": []}
    for number in range(40):
        sold = world.trade.trade(5, f"m{number}", 0.02, ["a"])
        _, left = world.people.people(5, f"m{number}", sold)
        _, hours, slower = world.labour.labour(5, f"m{number}", sold)
        for name, value in (("lost", sold.lost), ("left", left), ("hours", hours), ("slower", slower)):
            found[name].append(value)
    for name, within in (("lost", 0.25), ("left", 0.1), ("hours", 0.03), ("slower", 0.03)):
        values = np.array(found[name])
        assert max(np.mean(np.abs(each / values - 1) <= within) for each in values) < 0.5, name


def said(one: Any, **more: Any) -> Examined:
    """A page that says what is true, and what else is given; None takes a claim away."""
    values = {**one.truths, "low": 0.98 * one.trade.lost, "high": 1.02 * one.trade.lost, **more}
    values = {name: value for name, value in values.items() if value is not None}
    shown = [(name, 10) for name in values]
    return Examined(dict.fromkeys(values, "right"), {}, values, {}, shown, 200)


def words(world: Any, one: Any, found: Examined) -> dict[str, str]:
    return {aspect: word for aspect, (word, _) in world.judge.judged(found, one)}


def test_a_page_of_truths_is_right_and_each_promise_can_be_missed_alone(world: Any, months: Any) -> None:
    for one in months:
        lost, near, wide = one.trade.lost, world.judge.near(one), 3.6 * one.trade.doubt
        assert set(words(world, one, said(one)).values()) == {"right"}
        assert words(world, one, said(one, lost=(1 + 0.95 * near) * lost))["money"] == "right"
        other = next(event.id for event in one.trade.outages if event is not one.trade.worst)
        off = [
            ("money", "wrong", {"lost": (1 + 1.05 * near) * lost}),
            ("money", "wrong", {"worst": other}),
            ("money", "unsaid", {"worst": None}),
            ("trust", "wrong", {"left": 1.2 * one.truths["left"]}),
            ("trust", "wrong", {"left": "many"}),
            ("velocity", "wrong", {"hours": 1.05 * one.truths["hours"]}),
            ("velocity", "wrong", {"slower": 100 * one.truths["slower"]}),
            ("range", "wide", {"low": lost - wide, "high": lost + wide}),
            ("range", "missed", {"low": 1.01 * lost}),
            ("range", "missed", {"low": 1.02 * lost, "high": 0.98 * lost}),
            ("range", "unsaid", {"high": None}),
            ("range", "unsaid", {"high": "much"}),
            ("asked", "wrong", {"ask": "p-000000"}),
        ]
        for promise, word, more in off:
            told = words(world, one, said(one, **more))
            assert {name for name, each in told.items() if each != "right"} - {"evidence"} == {promise}, more
            assert told[promise] == word, more


def test_a_figure_counts_only_where_it_stands_in_the_text(world: Any, months: Any) -> None:
    one = months[0]
    for word, counts in (("unshown", False), ("misquoted", False), ("unfounded", True), ("unread", True)):
        found = said(one)
        found.words["left"] = word
        assert (words(world, one, found)["trust"] == "right") == counts


def test_a_page_is_short_and_asks_once_at_its_beginning(world: Any, months: Any) -> None:
    one = months[0]
    for length, shown, word in (
        (400, [("ask", 80), *((f"c{n}", 90) for n in range(9))], "right"),
        (401, [("ask", 80)], "unread"),
        (100, [("ask", 81)], "unread"),
        (100, [("ask", 10), ("ask", 90)], "unread"),
        (100, [("lost", 10)], "unread"),
        (100, [("ask", 80), *((f"c{n}", 90) for n in range(10))], "unread"),
        (100, [("ask", 80), *(("lost", 90) for n in range(10))], "right"),
    ):
        found = said(one)
        found.length, found.shown = length, shown
        assert words(world, one, found)["page"] == word, (length, shown)


def test_a_page_has_few_lines_of_tables(world: Any, months: Any) -> None:
    head = "We ask.\n\n| outage | minutes |\n|---|---|\n"
    note = "\n[^lost]:\n    ```sql\n    SELECT 'a' || 'b'\n    ```\n    gives 1\n[^left]: `SELECT '|'` gives 1\n"
    for lines, word in ((11, "right"), (12, "unread")):
        rows = world.judge.rows(head + "| o | 9 |\n" * lines + note)
        assert rows == lines + 1
        found = said(months[0])
        found.shown = [("ask", 5)]
        assert dict(world.judge.judged(found, months[0], rows))["page"][0] == word


def test_the_picture_tells_ranges_that_fit_from_those_that_miss_or_are_too_wide(world: Any, months: Any) -> None:
    found = [said(months[0]), said(months[1], low=1.01 * months[1].trade.lost), said(months[2], low=0.0), Examined()]
    seen = [SimpleNamespace(made=one, found=each) for one, each in zip(months, found, strict=False)]
    chart = world.pictures.losses(seen)
    assert chart.title == "3 of 4 briefs name a loss that is near enough; 1 have a range that fits"
    fits, off, *_ = chart.panels[0].layers
    assert fits.xs == pytest.approx([98, 102]) and off.xs == pytest.approx([101, 102, 0, 102])
    for each in world.pictures.of(seen):
        assert each.svg().startswith("<svg")


def test_all_words_count_but_those_of_footnotes(world: Any, months: Any) -> None:
    note = "[^lost]:\n    ```sql\n    SELECT sum(a) FROM b\n    ```\n    gives 1\n[^left]: `SELECT c FROM d` gives 1\n"
    for block, words in (
        ("```\nall that we know\n```", 4),
        ("    of all teams", 3),
        ("<p>and more\nof it</p>", 4),
        ("| a | b |\n|---|---|\n| c and more | d |", 6),
        ("# A heading\n\n- `code` in a line", 2),
    ):
        assert world.judge.blocks(f"We lost 1[^lost].\n\n{block}\n\nAnd 1[^left] left.\n\n{note}") == words, block
    found = said(months[0])
    found.shown = [("ask", 5)]
    for more, word in ((200, "right"), (201, "unread")):
        assert dict(world.judge.judged(found, months[0], 0, more))["page"][0] == word


def test_no_row_of_joins_reaches_all_hours_below_an_incident(months: Any, database: Any) -> None:
    deep = 0
    for one in months:
        parents = dict(database(one.tables).sql("SELECT ticket, parent FROM tickets").fetchall())

        def depth(ticket: str, parents: dict[str, Any] = parents) -> int:
            return 1 + depth(parents[ticket]) if parents[ticket] else 0

        deep += max(map(depth, parents)) > 4
    assert deep >= 4


def test_an_incident_hangs_below_a_ticket_that_is_none(months: Any, database: Any) -> None:
    """Who begins at incidents that have no parent misses its hours."""
    for one in months:
        case = database(one.tables)
        roots = "WITH RECURSIVE below AS (SELECT ticket FROM tickets WHERE kind = 'incident' AND parent IS NULL UNION"
        roots += " SELECT tickets.ticket FROM tickets JOIN below ON tickets.parent = below.ticket)"
        found = case.sql(f"{roots} SELECT sum(hours) FROM work WHERE ticket IN (FROM below)").fetchall()[0][0]
        assert found < 0.97 * one.truths["hours"]


def test_neither_the_dearest_that_fits_nor_what_brings_most_in_24_months_is_worth_most(world: Any) -> None:
    """Of months that have something to ask for: a quarter and more each have another one."""
    others, many = Counter[str](), 80
    for number in range(many):
        sold = SimpleNamespace(at=lambda _: np.datetime64("2025-01-06"))
        made = world.offers.offers(7, f"m{number}", "pays", sold)
        able = [one for one in made.proposals if one.once <= made.budget and one.payback <= 24]
        others["brings"] += max(able, key=lambda one: 2 * one.worth - one.once) is not made.ask
        others["dearest"] += max(able, key=lambda one: one.once) is not made.ask
        others["soonest"] += min(able, key=lambda one: one.payback) is not made.ask
    assert min(others[name] for name in ("brings", "dearest", "soonest")) >= 0.25 * many


def test_the_reference_is_borne_out_and_reads_the_tables(
    world: Any, months: Any, database: Any, reference: Any
) -> None:
    """On three months, with and without an ask: the twin tells each query from a constant."""
    for one in months[:3]:
        found = world.judge.read(reference(database(one.tables)), one)
        told = {name: word for name, word in found.words.items() if name in one.truths or name in ("low", "high")}
        assert set(told.values()) == {"right"}, found.why
        assert set(words(world, one, found).values()) <= {"right", "missed", "wide"}


def test_a_reader_gets_a_calm_month_and_a_restless_one_with_an_ask_and_without(world: Any) -> None:
    for seed in range(20):
        plan = draw.draw(seed)
        kept = world.months.kept(plan)
        ranks = sorted(case["restless"] for case in plan["cases"])
        places = [ranks.index(case["restless"]) for case in kept]
        assert places[0] < 13 <= places[1] < 26 <= places[2]
        assert len({case["offer"] for case in kept}) == 3


def test_the_twin_is_slower_by_another_share(world: Any, months: Any) -> None:
    for one in months:
        here, there = (world.months._slow(tables["releases"], one.trade) for tables in (one.tables, one.twin))
        assert abs(here / there - 1) > 0.001
