"""The nightly flow, in four steps: reconcile with the registry, stage what can be used, publish it, tell."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

import audit
import mart
import pandas as pd
import work
from prefect import flow, task
from prometheus_client import CollectorRegistry, Gauge, push_to_gateway
from staging import manifest


@task
def reconcile(today: str) -> list[str]:
    """Every day that ought to be out is in the manifest; those that the registry has as themselves are done."""
    published = mart.published()
    with manifest() as book:
        for market, days in published.items():
            day = date.fromisoformat(min(days))
            while day <= date.fromisoformat(today):
                entry = days.get(day.isoformat())
                known = entry is not None and entry["data_day"] == day.isoformat()
                (book.reconcile if known else book.want)(market, day.isoformat())
                day += timedelta(days=1)
    return sorted(published)


@task
def stage(markets: list[str], today: str) -> dict[str, pd.DataFrame]:
    """Read and audit what is wanted; today's tables, for training."""
    contracts, fit = mart.contracts(), {}
    with manifest() as book:
        for market in markets:
            for day in book.open(market):
                rows, reason = read(market, day, contracts[market])
                if rows is None:
                    book.reject(market, day, reason)
                    continue
                book.stage(market, day, work.features(rows))
                if day == today:
                    fit[market] = rows
    return fit


def read(market: str, day: str, contract: dict[str, Any]) -> tuple[pd.DataFrame | None, str]:
    try:
        batch = mart.batch(market, day)
    except mart.Missing as error:
        return None, str(error)
    frame, version = audit.table(batch, contract)
    found = list(audit.faults(frame, version, day))
    return (None, "; ".join(found)) if found else (audit.canonical(frame, version), "")


@task
def publish() -> None:
    with manifest() as book:
        for market, day, features in book.staged():
            mart.publish(market, day, features)
            book.out(market, day)


@task
def train(fit: dict[str, pd.DataFrame], today: str) -> None:
    champions, audits = mart.models(), mart.audits(today)
    for market, rows in fit.items():
        model = work.challenger(rows)
        if work.wins(model, champions[market], pd.DataFrame(audits[market])):
            mart.release(market, model)


@task
def tell(today: str) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("features_age_days", "Days since the newest day in use", ["market"], registry=registry)
    with manifest() as book:
        for market, reason in book.rejected(today):
            mart.page(market, today, reason)
        for market, day in book.newest().items():
            gauge.labels(market).set((date.fromisoformat(today) - date.fromisoformat(day)).days)
    push_to_gateway(os.environ["MART"], job="nightly", registry=registry)


@flow
def nightly(today: str) -> None:
    markets = reconcile(today)
    fit = stage(markets, today)
    publish()
    train(fit, today)
    tell(today)
