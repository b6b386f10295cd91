"""The desk: tables that tell one story, figures that can be found and not guessed, and a word for each review."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from cited import Examined, examine
from cited.twins import parquets, twin
from cited_cases.runs import Written

from grader.course.catalog import find_lab

from . import agreement
from .conftest import DRAWS, draw

MINUTE = np.timedelta64(60, "s")


def test_every_plan_asks_as_many_questions_of_incidents_that_nobody_knows() -> None:
    plans = [draw.draw(seed) for seed in range(20)]
    for plan in plans:
        asked, kinds, factors, turns = (Counter[str]() for _ in range(4))
        for case in plan["cases"]:
            asked.update(case["asked"])
            kinds[case["kind"]] += 1
            factors.update(case["factors"])
            turns.update(case["turns"])
            assert not ("one" in case["turns"] and case["kind"] in ("host", "outside"))
            assert not (case["kind"] == "outside" and "foretold" in case["factors"])
        assert asked == {**dict.fromkeys(draw.ASKED, 28), "evidence": 84}
        assert set(kinds.values()) == {7} and len(kinds) == 4
        assert {factors.pop("foretold")} == {10} and set(factors.values()) == {14}
        assert turns.pop("one") == 12 and len(turns) == 6 and set(turns.values()) == {14}
        assert len({(case["kind"], *case["turns"]) for case in plan["cases"]}) >= 20
    assert len({case["id"] for plan in plans for case in plan["cases"]}) == 20 * 28


@pytest.mark.parametrize("agree", agreement.ALL, ids=lambda agree: agree.__name__)
def test_the_tables_of_an_evening_tell_one_story(agree: Any, incidents: Any) -> None:
    for one in incidents:
        agree(one)


def test_what_is_at_fault_outweighs_all_else_and_no_factor_is_near_its_limit(incidents: Any) -> None:
    limits = {"late-page": 5, "late-word": 10, "slow-undo": 20, "storm": 2, "foretold": 10, "repeat": 90}
    for one in incidents:
        truth = one.truth
        innocent = [weight for change, weight in truth.weights.items() if f"change:{change}" != truth.cause]
        assert (
            truth.weight > 0.55
            and max(innocent) < 0.4
            and min(map(abs, innocent)) > 0.005
            and 3 <= len(truth.weights) <= 5
        )
        heaviest = max(truth.places.values())
        assert truth.weight >= heaviest - 1e-9, "no place weighs more than the cause"
        assert truth.holds == [factor for factor in limits if factor in one.case["factors"]]
        for factor, limit in limits.items():
            figure = truth.figures[factor]
            assert figure < 0.89 * limit or figure > 1.14 * limit, (factor, figure)


def test_what_a_hurried_review_takes_is_wrong(incidents: Any) -> None:
    """Local time for UTC, the newest change, the loudest service, all clients, the first page of the evening."""
    right: Counter[str] = Counter()
    for one in incidents:
        truth, tables = one.truth, one.tables
        shown = dict(zip(tables["changes"]["change"], tables["changes"]["shown"], strict=True))
        near = {change for change, when in shown.items() if truth.started - 30 * MINUTE <= when < truth.started}
        right["clock"] += near == {*truth.weights}
        before = {change.id: change.begun for change in one.scene.changes if change.id in truth.weights}
        right["newest"] += truth.cause == f"change:{max(before, key=lambda each: before[each])}"
        errors = tables["logs"]["service"][tables["logs"]["level"] == "error"]
        right["loudest"] += most(errors) == truth.component
        rows = tables["requests"]
        during = (rows["ts"] >= truth.started) & (rows["ts"] < truth.ended) & (rows["status"] >= 500)
        logged = np.isin(tables["logs"]["request"], rows["request"][during])
        right["loudest of failed"] += most(tables["logs"]["service"][logged]) == truth.component
        right["code of failed"] += most(tables["logs"]["code"][logged]) == truth.reason
        bad = (np.array(truth.minutes) > 0.05).tolist()
        first = int((truth.started - rows["ts"].min().astype("datetime64[m]")) / MINUTE)
        last = int((truth.ended - truth.started) / MINUTE) + first
        right["any bad minute"] += not any(bad[:first]) and not any(bad[last:])
        right["first calm"] += all(bad[first:last])
        right["an hour"] += not any(30 < (one.scene.onset - change.begun) / 60 < 60 for change in one.scene.changes)
        right["everybody"] += len(set(rows["customer"][during].tolist())) <= 1.02 * truth.customers
        first = min(tables["pages"]["ts"][np.array(tables["pages"]["urgency"]) == "page"])
        right["page"] += abs(first - truth.started) <= 1.5 * MINUTE
        right["paged"] += abs(truth.paged - truth.started) <= 1.5 * MINUTE
    assert right["clock"] == right["everybody"] == right["page"] == right["paged"] == 0
    assert right["loudest"] == right["loudest of failed"] == right["code of failed"] == right["an hour"] == 0
    assert right["newest"] <= DRAWS / 4 and right["any bad minute"] <= DRAWS / 2 and right["first calm"] <= 0.75 * DRAWS


def test_each_turn_makes_one_shortcut_wrong(incidents: Any) -> None:
    """A shortcut is wrong in evenings that have its turn, and in no other but by other rules."""
    turns = Counter(turn for one in incidents for turn in one.case["turns"])
    wrong, known = Counter[str](), Counter[str]()
    for one in incidents:
        truth, scene, has = one.truth, one.scene, {*one.case["turns"]}
        bad = (np.array(truth.minutes) > 0.05).tolist()
        first = int((truth.started - one.tables["requests"]["ts"].min().astype("datetime64[m]")) / MINUTE)
        last = int((truth.ended - truth.started) / MINUTE) + first
        failed = "pay" if scene.kind == "outside" else scene.fault
        mine = sorted((each for each in scene.changes if each.role == failed), key=lambda each: each.begun)
        suspects = [each for each in mine if each.id in truth.weights]
        fix = next(each for each in scene.changes if each.id == truth.mitigated)
        undone = [each for each in scene.changes if each.kind == "deploy" and scene.onset < each.begun < scene.fix]
        alike = [place for place, weight in truth.places.items() if weight > truth.weight - 0.02]
        seen = {
            "early": any(bad[:first]),
            "late": any(bad[last:]),
            "lull": not all(bad[first:last]),
            "same": any(f"change:{each.id}" != truth.cause for each in suspects),
            "around": fix.role != failed,
            "back": bool(undone),
            "one": truth.cause.startswith("change:") and bool(alike),
        }
        for turn, there in seen.items():
            wrong[turn] += there and turn in has
            known[turn] += there and turn not in has
    for turn, many in turns.items():
        assert wrong[turn] >= 0.75 * many, (turn, wrong, turns)
        assert known[turn] <= DRAWS / 4, (turn, known)


def test_a_gauge_foretells_for_one_host_and_for_half_an_hour(incidents: Any) -> None:
    """Who counts minutes of any host of the component, or of the whole evening, is often wrong."""
    wrong = Counter[str]()
    for one in incidents:
        truth, gauges = one.truth, one.tables["gauges"]
        hosts = [host for host, name in zip(*one.tables["hosts"].values(), strict=True) if name == truth.component]
        above = np.max([gauges[name] for name in ("cpu", "pool", "disk")], axis=0) > 90
        above &= gauges["ts"] < truth.started
        near = above & (gauges["ts"] >= truth.started - 30 * MINUTE)
        found = {
            "any host": len(set(gauges["ts"][near & np.isin(gauges["host"], hosts)].tolist())),
            "evening": max((int((above & (gauges["host"] == host)).sum()) for host in hosts), default=0),
        }
        figure = truth.figures["foretold"]
        for rule, minutes in found.items():
            wrong[rule] += max(minutes, figure) > 10 and (min(minutes, figure) <= 10 or abs(minutes - figure) > 1.5)
    assert wrong["any host"] >= DRAWS / 3 and wrong["evening"] >= DRAWS / 6, wrong


def most(names: Any) -> Any:
    return Counter(names.tolist()).most_common(1)[0][0]


def test_no_constant_is_near_enough(world: Any, incidents: Any) -> None:
    found: dict[str, list[float]] = {}
    for one in incidents:
        for name, value in world.judge.truths(one.truth).items():
            if isinstance(value, float) and not name.startswith("weighed-c-"):
                found.setdefault(name, []).append(value)
        innocent = [weight for change, weight in one.truth.weights.items() if f"change:{change}" != one.truth.cause]
        for constant in (0.0, -one.truth.share, -one.truth.weight):
            assert any(abs(weight - constant) > 0.02 for weight in innocent)
    for name in ("customers", "failed-share", "lost-eur"):
        values = found[name]
        assert max(sum(world.judge.near(name, each, value) for value in values) for each in values) <= DRAWS / 4, name
    sets = Counter(tuple(one.truth.holds) for one in incidents)
    assert sets.most_common(1)[0][1] <= DRAWS / 6


def said(world: Any, one: Any, **more: Any) -> Examined:
    """A review that says what is true, and what else is given; None takes a claim away."""
    values = {**world.judge.truths(one.truth), **{name.replace("_", "-"): value for name, value in more.items()}}
    values = {name: value for name, value in values.items() if value is not None}
    shown = [(name, 10 * at) for at, name in enumerate(values)]
    return Examined(dict.fromkeys(values, "right"), {}, values, {}, shown, 200)


def words(world: Any, one: Any, found: Examined) -> dict[str, str]:
    return {aspect: word for aspect, (word, _) in world.judge.judged(found, one.truth, ["started"])}


def test_a_review_of_truths_is_right_and_each_promise_can_be_missed_alone(world: Any, incidents: Any) -> None:
    for one in incidents:
        truth = world.judge.truths(one.truth)
        assert set(words(world, one, said(world, one)).values()) == {"right"}
        suspect = next(iter(one.truth.weights))
        factor = next((each for each in world.kinds.FACTORS if each not in one.truth.holds), None)
        off = [
            ("impact", "wrong", {"customers": 1.05 * truth["customers"]}),
            ("impact", "wrong", {"lost_eur": "much"}),
            ("impact", "unsaid", {"failed_share": None}),
            ("timeline", "wrong", {"started": truth["started"] + timedelta(seconds=120)}),
            ("timeline", "wrong", {"ended": 5.0}),
            ("timeline", "wrong", {"mitigated": "c-000000"}),
            ("cause", "wrong", {"component": "edge"}),
            ("cause", "wrong", {"cause": "change:c-000000"}),
            ("cause", "wrong", {"weighed_cause": truth["weighed-cause"] - 0.03}),
            ("cause", "unsaid", {"reason": None}),
            ("weighed", "missing", {f"weighed_{suspect}": None}),
            ("weighed", "wrong", {f"weighed_{suspect}": truth[f"weighed-{suspect}"] + 0.03}),
            ("weighed", "too many", {"weighed_c_000000": 0.0}),
            ("actions", "too many", {f"action_{factor or 'more'}": 1.0}),
        ]
        if one.truth.holds:
            off.append(("actions", "missing", {f"action_{one.truth.holds[0]}": None}))
            off.append(("actions", "wrong", {f"action_{one.truth.holds[0]}": 500.0}))
        for promise, word, more in off:
            told = words(world, one, said(world, one, **more))
            assert {name for name, each in told.items() if each != "right"} == {promise}, more
            assert told[promise] == word, (more, told)
        near = {"started": truth["started"] + timedelta(seconds=60), "weighed_cause": truth["weighed-cause"] + 0.015}
        assert set(words(world, one, said(world, one, **near)).values()) == {"right"}


def test_a_figure_counts_only_where_it_stands_in_the_text_and_times_in_their_order(world: Any, incidents: Any) -> None:
    one = incidents[0]
    for word, counts in (("unshown", False), ("misquoted", False), ("unfounded", True), ("unread", True)):
        found = said(world, one)
        found.words["component"] = word
        assert (words(world, one, found)["cause"] == "right") == counts
    found = said(world, one)
    found.shown.reverse()
    assert words(world, one, found)["timeline"] == "disordered"
    found.shown.sort(key=lambda each: [*found.values].index(each[0]))
    found.shown.append(("started", 900))  # again, further down
    assert words(world, one, found)["timeline"] == "right"


def test_the_reference_is_borne_out_with_and_without_a_change(
    world: Any, incidents: Any, database: Any, reference: Any
) -> None:
    """Every claim, whatever the exam would draw: the twin tells each query from a constant."""
    for kind in ("version", "outside"):
        one = next(each for each in incidents if each.case["kind"] == kind)
        tables = parquets(one.tables)
        assert sum(map(len, tables.values())) < 500_000
        other = twin(tables, 7, world.incidents.NAMES, world.incidents.AMOUNTS, world.incidents.WHOLE)
        asked = world.judge.names(one.truth)
        found = examine(reference(database(tables)), tables, other, asked, free=world.judge.FREE)
        assert {found.words[name] for name in asked} == {"right"}, found.why
        assert set(words(world, one, found).values()) == {"right"}


def test_the_example_of_the_brief_is_the_first_public_incident(world: Any) -> None:
    plan = draw.public()
    true = world.judge.truths(world.incidents.made(plan["seed"], plan["cases"][0]).truth)
    text = (find_lab("incident-review").folder / "DETAILS.md").read_text("utf-8")
    for name in ("started", "customers", "mitigated", "cause"):
        line = next(line for line in text[text.index(f"[^{name}]:") :].splitlines() if "gives" in line)
        shown = line.rpartition("gives ")[2].strip('"')
        assert str(true[name]).removesuffix(":00").removesuffix(".0") == shown
    name = next(name for name in true if name.startswith("weighed-c-") and f"[^{name}]:" in text)
    line = next(line for line in text.splitlines() if line.startswith(f"[^{name}]:"))
    assert float(line.rpartition("gives ")[2]) == pytest.approx(true[name], abs=1e-4)


def test_the_same_seed_gives_the_same_incident(world: Any, incidents: Any) -> None:
    again = world.incidents.made(11, dict(incidents[2].case))
    assert again.truth.weights == incidents[2].truth.weights and again.truth.lost == incidents[2].truth.lost


def test_what_a_run_raised_is_said_in_one_line_and_not_as_a_caret(world: Any) -> None:
    raised = "_duckdb.ParserException: Parser Error: syntax error at or near 'at'"
    trace = ["Traceback (most recent call last):", '  File "x", line 3', raised, "", "LINE 1: SELECT at", "  ^^^^"]
    log = "\n".join(["KeyError: of another", *trace, ""])
    caret = "the run ended with exit code 1: ^^^^"
    assert world.pages.reason(Written("none", caret, log=log)) == caret.replace("^^^^", raised)
    for why, said in ((caret, "no trace"), ("the run was not over after 30 s", log)):
        assert world.pages.reason(Written("none", why, log=said)) == why
