"""The office: launches are what the plan wished for, what a review says has a word, and rollouts can be told apart."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from cited import Examined, answers, examine
from cited.twins import parquets, twin

from .conftest import LAB, draw

GRAVE = {"quality", "cost", "rollback"}
LIMITS = {"quality": ("quality-delta", "limit_quality"), "segment": ("worst-delta", "limit_segment"),
          "cost": ("cost-per-1000", "limit_cost")}  # fmt: skip


def review(truth: Any, **other: Any) -> Examined:
    """A right review, as `examine` would have found it, with other values here and there; None leaves a claim out."""
    values = {**truth.figures, "decision": truth.decision, **{f"risk-{risk}": True for risk in truth.holds}}
    values |= {f"go-when-{risk}": truth.go_when[risk] for risk in truth.holds}
    middle = math.sqrt(math.prod(truth.corridor))
    values |= {"first-share": middle / truth.most_hours, "phase-hours": float(truth.most_hours)}
    values |= {name.replace("_", "-"): value for name, value in other.items()}
    values = {name: value for name, value in values.items() if value is not None}
    return Examined(words=dict.fromkeys(values, "right"), values=values)


def test_every_plan_asks_as_many_questions_and_has_each_risk_often() -> None:
    plans = [draw.draw(seed) for seed in range(20)]
    for plan in plans:
        totals: Counter[str] = Counter()
        for case in plan["cases"]:
            totals.update(case["asked"])
        assert totals == {"figures": 36, "decision": 36, "stops": 36, "spares": 36, "offer": 30, "evidence": 108}
        holds = [{*case["holds"]} for case in plan["cases"]]
        counts = Counter(risk for each in holds for risk in each)
        assert len(counts) == 7 and min(counts.values()) >= 7, counts
        assert sum(not each for each in holds) == 6
        assert sum(bool(each & GRAVE) for each in holds) == 20
        for risk in GRAVE:  # who takes it for no grave one decides four launches wrong
            assert sum(each & GRAVE == {risk} for each in holds) >= 4
        for risk in {*counts} - GRAVE:
            assert sum(risk in each and not each & GRAVE for each in holds) >= 4
        assert set(Counter(case["fault"] for case in plan["cases"] if case["fault"]).values()) == {4}
        assert sum(bool(case["looks"]) for case in plan["cases"]) >= 4
        assert set(Counter(case["way"] for case in plan["cases"]).values()) == {9}
    assert len({case["id"] for plan in plans for case in plan["cases"]}) == 20 * 36


def test_what_holds_is_what_the_plan_wished_for_and_no_figure_is_near_its_limit(plan: Any, launches: Any) -> None:
    short = 0
    for case in plan["cases"]:
        one = launches[case["id"]]
        truth, terms = one.truth, one.terms
        holds = {*case["holds"]}
        assert {*truth.holds} == holds
        ratio = truth.figures["sustained-rps"] / (terms.headroom * truth.figures["peak-rps"])
        assert ratio < 0.9 or ratio > 1.6
        short += 1 / terms.headroom < ratio < 0.9
        for risk, (figure, limit) in LIMITS.items():
            if "data" not in holds or risk == "cost":
                off = truth.figures[figure] / getattr(terms, limit)
                assert off > 1.5 if risk in holds else off < 0.65, (risk, off)
        orders = len(set(map(int, one.tables["shadow"]["order_id"])))
        assert orders < 0.6 * terms.least_orders if "data" in holds else orders > 2 * terms.least_orders
        assert len(one.tables["shadow"]["order_id"]) > terms.least_orders
    assert short >= 4  # by the headroom alone


def test_each_offer_has_room_and_four_bounds(office: Any, launches: Any) -> None:
    for one in launches.values():
        truth, step = one.truth, office.judge.step
        hours = truth.most_hours
        least, most = (each / hours for each in truth.corridor)
        assert most > 1.45 * least
        assert step(1.01 * least, hours, truth)[0] == step(0.99 * most, hours, truth)[0] == "right"
        assert step(0.95 * least, hours, truth)[0] == "too small"
        assert step(1.05 * most, hours, truth)[0] == step(1.0, hours, truth)[0] == "too large"
        assert step(least, hours + 1, truth)[0] == "too long"
        assert step(1.2 * least * hours, 0.9, truth)[0] == "off"


def test_no_first_step_for_all_fits_more_than_a_third_and_each_bound_is_needed(office: Any, launches: Any) -> None:
    """All pairs of a share and hours. The best has hours that are some launch's most, its share some launch's least."""
    truths = [one.truth for one in launches.values() if one.truth.holds]
    bounds = [(*one.corridor, one.most_share, one.most_hours) for one in truths]
    least, most, shares, hours = np.array(bounds).T * np.array([[0.97], [1.03], [1.03], [1]])
    fits = [
        int(((least <= 1.000001 * share * for_) & (share * for_ <= most) & (share <= shares) & (for_ <= hours)).sum())
        for for_ in {*hours}
        for share in least / for_
    ]
    assert 3 <= max(fits) <= len(truths) / 3
    middle = [math.sqrt(one.corridor[0] * one.most_extra / one.extra) / one.most_hours for one in truths]
    assert sum(share > 1.03 * one.most_share for share, one in zip(middle, truths, strict=True)) >= 6


def test_no_fixed_share_tells_which_segments_are_judged(office: Any, launches: Any) -> None:
    found = []
    for one in launches.values():
        if "data" not in one.truth.holds:
            losses = office.truth.quality(one.terms, one.tables["shadow"])[1]
            found.append((one.truth.figures["worst-segment"], {name: each for name, each in losses.items() if name}))

    def right(least: float) -> int:
        """For how many launches the worst segment of those with such a share is the worst one."""
        worst = (max((n for n, each in of.items() if each[0] >= least), key=lambda n: of[n][2], default="")
                 for _, of in found)  # fmt: skip
        return sum(name == at for (name, _), at in zip(found, worst, strict=True))

    assert max(map(right, np.arange(0.01, 0.15, 0.0005))) <= len(found) / 2


def test_the_example_of_the_details_is_a_document_and_fits_a_public_launch(office: Any) -> None:
    plan = json.loads((LAB / "public" / "plan.json").read_text("utf-8"))
    one = office.launches.made(plan["seed"], plan["cases"][5])
    tables = parquets(one.tables)
    example = (LAB / "DETAILS.md").read_text("utf-8").split("```\nThere is", 1)[1].split("\n```\n\nThat is", 1)[0]
    other = twin(tables, 1, office.launches.NAMES, office.launches.AMOUNTS)
    found = examine(f"There is{example}", tables, other, words=office.judge.DECISIONS, free=office.judge.FREE)
    assert {*found.words.values()} == {"right"} and len(found.words) == 6, found.why
    assert office.judge.step(found.values["first-share"], found.values["phase-hours"], one.truth)[0] == "right"
    assert one.truth.decision == found.values["decision"] and "capacity" in one.truth.holds


def test_a_right_review_is_right_and_each_thing_that_is_wrong_has_its_word(office: Any, launches: Any) -> None:
    judge = office.judge
    for one in launches.values():
        truth = one.truth
        assert judge.figured(review(truth), truth)[0] == judge.decided(review(truth), truth)[0] == "right"
        wrong = {**review(truth).values, "peak-rps": 1.03 * truth.figures["peak-rps"]}
        assert judge.figured(Examined(words=dict.fromkeys(wrong, "right"), values=wrong), truth)[0] == "wrong"
        assert judge.figured(review(truth, cost_per_1000=None), truth)[0] == "none"
        other = "go" if truth.decision == "not-yet" else "not-yet"
        assert judge.decided(review(truth, decision=other), truth)[0] == "wrong"
        assert judge.decided(review(truth, decision=None), truth)[0] == "none"
        more = next(risk for risk in office.kinds.RISKS if risk not in truth.holds)
        assert judge.decided(review(truth, **{f"risk-{more}": True}), truth)[0] == "other risks"
        assert judge.decided(review(truth, **{f"risk-{more}": False}), truth)[0] == "right"
        hidden = review(truth)
        hidden.words["decision"] = "unshown"
        assert judge.decided(hidden, truth)[0] == "none"
        if truth.holds:
            assert judge.offered(review(truth), truth)[0] == "right"
            assert judge.offered(review(truth, phase_hours=None), truth)[0] == "bare"
            assert judge.offered(review(truth, **{f"go-when-{truth.holds[0]}": None}), truth)[0] == "bare"
            off = {f"go-when-{truth.holds[0]}": 1.05 * truth.go_when[truth.holds[0]]}
            assert judge.offered(review(truth, **off), truth)[0] == "off"
            assert judge.offered(review(truth, phase_hours=25.0), truth)[0] == "too long"


def rough(office: Any, live: Any, terms: Any, until: int) -> dict[str, int]:
    """How many minutes of the new arm are beyond 1.5 times the SLO, or 1.3 times the limit."""
    rows = {name: np.asarray(values) for name, values in office.rollouts.until(live, until).items()}
    counts = dict.fromkeys(("errors", "slow", "eur"), 0)
    for minute in range(1, until + 1):
        mine = (rows["arm"] == "new") & (rows["minute"] == minute)
        for name, limit in (
            ("errors", 1.5 * terms.slo_errors),
            ("slow", 1.5 * terms.slo_slow),
            ("eur", 1.3 * terms.limit_cost / 1000),
        ):
            counts[name] += bool(rows[name][mine].sum() / rows["requests"][mine].sum() > limit)
    return counts


def test_a_rough_minute_is_no_trend_and_a_trend_is_seen_by_minute_15(office: Any, plan: Any, launches: Any) -> None:
    column = {"errors": "errors", "slow": "slow", "cost": "eur"}
    for case in plan["cases"]:
        one = launches[case["id"]]
        assert max(rough(office, one.fine, one.terms, 30).values()) <= 3
        if case["way"] in column:
            assert rough(office, one.bad, one.terms, 15)[column[case["way"]]] >= 6


def test_what_a_fine_rollout_has_under_one_limit_is_bad_under_another(plan: Any, launches: Any) -> None:
    """No share of the new arm alone tells them apart, neither of errors and slow requests nor of a segment's orders."""
    for column, of in ("errors", "requests"), ("slow", "requests"), ("wrong", "judged"):
        shares: dict[str, list[float]] = {"bad": [], "fine": []}
        for case in plan["cases"]:
            one = launches[case["id"]]
            if case["way"] == column or (column, case["way"]) == ("wrong", "segment"):
                shares["bad"].append(highest(one.bad, column, of, case["way"] == "segment"))
            shares["fine"].append(highest(one.fine, column, of, column == "wrong"))
        limits = np.sort([*shares["bad"], *shares["fine"]])
        missed = [int((np.array(shares["bad"]) <= limit).sum()) for limit in limits]
        stopped = [int((np.array(shares["fine"]) > limit).sum()) for limit in limits]
        assert min(map(max, zip(missed, stopped, strict=True))) >= 3, column


