"""From a definition to SQL, for customers at moments. Checkout asks for one of them, training for many."""

from datetime import datetime

import registry

TIME = {"orders": "placed_at", "page_views": "at"}
COLUMNS = {"orders": {"amount", "channel", "status"}, "page_views": {"seconds", "page"}}
STATUS = """(SELECT e.status FROM order_events e WHERE e."order" = s.id AND e.recorded_at <= p.at
    ORDER BY e.recorded_at DESC LIMIT 1)"""
AGGREGATES = {
    "sum": "sum(number) FILTER (WHERE kept)",
    "mean": "avg(number) FILTER (WHERE kept)",
    "max": "max(number) FILTER (WHERE kept)",
    "count": "nullif(count(*) FILTER (WHERE kept), 0)",
    "share": "avg(kept::int)",
    "days_since": "extract(epoch FROM at - max(time) FILTER (WHERE kept)) / 86400",
}


def column(source, name):
    if name not in COLUMNS[source]:
        raise KeyError(name)
    return STATUS if name == "status" else f"s.{name}"


class Arguments(list):
    """Of a query; each has a number."""

    def add(self, value):
        self.append(value)
        return f"${len(self)}"


def sql(definition, arguments):
    """A row for each pair of a customer and a moment, which are the first two arguments."""
    source, window = definition["source"], definition["window"]
    time, days = f"s.{TIME[source]}", int(window["days"])
    number = f"{column(source, definition['value'])}::numeric" if definition["value"] else "NULL::numeric"
    if definition["missing"] == "zero":
        number = f"COALESCE({number}, 0)"
    where = [f"{column(source, name)} = {arguments.add(value)}" for name, value in definition["where"].items()]
    if window["kind"] == "rolling":
        begins = f"{time} > p.at - {days} * interval '24 hours'"
    else:
        zone = arguments.add(definition["zone"])
        begins = f"({time} AT TIME ZONE {zone})::date > (p.at AT TIME ZONE {zone})::date - {days}"
    return f"""
        SELECT (SELECT {AGGREGATES[definition["aggregate"]]} FROM (
            SELECT {number} AS number, {" AND ".join(where) or "true"} AS kept, {time} AS time FROM {source} s
            WHERE s.customer = p.customer AND {time} <= p.at AND {begins}) AS rows)
        FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS p(customer, at, n) ORDER BY n
    """


async def of_feature(pool, definition, customers, moments):
    arguments = Arguments([customers, moments])
    found = await pool.fetch(sql(definition, arguments), *arguments)
    return [definition["empty"] if row[0] is None else float(row[0]) for row in found]


async def of_rows(pool, wanted, rows):
    """The values of each row, by the names of the features."""
    customers = [row["customer"] for row in rows]
    moments = [datetime.fromisoformat(row["at"]) for row in rows]
    columns = {}
    for name, version in wanted.items():
        columns[name] = await of_feature(pool, await registry.find(pool, name, version), customers, moments)
    return [{name: column[n] for name, column in columns.items()} for n in range(len(rows))]
