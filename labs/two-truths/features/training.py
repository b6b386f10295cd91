"""Values for training sets, from last night's dump, as in the notebook that the model was made with."""

import csv
import io
import os
from datetime import UTC, datetime, timedelta

import httpx

DAY = timedelta(days=1)


async def dump(table):
    async with httpx.AsyncClient(base_url=os.environ["SHOP"], timeout=5) as shop:
        answer = await shop.get(f"/dump/{table}.csv")
    rows = {}
    for row in csv.DictReader(io.StringIO(answer.text)):
        at = row.get("placed_at") or row["at"]
        row["at"] = datetime.fromisoformat(at).replace(tzinfo=UTC)
        number = row.get("amount") or row.get("seconds")
        row["number"] = float(number) if number else None
        rows.setdefault(row["customer"], []).append(row)
    for own in rows.values():
        own.sort(key=lambda row: row["at"])
    return rows


def within(rows, at, days):
    return [row for row in rows if at - days * DAY < row["at"] <= at]


def numbers(rows):
    return [row["number"] for row in rows if row["number"] is not None]


def refund_share(orders, at):
    last = within(orders, at, 90)
    return sum(row["status"] == "refunded" for row in last) / len(last) if last else None


def mean_basket(orders, at):
    spent = numbers(within(orders, at, 30))
    return sum(spent) / len(spent) if spent else None


def days_since_order(orders, at):
    last = within(orders, at, 90)
    return (at - last[-1]["at"]) / DAY if last else None


FEATURES = {
    "spend_30d": lambda orders, views, at: sum(numbers(within(orders, at, 30))),
    "orders_7d": lambda orders, views, at: len(within(orders, at, 7)),
    "refund_share_90d": lambda orders, views, at: refund_share(orders, at),
    "mean_basket_30d": lambda orders, views, at: mean_basket(orders, at),
    "orders_today": lambda orders, views, at: sum(row["at"].date() == at.date() for row in orders),
    "max_order_60d": lambda orders, views, at: max(numbers(within(orders, at, 60)), default=None),
    "days_since_order": lambda orders, views, at: days_since_order(orders, at),
    # the last seven, like df.rolling(7) in the notebook
    "view_seconds_7d": lambda orders, views, at: sum(numbers([row for row in views if row["at"] <= at][-7:])),
}


async def values(wanted, rows):
    orders, views = await dump("orders"), await dump("page_views")
    found = []
    for row in rows:
        at, customer = datetime.fromisoformat(row["at"]), row["customer"]
        own = orders.get(customer, []), views.get(customer, [])
        found.append({name: FEATURES[name](*own, at) if name in FEATURES else None for name in wanted})
    return found
