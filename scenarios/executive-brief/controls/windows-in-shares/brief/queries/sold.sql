-- what was sold in each ten minutes, on one clock, and whether anything had touched it
SELECT ts - to_hours(utc_offset) AS t, sum(amount) AS amount, EXISTS (
    FROM outages WHERE status = 'confirmed' AND t > begins - INTERVAL 10 MINUTE AND t < ends + INTERVAL 4 HOUR
) AS touched
FROM sales JOIN regions USING (region) GROUP BY t ORDER BY t
