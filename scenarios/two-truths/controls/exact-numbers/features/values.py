"""Values for any rows of (customer, at): a checkout is one row, a training set many. There is no second path."""

import asyncio
from datetime import datetime

import meaning

# When the first of so many days of a zone began. If its midnight came twice, the first one.
MIDNIGHTS = """
    SELECT CASE WHEN (start - interval '1 hour') AT TIME ZONE zone = local THEN start - interval '1 hour' ELSE start END
    FROM unnest($1::timestamptz[], $2::text[], $3::int[]) WITH ORDINALITY AS asked (at, zone, days, place),
        LATERAL (SELECT date_trunc('day', at AT TIME ZONE zone) - make_interval(days => days - 1) AS local) AS midnight,
        LATERAL (SELECT local AT TIME ZONE zone AS start) AS instant
    ORDER BY place
"""
# The rows of each customer from a time on, up to its moment. A status is the newest that was recorded by then.
HISTORY = {
    "orders": """
        SELECT place, placed_at AS time, amount, channel, known.status
        FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
            WITH ORDINALITY AS asked (customer, since, at, place)
        JOIN orders ON orders.customer = asked.customer AND placed_at BETWEEN since AND asked.at,
        LATERAL (
            SELECT status FROM order_events WHERE "order" = orders.id AND recorded_at <= asked.at
            ORDER BY recorded_at DESC LIMIT 1
        ) AS known
        ORDER BY place, placed_at
    """,
    "page_views": """
        SELECT place, page_views.at AS time, page, seconds
        FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
            WITH ORDINALITY AS asked (customer, since, at, place)
        JOIN page_views ON page_views.customer = asked.customer AND page_views.at BETWEEN since AND asked.at
        ORDER BY place, page_views.at
    """,
}


async def midnights(pool, definitions, moments):
    calendar = {(each["zone"], each["window"]["days"]) for each in definitions if each["window"]["kind"] == "calendar"}
    asked = [(at, zone, days) for at in set(moments) for zone, days in calendar]
    if not asked:
        return {}
    found = await pool.fetch(MIDNIGHTS, *map(list, zip(*asked, strict=True)))
    return {key: row[0] for key, row in zip(asked, found, strict=True)}


async def history(pool, source, customers, since, moments):
    """A list for each customer and moment: the rows of source that any window may need."""
    rows = [[] for _ in customers]
    for row in await pool.fetch(HISTORY[source], customers, since, moments):
        rows[row["place"] - 1].append(row)
    return rows


async def values(pool, registry, wanted, asked):
    """A mapping of name to number or None for each of asked, which are {"customer", "at"}, in their order."""
    definitions = {name: await registry.find(name, version) for name, version in wanted.items()}
    customers = [row["customer"] for row in asked]
    moments = [datetime.fromisoformat(row["at"]) for row in asked]
    starts = await midnights(pool, definitions.values(), moments)
    found = [dict.fromkeys(definitions) for _ in asked]
    for source in {each["source"] for each in definitions.values()}:
        own = {name: each for name, each in definitions.items() if each["source"] == source}
        since = [min(meaning.begins(each, at, starts)[0] for each in own.values()) for at in moments]
        for place, rows in enumerate(await history(pool, source, customers, since, moments)):
            for name, each in own.items():
                found[place][name] = meaning.value(each, rows, moments[place], starts)
            await asyncio.sleep(0)  # a checkout that waits goes first
    return found
