-- sales of ten minutes, on one clock
WITH sold AS (
    SELECT ts - to_hours(utc_offset) AS t, sum(amount) AS amount
    FROM sales JOIN regions USING (region) GROUP BY t
),
-- ten minutes that an outage or a planned window may have touched: no measure of a usual day
touched AS (
    SELECT DISTINCT t FROM sold JOIN outages
        ON t > begins - INTERVAL 10 MINUTE AND t < ends + INTERVAL 4 HOUR
    WHERE status = 'confirmed'
),
calm AS (SELECT t, amount FROM sold ANTI JOIN touched USING (t)),
-- around each outage: while it lasts and the four hours in which people come back (hit), and twelve hours on each side
around AS (
    SELECT outage, t, amount, t > begins - INTERVAL 10 MINUTE AND t < ends + INTERVAL 4 HOUR AS hit
    FROM outages JOIN sold
        ON t > begins - INTERVAL 730 MINUTE AND t < ends + INTERVAL 16 HOUR
    WHERE status = 'confirmed' AND NOT planned
),
-- each of them beside the same ten minutes of each other week
beside AS (
    SELECT outage, week, around.t, hit, around.amount, calm.amount AS other, own.t IS NOT NULL AS quiet
    FROM around
    CROSS JOIN (SELECT unnest([-4, -3, -2, -1, 1, 2, 3, 4]) AS week)
    JOIN calm ON calm.t = around.t + to_days(7 * week)
    LEFT JOIN calm AS own ON own.t = around.t
),
-- how far this day was above or below that week
levels AS (
    SELECT outage, week, sum(amount) / sum(other) AS level
    FROM beside WHERE quiet AND NOT hit GROUP BY outage, week
),
usual AS (
    SELECT outage, t, any_value(amount) AS amount, avg(other * level) AS expected
    FROM beside JOIN levels USING (outage, week) WHERE hit GROUP BY outage, t
),
losses AS (
    SELECT outage, sum(expected) AS expected, sum(expected - amount) AS lost FROM usual GROUP BY outage
)