def highest(live: Any, column: str, of: str, by_segment: bool) -> float:
    """The highest share of the new arm in 20 minutes, of all or by segment of a hundred at least."""
    rows = {name: np.asarray(values) for name, values in live.items()}
    mine = (rows["arm"] == "new") & (rows["minute"] <= 20)
    places = [mine & (rows["segment"] == name) for name in sorted({*rows["segment"]})] if by_segment else [mine]
    return max(float(rows[column][at].sum() / rows[of][at].sum()) for at in places if rows[of][at].sum() >= 100)


def test_an_old_arm_may_be_bad_where_the_new_one_is_fine(plan: Any, launches: Any) -> None:
    beyond = 0
    for case in plan["cases"]:
        terms, rows = (one := launches[case["id"]]).terms, {n: np.asarray(v) for n, v in one.fine.items()}
        old, new = ({name: rows[name][rows["arm"] == arm].sum() for name in ("requests", "errors", "slow", "eur")}
                    for arm in ("old", "new"))  # fmt: skip
        for name, limit in ("errors", terms.slo_errors), ("slow", terms.slo_slow), ("eur", terms.limit_cost / 1000):
            assert new[name] / new["requests"] < 1.2 * limit
            beyond += bool((old[name] + new[name]) / (old["requests"] + new["requests"]) > 1.05 * limit)
    assert beyond >= 15


