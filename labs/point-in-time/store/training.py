"""Training sets: for each row of the past its courier's and its district's numbers."""

JOIN = """
SELECT asked.id, late_share, stops_per_hour, wait_minutes, open_orders
FROM asked
ASOF JOIN courier_days ON asked.courier = courier_days.courier AND asked.moment::TIMESTAMP >= courier_days.begins
ASOF JOIN district_hours ON asked.district = district_hours.district AND asked.moment::TIMESTAMP >= district_hours.begins
"""


def training_rows(tables, rows):
    return tables.ask(JOIN, rows)
