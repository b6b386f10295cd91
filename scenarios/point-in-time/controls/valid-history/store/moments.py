"""The one answer to "what was known at this moment?". The street and training both ask here, so they agree."""

# LEFT: a row whose courier or district is unknown comes back too, with nulls. Freshness is judged after the match:
# a number that is too old hides the older ones, and each table's nulls leave the other table's values alone.
JOIN = """
WITH moments AS (SELECT * REPLACE (moment::TIMESTAMP AS moment) FROM asked)
SELECT m.id,
    CASE WHEN m.moment <= c.fresh_until THEN c.late_share END AS late_share,
    CASE WHEN m.moment <= c.fresh_until THEN c.stops_per_hour END AS stops_per_hour,
    CASE WHEN m.moment <= d.fresh_until THEN d.wait_minutes END AS wait_minutes,
    CASE WHEN m.moment <= d.fresh_until THEN d.open_orders END AS open_orders
FROM moments m
ASOF LEFT JOIN courier_days_known c ON m.courier = c.courier AND m.moment >= c.since
ASOF LEFT JOIN district_hours_known d ON m.district = d.district AND m.moment >= d.since
"""


def known_at(tables, rows):
    """Rows of id, courier, district and moment: each comes back once, with the values known at its moment."""
    found = tables.ask(JOIN, rows, ("id", "courier", "district", "moment"))
    if len(found) != len(rows):
        raise RuntimeError(f"asked for {len(rows)} rows, found {len(found)}")
    return found
