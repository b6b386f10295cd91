"""What a definition is worth for customers at moments. Checkout and training both come here, and nowhere else.

A definition becomes one query over the live tables, as they were known at `at`. Checkout asks it about one row,
training about many. Sums are of numeric, so they do not depend on the order of the rows.
"""

TIME = {"orders": "placed_at", "page_views": "at"}

# `real` has whole quarters; by float8, because real to numeric keeps six digits only
VALUE = {"orders": "s.amount", "page_views": "s.seconds::float8::numeric"}

# rolling: 24 hours each, whatever the clocks do; the beginning is out
# calendar: by the local date, so a day of 23 or 25 hours is one day; the first line is only for the index
WINDOW = {
    "rolling": "s.{time} > r.at - make_interval(hours => 24 * $3::int) AND $4::text IS NOT NULL",
    "calendar": """s.{time} > r.at - make_interval(hours => 24 * ($3::int + 1))
            AND (s.{time} AT TIME ZONE $4::text)::date > (r.at AT TIME ZONE $4::text)::date - $3::int""",
}

# a status is the last one recorded by `at`; orders.status is the one of now, and knows the future
STATUS = """(SELECT e.status FROM order_events AS e WHERE e."order" = s.id AND e.recorded_at <= r.at
            ORDER BY e.recorded_at DESC LIMIT 1)"""

# each is null if no row is left, and then the value is `empty`
AGGREGATE = {
    "sum": "sum(value) FILTER (WHERE kept)",
    "mean": "avg(value) FILTER (WHERE kept)",
    "max": "max(value) FILTER (WHERE kept)",
    "count": "nullif(count(*) FILTER (WHERE kept), 0)",
    "share": "(count(*) FILTER (WHERE kept))::numeric / nullif(count(*), 0)",
    "days_since": "extract(epoch FROM r.at - max(time) FILTER (WHERE kept)) / 86400",
}

QUERY = """
    SELECT found.value
    FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS r (customer, at, n)
    CROSS JOIN LATERAL (
        SELECT {aggregate} AS value
        FROM (
            SELECT s.{time} AS time, {value} AS value, {kept} AS kept
            FROM {source} AS s
            WHERE s.customer = r.customer AND s.{time} <= r.at
            AND {window}
        ) AS known
    ) AS found
    ORDER BY r.n
"""


def query(definition):
    """The query, and its arguments after the customers and the moments. Only names of ours go into its text."""
    source, window = definition["source"], definition["window"]
    where = sorted(definition["where"].items())
    kept = [f"{STATUS if column == 'status' else 's.' + column} = ${n}" for n, (column, _) in enumerate(where, 5)]
    value = VALUE[source]
    if definition["missing"] == "zero":
        value = f"coalesce({value}, 0)"
    text = QUERY.format(
        aggregate=AGGREGATE[definition["aggregate"]],
        source=source,
        time=TIME[source],
        value=value,
        kept=" AND ".join(kept) or "true",
        window=WINDOW[window["kind"]].format(time=TIME[source]),
    )
    return text, [window["days"], definition["zone"], *(value for _, value in where)]


async def column(connection, definition, customers, moments):
    """One number or None for each customer and moment, in their order."""
    text, arguments = query(definition)
    found = await connection.fetch(text, customers, moments, *arguments)
    return [definition["empty"] if row["value"] is None else float(row["value"]) for row in found]


async def values(connection, definitions, rows):
    """A dict of name to value for each (customer, moment) of `rows`."""
    customers, moments = [customer for customer, _ in rows], [moment for _, moment in rows]
    columns = {one["name"]: await column(connection, one, customers, moments) for one in definitions}
    return [{name: column[n] for name, column in columns.items()} for n in range(len(rows))]
