"""Training sets: for each row of the past its courier's and its district's numbers."""

JOIN = """
WITH moments AS (SELECT * REPLACE (moment::TIMESTAMP AS moment) FROM asked)
SELECT moments.id, late_share, stops_per_hour, wait_minutes, open_orders
FROM moments
ASOF JOIN courier_days c ON moments.courier = c.courier AND moment >= c.begins
ASOF JOIN district_hours d ON moments.district = d.district AND moment >= d.begins
"""


def training_rows(tables, rows):
    return tables.ask(JOIN, rows)
