-- What each outage took: usual sales less actual sales, from its begin to four hours after its end.
WITH sold AS (  -- on one clock, all regions together
    SELECT ts - to_hours(utc_offset) AS utc, sum(amount) AS amount
    FROM sales JOIN regions USING (region) GROUP BY 1
), marked AS (  -- outages and planned windows, and the hours in which buyers come back, are not usual
    SELECT utc, amount, (epoch(utc) - min(epoch(utc)) OVER ()) / 604800 AS week,
        CAST(epoch(utc) AS BIGINT) % 604800 AS slot,
        EXISTS (FROM outages WHERE (planned OR status = 'confirmed')
            AND utc > begins - INTERVAL 10 MINUTE AND utc < ends + INTERVAL 4 HOUR) AS hit
    FROM sold
), clean AS (
    SELECT *, week - avg(week) OVER same AS weeks, ln(amount) - avg(ln(amount)) OVER same AS change
    FROM marked WHERE NOT hit AND amount > 0 WINDOW same AS (PARTITION BY slot)
), growth AS (SELECT coalesce(regr_slope(change, weeks), 0) AS rate FROM clean
), levels AS (  -- the same ten minutes of the other weeks, without the growth
    SELECT slot, avg(amount * exp(-rate * week)) AS level FROM clean, growth GROUP BY slot
), usual AS (
    SELECT utc, amount, hit, slot, level * exp(rate * week) AS usual FROM marked JOIN levels USING (slot), growth
), ours AS (FROM outages WHERE NOT planned AND status = 'confirmed'
), days AS (  -- was it a good day or a bad one? The nine clean hours on both sides say so
    SELECT outage, sum(amount) / sum(usual) AS pace
    FROM ours JOIN usual ON utc > begins - INTERVAL 9 HOUR AND utc < ends + INTERVAL 13 HOUR
    WHERE NOT hit GROUP BY outage
), losses AS (
    SELECT outage, sum(usual * coalesce(pace, 1) - amount) AS lost, sum(usual) AS stake, count(*) AS slots
    FROM ours JOIN usual ON utc > begins - INTERVAL 10 MINUTE AND utc < ends + INTERVAL 4 HOUR
    LEFT JOIN days USING (outage) GROUP BY outage
)
