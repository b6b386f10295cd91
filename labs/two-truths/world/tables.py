"""The shop's tables in postgres: what a customer did is written there, up to a moment; and last night's dump of it."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import asyncpg
from season import Season
from truth import Event
from zones import local

HOME = "Europe/Lisbon"
TABLES = """
CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, customer text NOT NULL, placed_at timestamptz NOT NULL,
    amount numeric, channel text NOT NULL, status text NOT NULL);
CREATE TABLE IF NOT EXISTS order_events ("order" text NOT NULL, status text NOT NULL, recorded_at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS page_views (customer text NOT NULL, at timestamptz NOT NULL, page text NOT NULL,
    seconds real);
CREATE INDEX IF NOT EXISTS orders_of ON orders (customer, placed_at);
CREATE INDEX IF NOT EXISTS events_of ON order_events ("order", recorded_at);
CREATE INDEX IF NOT EXISTS views_of ON page_views (customer, at);
"""
NEWER = "UPDATE orders SET status = $2 WHERE id = $1"
DUMPS = {
    "orders": ("id", "customer", "placed_at", "amount", "channel", "status"),
    "page_views": ("customer", "at", "page", "seconds"),
}
PATIENCE_S = 5.0


class Tables:
    """The tables, and up to when each customer's doings are in them."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._pool: asyncpg.Pool | None = None
        self._season: Season | None = None
        self._until: dict[str, datetime] = {}
        self._dumps: dict[str, str] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self) -> None:
        """Connect, and make what is not there.

        Raises:
            OSError, asyncpg.PostgresError: the store does not take it.
        """
        self._pool = await asyncpg.create_pool(self._store, min_size=2, max_size=6, command_timeout=PATIENCE_S)
        await self._pool.execute(TABLES)

    async def begin(self, season: Season) -> None:
        """What a season's customers did until its first day. Raises as `open`."""
        assert self._pool is not None
        rows = _rows((one for own in season.events.values() for one in own), None, season.today)
        async with self._pool.acquire() as connection, connection.transaction():
            for table, records in rows.items():
                await connection.copy_records_to_table(table, records=records)
        await self._pool.execute("ANALYZE orders, order_events, page_views")
        self._dumps = {}
        self._season, self._until = season, dict.fromkeys(season.customers, season.today)

    async def write(self, customer: str, until: datetime) -> None:
        """What a customer of the season did until then, if it is not there yet. Raises as `open`."""
        assert self._pool is not None and self._season is not None
        async with self._turns[customer]:
            since = self._until.get(customer)
            if since is None or until <= since:
                return
            rows = _rows(self._season.events[customer], since, until)
            async with self._pool.acquire() as connection, connection.transaction():
                for table, records in rows.items():
                    if records:
                        await connection.copy_records_to_table(table, records=records)
                new = {order[0] for order in rows["orders"]}
                for order, status, _ in sorted(rows["order_events"], key=lambda row: row[2]):
                    if order not in new:
                        await connection.execute(NEWER, order, status)
            self._until[customer] = until

    def dump(self, table: str) -> str:
        """Last night's rows as CSV, with times as clocks in Lisbon show them, and nothing where there is no number.

        Raises:
            KeyError: there is no such dump.
        """
        if table not in self._dumps:
            head, text = DUMPS[table], io.StringIO()
            csv.writer(text, lineterminator="\n").writerows([head, *self._of_last_night(table)])
            self._dumps[table] = text.getvalue()
        return self._dumps[table]

    def _of_last_night(self, table: str) -> list[list[object]]:
        if self._season is None:
            return []
        night = self._season.today.replace(hour=0, minute=0)
        rows = _rows((one for own in self._season.events.values() for one in own), None, night)
        return [[_written(cell) for cell in row] for row in rows[table]]


def _written(cell: object) -> object:
    if isinstance(cell, datetime):
        return local(cell, HOME).isoformat(" ", "milliseconds")
    return "" if cell is None else cell


def _rows(events: Iterable[Event], since: datetime | None, until: datetime) -> dict[str, list[tuple[Any, ...]]]:
    """What is new in each table after one moment and until another."""

    def falls(at: datetime) -> bool:
        return at <= until and (since is None or at > since)

    rows: dict[str, list[tuple[Any, ...]]] = {"orders": [], "order_events": [], "page_views": []}
    for one in events:
        rows["order_events"] += [(one.id, status, at) for status, at in one.statuses if falls(at)]
        if not falls(one.at):
            continue
        if one.statuses:
            rows["orders"].append((one.id, one.customer, one.at, one.number, one.column, one.status(until)))
        else:
            rows["page_views"].append(
                (one.customer, one.at, one.column, None if one.number is None else float(one.number))
            )
    return rows
