-- releases of a week with an incident, as a share of the others
WITH weeks AS (SELECT date_trunc('week', day) AS week, count(*) AS many FROM releases GROUP BY week),
bad AS (SELECT DISTINCT date_trunc('week', begins) AS week FROM outages)
SELECT coalesce(avg(many) FILTER (week IN (FROM bad)) / avg(many) FILTER (week NOT IN (FROM bad)), 1)
FROM weeks
