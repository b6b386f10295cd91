WITH spent AS (SELECT team, sum(hours) AS hours FROM work GROUP BY team),
released AS (SELECT team, count(*) AS releases FROM releases GROUP BY team)
SELECT team, hours, releases FROM spent LEFT JOIN released USING (team) ORDER BY team