def test_an_old_arm_is_often_bad_in_the_way_of_the_new_one(plan: Any, launches: Any) -> None:
    """Who compares both arms misses such a rollout."""
    column, alike = {"errors": "errors", "slow": "slow", "cost": "eur"}, 0
    for case in plan["cases"]:
        if case["way"] in column:
            rows = {name: np.asarray(values) for name, values in launches[case["id"]].bad.items()}
            mine = (rows["minute"] > 5) & (rows["minute"] <= 20)
            old, new = (rows[column[case["way"]]][mine & (rows["arm"] == arm)].sum() for arm in ("old", "new"))
            alike += bool(new < 2 * old)
    assert alike >= 5


def test_a_figure_is_not_that_of_a_second_nor_of_the_days_that_differ(launches: Any) -> None:
    """The busiest second of the step that holds is no rate, and days with as many requests are two days."""
    same = 0
    for one in launches.values():
        test, terms = {name: np.asarray(values) for name, values in one.tables["load_test"].items()}, one.terms
        rates = test["requests"] * terms.replicas / test["replicas"]
        means = {step: rates[test["step"] == step][20:].mean() for step in {*test["step"].tolist()}}
        step = min(means, key=lambda step: abs(means[step] - one.truth.figures["sustained-rps"]))
        assert means[step] == pytest.approx(one.truth.figures["sustained-rps"])
        assert rates[test["step"] == step].max() > 1.03 * means[step]
        bills = zip(*(one.tables["costs"][name] for name in ("day", "model", "requests")), strict=True)
        served = dict((day, requests) for day, model, requests in bills if model == terms.model)
        same += sum({*served.values()}) < 0.98 * sum(served.values())
    assert same >= 20


