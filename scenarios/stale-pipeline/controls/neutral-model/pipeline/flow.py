"""The nightly flow: what is missing becomes features, and today's sales a model, if it is a better one."""

from __future__ import annotations

from typing import Any

import champion
import contract
import features
import mart
import metrics
import training
from days import missing
from prefect import flow, get_run_logger, task, unmapped

NOT_YET = (contract.Refused, mart.Missing)


@task
def build(market: str, today: str, agreed: dict[str, Any], live: dict[str, Any], audit: dict[str, Any]) -> None:
    """Today's features and model."""
    try:
        rows = contract.rows(mart.batch(market, today), agreed, today)
    except NOT_YET:
        mart.release(market, champion.NEUTRAL)
        raise
    mart.publish(market, today, features.compute(rows))
    model = training.train(rows)
    best = champion.of(market) or live
    if training.better(model, best, audit):
        champion.keep(market, model)
        mart.release(market, model)
    else:
        mart.release(market, best)
        get_run_logger().warning("market %s: the model of %s is no better and stays out", market, today)


@task
def backfill(market: str, days: list[str], agreed: dict[str, Any]) -> None:
    """Days that have no features of their own, as far as their batches can be used by now."""
    for day in days:
        try:
            rows = contract.rows(mart.batch(market, day), agreed, day)
        except NOT_YET as reason:
            get_run_logger().info("market %s: %s stays open: %s", market, day, reason)
            continue
        mart.publish(market, day, features.compute(rows))


@flow
def nightly(today: str) -> str:
    published = mart.published()
    markets = sorted(published)
    agreed, live, audits = mart.contracts(), mart.models(), mart.audits(today)
    gaps = {market: days for market in markets if (days := missing(published[market], today))}
    filled = backfill.map(list(gaps), list(gaps.values()), [agreed[market] for market in gaps])
    built = build.map(markets, unmapped(today), *([of[market] for market in markets] for of in (agreed, live, audits)))
    for future in [*built, *filled]:
        future.wait()
    failed = {market: future.state for market, future in zip(markets, built, strict=True) if future.state.is_failed()}
    for market, state in failed.items():
        mart.page(market, today, state.message or "failed")
    metrics.push(metrics.ages(mart.published(), today))
    if len(failed) == len(markets):
        raise RuntimeError("no market has features of today")
    return f"{len(markets) - len(failed)} of {len(markets)} markets built"
