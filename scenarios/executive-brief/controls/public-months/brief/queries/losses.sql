WITH losses AS (
    SELECT outage, 0.76 * epoch(ends - begins) / 600 * (SELECT sum(amount) / count(DISTINCT ts) FROM sales) AS lost
    FROM outages WHERE status = 'confirmed' AND NOT planned
)