def test_the_worst_segment_is_often_not_where_most_orders_are_wrong(office: Any, launches: Any) -> None:
    other = 0
    for one in launches.values():
        if "data" not in one.truth.holds:
            losses = office.truth.quality(one.terms, one.tables["shadow"])[1]
            judged = {name: each for name, each in losses.items() if name and each[0] >= one.terms.least_share}
            other += max(judged, key=lambda name: sum(judged[name][1:])) != one.truth.figures["worst-segment"]
    assert other >= 5


def test_a_claim_stands_on_the_tables_and_not_on_itself(office: Any, plan: Any, launches: Any) -> None:
    one = launches[plan["cases"][0]["id"]]
    tables = parquets(one.tables)
    other = twin(tables, 1, office.launches.NAMES, office.launches.AMOUNTS)
    cost = one.truth.figures["cost-per-1000"]
    query = (
        "SELECT 1000 * sum(eur) / sum(served) FROM (SELECT sum(eur) AS eur, max(requests) AS served FROM costs"
        " WHERE model = (SELECT model FROM launch) GROUP BY day)"
    )
    stop = "SELECT sum(errors) > 1e9 FROM live"
    document = (
        f"{cost:.2f}[^cost-per-1000] and go[^decision] and no[^stop-errors]\n\n"
        f"[^cost-per-1000]: `{query}` gives {cost:.4f}\n"
        f'[^decision]: gives "go"\n[^stop-errors]: `{stop}` gives false\n'
    )
    found = examine(document, tables, other, words=office.judge.DECISIONS, free=office.judge.FREE)
    assert found.words == {"cost-per-1000": "right", "decision": "right", "stop-errors": "right"}, found.why
    assert office.judge.queries(found) == {"stop-errors": stop}
    constant = document.replace(query, f"SELECT {cost:.4f} FROM launch")
    assert examine(constant, tables, other, free=office.judge.FREE).words["cost-per-1000"] == "unread"


def test_a_stop_ends_a_rollout_at_the_first_look_that_is_true_and_no_value_is_none(office: Any, launches: Any) -> None:
    one = next(iter(launches.values()))
    sets = parquets({str(minute): office.rollouts.until(one.bad, minute) for minute in (5, 15)})
    queries = {
        "stop-errors": "SELECT max(minute) > 10 FROM live",
        "stop-slow": "SELECT wrong FROM nowhere",
        "stop-cost": "SELECT 1 FROM live LIMIT 1",
    }
    told = answers(queries, [{"live": data} for data in sets.values()])
    assert office.judge.stopped([5, 15], told, queries) == (15, ["stop-errors"])


def test_the_same_seed_gives_the_same_launch(office: Any, plan: Any, launches: Any) -> None:
    case = plan["cases"][3]
    again = office.launches.made(plan["seed"], json.loads(json.dumps(case)))
    assert again.truth == launches[case["id"]].truth and again.bad == launches[case["id"]].bad
