-- Releases of a week with an outage, as a share of those of a week without. A week may have none.
WITH start AS (SELECT date_trunc('week', min(ts - to_hours(utc_offset))) AS monday FROM sales JOIN regions USING (region)),
weeks AS (SELECT monday + to_days(CAST(7 * n AS INTEGER)) AS week FROM start, range(5) AS five(n)),
counted AS (
    SELECT week, (SELECT count(*) FROM releases WHERE date_trunc('week', day) = week) AS many,
        EXISTS (FROM outages WHERE NOT planned AND status = 'confirmed' AND date_trunc('week', begins) = week) AS bad
    FROM weeks
)
SELECT avg(many) FILTER (bad) / avg(many) FILTER (NOT bad) FROM counted
