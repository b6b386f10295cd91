"""The other tables of a launch: load test, traffic, costs, rehearsals, days of the error budget."""

from __future__ import annotations

import datetime
from random import Random

import numpy as np
from launch import Columns, Terms, arrays

WARM_UP_S, STEP_S = 20, 60
BURSTS = 0.04
"""How far a second of a load test is off its step's rate: standard deviation."""
MOST_SERVED = 900_000
"""Requests that a model serves in a day at most: some days serve the same."""
DAYS = 28
BUCKET_S = 300


def load_test(rng: Random, terms: Terms, sustained: float) -> Columns:
    """Steps of rising rate on some replicas; the last that holds serves `sustained` requests a second on all."""
    many = arrays(rng)
    replicas = max(2, round(terms.replicas * rng.choice((0.25, 0.5, 0.5, 0.75))))
    steps, holding = rng.randint(6, 8), rng.randint(3, 5)
    top, growth = sustained * replicas / terms.replicas, rng.uniform(1.2, 1.3)
    over = rng.choice(("errors", "slow", "both"))
    rows: list[np.ndarray] = []
    for step in range(1, steps + 1):
        rate = top * growth ** (step - holding)
        second = np.arange(STEP_S)
        ramp = np.minimum(1.0, (second + 1) / WARM_UP_S)
        steady = second >= WARM_UP_S
        bursts = many.normal(1, BURSTS, STEP_S)
        requests = np.round(rate * ramp * bursts / bursts[steady].mean()).astype(int)  # the figure itself is exact
        beyond = max(0, step - holding)
        errors_at = terms.slo_errors * (2 + beyond if beyond and over != "slow" else 0.45)
        slow_at = terms.slo_slow * (1.8 + 0.8 * beyond if beyond and over != "errors" else 0.5)
        errors = _counts(many, requests, np.where(steady, errors_at, 0.6 * terms.slo_errors), terms.slo_errors)
        warming = terms.slo_slow * (1 + 4.5 * (step / holding) ** 2)
        slow = _counts(many, requests, np.minimum(0.9, np.where(steady, slow_at, warming)), terms.slo_slow)
        rows.append(np.stack([second + (step - 1) * STEP_S, np.full(STEP_S, step), requests, errors, slow]))
    second, step_of, requests, errors, slow = np.concatenate(rows, axis=1)
    return {
        "second": second, "step": step_of, "replicas": np.full(len(second), replicas),
        "requests": requests, "errors": errors, "slow": slow,
    }  # fmt: skip


def _counts(many: np.random.Generator, requests: np.ndarray, rate: np.ndarray, slo: float) -> np.ndarray:
    """How many of a step's requests, by second; drawn again until it is clear whether the step holds."""
    after = slice(WARM_UP_S, None)
    while True:
        found: np.ndarray = many.binomial(requests, rate)
        share = found[after].sum() / requests[after].sum()
        if share < 0.8 * slo if rate[-1] < slo else share > 1.3 * slo:
            return found


def traffic(rng: Random, terms: Terms, peak: float) -> Columns:
    """Four weeks in buckets of five minutes, before the launch. `peak`: requests a second in the busiest bucket of the
    event's weekday."""
    many = arrays(rng)
    count = DAYS * 86_400 // BUCKET_S
    begin = np.datetime64(terms.launch_day - datetime.timedelta(DAYS), "us")
    begun = begin + np.arange(count) * np.timedelta64(BUCKET_S * 1_000_000, "us")
    hour = np.arange(count) % 288 / 12
    dinner, lunch = rng.uniform(17.5, 19.5), rng.uniform(11.0, 12.5)
    shape = (
        0.08 + np.exp(-(((hour - dinner) / 1.5) ** 2)) + rng.uniform(0.35, 0.5) * np.exp(-(((hour - lunch) / 1.1) ** 2))
    )
    weekdays = np.array([(terms.launch_day + datetime.timedelta(day)).weekday() for day in range(DAYS)])
    level = np.array([rng.uniform(0.72, 0.88) for _ in range(7)])
    event, busiest = (
        terms.event_day.weekday(),
        rng.choice([day for day in range(7) if day != terms.event_day.weekday()]),
    )
    level[event], level[busiest] = rng.uniform(0.70, 0.78), 1.0
    days = level[weekdays] * np.array([rng.uniform(0.96, 1.0) for _ in range(DAYS)])
    rainy = rng.choice(np.flatnonzero(weekdays == event).tolist())
    days[rainy] *= rng.uniform(1.12, 1.18)
    amounts = np.repeat(days, 288) * shape * many.normal(1, 0.012, count)
    mine = np.repeat(weekdays, 288) == event
    requests = np.round(amounts * peak * BUCKET_S / amounts[mine].max()).astype(int)
    return {"begun": begun, "requests": requests}


