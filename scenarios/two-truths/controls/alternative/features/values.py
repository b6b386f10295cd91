"""Values by one evaluator in Python, over all that customers ever did. Postgres only fetches, and knows time zones."""

from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction

ORDERS = "SELECT id, customer, placed_at AS at, amount, channel FROM orders WHERE customer = ANY($1)"
STATUSES = """SELECT e."order", e.status, e.recorded_at FROM order_events e JOIN orders o ON o.id = e."order"
    WHERE o.customer = ANY($1) ORDER BY e.recorded_at"""
VIEWS = "SELECT customer, at, page, seconds::numeric AS seconds FROM page_views WHERE customer = ANY($1)"
BEGINS = """SELECT (date_trunc('day', at AT TIME ZONE $2) - $3::int * interval '1 day') AT TIME ZONE $2
    FROM unnest($1::timestamptz[]) WITH ORDINALITY AS m(at, n) ORDER BY n"""


class History:
    """What some customers did."""

    def __init__(self, orders, statuses, views):
        self.rows = {"orders": defaultdict(list), "page_views": defaultdict(list)}
        self._statuses = defaultdict(list)
        for row in orders:
            self.rows["orders"][row["customer"]].append(row)
        for row in views:
            self.rows["page_views"][row["customer"]].append(row)
        for row in statuses:
            self._statuses[row["order"]].append((row["recorded_at"], row["status"]))

    def status(self, order, at):
        return [status for recorded, status in self._statuses[order] if recorded <= at][-1]


async def history(pool, customers):
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        return History(*[await connection.fetch(query, customers) for query in (ORDERS, STATUSES, VIEWS)])


async def begins(pool, definition, moments):
    """Where each window begins, and whether what is exactly there is in it."""
    days = definition["window"]["days"]
    if definition["window"]["kind"] == "rolling":
        return [at - timedelta(hours=24 * days) for at in moments], False
    return [row[0] for row in await pool.fetch(BEGINS, moments, definition["zone"], days - 1)], True


def value(definition, past, customer, since, closed, at):
    rows = [row for row in past.rows[definition["source"]][customer] if since <= row["at"] <= at]
    rows = [row for row in rows if closed or row["at"] > since]
    kept = [row for row in rows if matches(definition["where"], row, past, at)]
    found = AGGREGATES[definition["aggregate"]](definition, rows, kept, at)
    return definition["empty"] if found is None else float(found)


def matches(where, row, past, at):
    return all((past.status(row["id"], at) if key == "status" else row[key]) == wanted for key, wanted in where.items())


def numbers(definition, kept):
    found = [row[definition["value"]] for row in kept]
    if definition["missing"] == "zero":
        return [Fraction(number or 0) for number in found]
    return [Fraction(number) for number in found if number is not None]


def total(definition, rows, kept, at):
    found = numbers(definition, kept)
    return sum(found) if found else None


def mean(definition, rows, kept, at):
    found = numbers(definition, kept)
    return sum(found) / len(found) if found else None


def days_since(definition, rows, kept, at):
    return (at - max(row["at"] for row in kept)) / timedelta(days=1) if kept else None


AGGREGATES = {
    "sum": total,
    "mean": mean,
    "count": lambda definition, rows, kept, at: len(kept) or None,
    "max": lambda definition, rows, kept, at: max(numbers(definition, kept), default=None),
    "share": lambda definition, rows, kept, at: Fraction(len(kept), len(rows)) if rows else None,
    "days_since": days_since,
}


async def of_rows(pool, definitions, rows):
    """The values of each row, by the names of the features."""
    customers, moments = [row["customer"] for row in rows], [datetime.fromisoformat(row["at"]) for row in rows]
    past = await history(pool, sorted(set(customers)))
    found = [{} for _ in rows]
    for definition in definitions:
        starts, closed = await begins(pool, definition, moments)
        for values, customer, since, at in zip(found, customers, starts, moments, strict=True):
            values[definition["name"]] = value(definition, past, customer, since, closed, at)
    return found
