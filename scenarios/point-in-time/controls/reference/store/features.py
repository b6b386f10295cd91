"""What was known of a courier and a district at a moment: one join, for training and for the street."""

JOIN = """
WITH moments AS (SELECT * REPLACE (moment::TIMESTAMP AS moment) FROM asked)
SELECT
    moments.id,
    CASE WHEN c.ends >= moment - INTERVAL 2 DAYS THEN late_share END AS late_share,
    CASE WHEN c.ends >= moment - INTERVAL 2 DAYS THEN stops_per_hour END AS stops_per_hour,
    CASE WHEN d.ends >= moment - INTERVAL 6 HOURS THEN wait_minutes END AS wait_minutes,
    CASE WHEN d.ends >= moment - INTERVAL 6 HOURS THEN open_orders END AS open_orders
FROM moments
ASOF LEFT JOIN newest_courier_days c ON moments.courier = c.courier AND moment >= c.published
ASOF LEFT JOIN newest_district_hours d ON moments.district = d.district AND moment >= d.published
"""


def known(tables, rows):
    """The features of each row at its moment; null where nothing fresh was known."""
    return tables.ask(JOIN, rows)