def costs(rng: Random, terms: Terms, cost: float) -> Columns:
    """Two weeks of bills by item; beside each stands what its model served that day. `cost`: EUR for a thousand."""
    items = rng.sample(("features", "gpu", "logging", "maps", "routing", "storage"), rng.randint(3, 4))
    others = [terms.old_model, rng.choice([bird for bird in ("ruddy", "mallard", "gannet") if bird != terms.model])]
    rows: list[tuple[datetime.datetime, str, str, float, int]] = []
    for model, of in ((terms.model, cost), *((other, terms.limit_cost * rng.uniform(0.3, 0.8)) for other in others)):
        parts = [rng.uniform(0.6, 1.4) for _ in items]
        served = [min(MOST_SERVED, rng.randint(200_000, 1_100_000)) for _ in range(14)]
        for back, many in enumerate(served):
            day = terms.launch_day - datetime.timedelta(back + 1)
            bill = of * sum(served) / 14 / 1000  # a day costs the same, however much is served
            for item, part in zip(items, parts, strict=True):
                rows.append((day, model, item, round(bill * part / sum(parts), 2), many))
    rng.shuffle(rows)
    days, models, of_items, eur, requests = zip(*rows, strict=True)
    return {"day": days, "model": models, "item": of_items, "eur": eur, "requests": requests}


def rehearsals(rng: Random, terms: Terms, why: str, others: list[str]) -> Columns:
    """Rollbacks that were rehearsed: a quarter of a year, of several models. The last of the launch's own counts, and
    those before it say the contrary. `why`: of FAULTS, or empty."""
    times = rng.uniform(1.8, 3.0) if why == "late" else rng.uniform(0.1, 0.6)
    last = terms.rollback_days * times
    rows = [(last, terms.model, _seconds(rng, terms, why == "long"), why != "failed")]
    for _ in range(rng.randint(1, 3)):
        rows.append((last + rng.uniform(0.2, 5.0), terms.model, _seconds(rng, terms, not why), True))
    for other in others:
        for _ in range(rng.randint(2, 4)):
            seconds = _seconds(rng, terms, rng.random() < 1 / 3)
            rows.append((rng.uniform(0.5, 90), other, seconds, rng.random() < 0.9))
    rng.shuffle(rows)
    begun = [(terms.launch_day - datetime.timedelta(days=row[0])).replace(microsecond=0) for row in rows]
    _, models, seconds_of, went_well = zip(*rows, strict=True)
    return {"begun": begun, "model": models, "seconds": seconds_of, "went_well": went_well}


def _seconds(rng: Random, terms: Terms, long: bool) -> int:
    limit = terms.limit_rollback_s
    return rng.randint(round(1.7 * limit), 3 * limit) if long else rng.randint(70, round(0.55 * limit))


def slo_days(rng: Random, terms: Terms, orders_a_day: float, spent: float) -> Columns:
    """Orders and bad ones of four weeks; `spent`: the share of the budget that is gone."""
    days = [terms.launch_day - datetime.timedelta(DAYS - day) for day in range(DAYS)]
    orders = [round(orders_a_day * rng.uniform(0.85, 1.15)) for _ in days]
    parts = [rng.uniform(0.4, 1.2) for _ in days]
    parts[rng.randrange(DAYS)] += rng.uniform(3, 9)  # one bad evening
    whole = spent * terms.slo_bad * sum(orders)
    return {"day": days, "orders": orders, "bad": [round(whole * part / sum(parts)) for part in parts]}
