"""A launch whole: its tables, its truth, its rollouts."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass

from kinds import ROOM, TIGHT, Launch
from launch import BIRDS, Columns, Terms, beyond, drawn
from papers import costs, load_test, rehearsals, slo_days, traffic
from rollouts import rollout
from shadows import Quarter, quarters, shadow, wanted
from truth import Truth, truth

NAMES = [{"model", "old_model"}, {"segment"}]
AMOUNTS = {"requests", "limit_cost", "limit_rollback_s"}
"""Of the twin: groups of names, and what is of another size there."""

ERRORS, SLOW = (0.003, 0.0035, 0.028, 0.03), (0.008, 0.009, 0.08, 0.09)
"""SLOs far apart: what is a bad rollout's under one is a fine one's under another."""

SHARES = 0.03, 0.045, 0.07, 0.1
"""From which share of the orders on a segment is judged."""


@dataclass
class Made:
    """`tables` as the run is given them; two rollouts that nobody has seen."""

    terms: Terms
    tables: dict[str, Columns]
    truth: Truth
    where: list[Quarter]
    bad: Columns
    fine: Columns


def made(seed: int, case: Launch) -> Made:
    """All of a launch."""
    rng = drawn(seed, case, "terms")
    holds = {*case["holds"], *case["looks"]}
    launch_day = datetime.datetime(2026, 9, 1) + datetime.timedelta(rng.randrange(90))
    model, old_model, *others = rng.sample(BIRDS, 6)
    least_orders = rng.randrange(1500, 3001, 100)
    orders = round(least_orders * rng.uniform(0.42, 0.55)) if "data" in holds else rng.randint(8000, 13000)
    orders_a_day = rng.uniform(400_000, 1_200_000)
    limit_budget = round(rng.uniform(0.2, 0.32), 2)
    left = limit_budget * (rng.uniform(0.4, 0.6) if "budget" in holds else rng.uniform(1.7, 2.6))
    slo_bad = rng.choice((0.002, 0.003, 0.004, 0.005))
    needed = case["step"] * case["hours"]  # share times hours that the smallest judged segment needs
    terms = Terms(
        model=model, old_model=old_model, launch_day=launch_day,
        event_day=launch_day + datetime.timedelta(rng.randint(1, 6)), event_factor=round(rng.uniform(1.3, 2.2), 2),
        replicas=rng.randrange(24, 97, 4), headroom=rng.choice((1.3, 1.35, 1.4, 1.5)),
        slo_errors=rng.choice(ERRORS), slo_slow=rng.choice(SLOW),
        off_minutes=rng.choice((8, 10, 12)), least_orders=least_orders,
        least_share=rng.choice(SHARES),
        limit_quality=rng.choice((0.015, 0.0175, 0.02)), limit_segment=rng.choice((0.11, 0.12, 0.13, 0.14)),
        limit_cost=round(rng.uniform(0.4, 2.0), 2), limit_rollback_s=rng.randrange(240, 481, 30),
        rollback_days=rng.choice((10, 14, 21)), slo_bad=slo_bad, limit_budget=limit_budget, budget_part=0.0,
        assumed_loss=0.0, least_seen=0, most_hours=case["hours"],
    )  # fmt: skip
    quality, worst = wanted(rng, holds, terms.limit_quality, terms.limit_segment)
    where = quarters(rng, quality, worst, terms.least_share)
    smallest = min(each.share for each in where if each.judged)
    tight = "capacity" in holds and case["step"] > TIGHT  # then capacity bounds the step, and else the budget does
    room = rng.uniform(5.0, 8.0) if tight else rng.uniform(1.7, ROOM)
    left_hours = left * slo_bad * 28 * 24  # bad orders that are left, in orders of an hour
    loss = rng.uniform(0.016, 0.024) * (7 / needed) ** 0.4
    part = round(min(0.5, max(0.01, loss * needed * room / left_hours)), 2)
    terms = dataclasses.replace(
        terms,
        least_seen=10 * round(needed * orders_a_day / 240 * smallest),
        budget_part=part,
        assumed_loss=_rounded(part * left_hours / (needed * room)),
    )
    peak = rng.uniform(600, 1800)
    bears = case["step"] * rng.uniform(1.55, 1.8) if tight else rng.uniform(0.83, 0.87)
    sustained = terms.headroom * peak * (bears if "capacity" in holds else rng.uniform(1.7, 2.4))
    again = rng.uniform(0.75, 0.95) if "data" in holds else rng.uniform(0.12, 0.2)
    name = max((each for each in where if each.judged), key=lambda each: each.loss).name
    tables: dict[str, Columns] = {
        "launch": {name: [value] for name, value in dataclasses.asdict(terms).items()},
        "load_test": load_test(drawn(seed, case, "load test"), terms, sustained),
        "traffic": traffic(drawn(seed, case, "traffic"), terms, peak / terms.event_factor),
        "shadow": shadow(drawn(seed, case, "shadow"), where, orders, terms.off_minutes, again, name),
        "costs": costs(drawn(seed, case, "costs"), terms, beyond(rng, terms.limit_cost, "cost" in holds)),
        "rehearsals": rehearsals(drawn(seed, case, "rehearsals"), terms, case["fault"], [old_model, *others]),
        "slo_days": slo_days(drawn(seed, case, "days"), terms, orders_a_day, 1 - left),
        "live": rollout(drawn(seed, case, "live"), terms, where, rng.choice(("", case["way"]))),
    }
    bad = rollout(drawn(seed, case, "bad"), terms, where, case["way"])
    return Made(terms, tables, truth(terms, tables), where, bad, rollout(drawn(seed, case, "fine"), terms, where, ""))


def _rounded(value: float) -> float:
    """To three figures."""
    return float(f"{value:.3g}")
