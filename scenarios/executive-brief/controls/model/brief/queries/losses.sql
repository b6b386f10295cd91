-- each bucket against the same one of other weeks, each brought to the level of the twelve hours before and after
WITH clock AS (SELECT ts - to_hours(utc_offset) AS t, sum(amount) AS eur FROM sales JOIN regions USING (region) GROUP BY t),
spans AS (SELECT outage, planned, begins - INTERVAL 9 MINUTE AS a, ends + INTERVAL 4 HOUR AS b FROM outages WHERE status = 'confirmed'),
clean AS (SELECT t, eur FROM clock WHERE NOT EXISTS (FROM spans WHERE t BETWEEN a AND b)),
weeks AS (SELECT unnest([-4, -3, -2, -1, 1, 2, 3, 4]) AS week),
level AS (
    SELECT outage, week, sum(now.eur) / sum(was.eur) AS scale
    FROM spans, weeks JOIN clean AS now ON now.t BETWEEN a - INTERVAL 12 HOUR AND b + INTERVAL 12 HOUR
    JOIN clean AS was ON was.t = now.t + to_days(7 * week) GROUP BY outage, week
),
buckets AS (
    SELECT outage, now.t, any_value(now.eur) AS came, avg(was.eur * scale) AS expected
    FROM spans JOIN clock AS now ON now.t BETWEEN a AND b JOIN level USING (outage)
    JOIN clean AS was ON was.t = now.t + to_days(7 * week) WHERE NOT planned GROUP BY outage, now.t
),
losses AS (SELECT outage, sum(expected - came) AS lost FROM buckets GROUP BY outage)
