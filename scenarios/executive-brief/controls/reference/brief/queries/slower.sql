WITH weeks AS (SELECT date_trunc('week', day) AS week, count(*) AS many FROM releases GROUP BY week),
bad AS (SELECT DISTINCT date_trunc('week', begins) AS week FROM outages WHERE status = 'confirmed' AND NOT planned)
SELECT avg(many) FILTER (week IN (FROM bad)) / avg(many) FILTER (week NOT IN (FROM bad)) FROM weeks
