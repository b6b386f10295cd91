SELECT min(ts - to_hours(utc_offset)), (SELECT count(*) FROM proposals), (SELECT min(amount) FROM budget)
FROM sales JOIN regions USING (region)
