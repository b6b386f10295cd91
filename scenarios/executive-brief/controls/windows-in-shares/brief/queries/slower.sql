-- releases of a week with an outage, as a share of those of a week without; a week without releases counts
WITH days AS (
    SELECT date_trunc('week', ts - to_hours(utc_offset)) AS week FROM sales JOIN regions USING (region)
),
weeks AS (
    SELECT week, (SELECT count(*) FROM releases WHERE date_trunc('week', day) = week) AS many,
        EXISTS (
            FROM outages WHERE status = 'confirmed' AND NOT planned
                AND begins < week + INTERVAL 7 DAY AND ends > week
        ) AS bad
    FROM (SELECT DISTINCT week FROM days)
)
SELECT avg(many) FILTER (bad) / avg(many) FILTER (NOT bad) FROM weeks
