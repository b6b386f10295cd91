-- What each outage took for good: sales of the same hours in other weeks, brought to the level of that day by the hours
-- that nothing touched, less what came in; until four hours after the end, when nobody comes back any more.
-- `days` moves an outage to a day on which there was none: what is "lost" there is how far this reckoning errs.
WITH clock AS (SELECT ts - to_hours(utc_offset) AS t, sum(amount) AS eur FROM sales JOIN regions USING (region) GROUP BY t),
felt AS (SELECT outage, begins, ends + INTERVAL 4 HOUR AS over, planned FROM outages WHERE status = 'confirmed'),
buckets AS (
    SELECT t, eur, EXISTS (FROM felt WHERE t + INTERVAL 10 MINUTE > begins AND t < over) AS touched FROM clock
),
others AS (
    SELECT t + to_days(7 * week) AS t, week, eur AS other, touched AS spoilt
    FROM buckets, (SELECT unnest([-4, -3, -2, -1, 1, 2, 3, 4]) AS week)
),
spans AS (
    SELECT outage, days, begins + to_days(days) AS begins, over + to_days(days) AS over
    FROM felt, (SELECT unnest([DAYS]) AS days) WHERE NOT planned
),
pairs AS (
    SELECT *, t + INTERVAL 10 MINUTE > begins AND t < over AS hit
    FROM spans JOIN buckets ON t BETWEEN begins - INTERVAL 12 HOUR AND over + INTERVAL 12 HOUR JOIN others USING (t)
),
weekly AS (
    SELECT outage, days, week, count(*) FILTER (hit) AS many, bool_or(hit AND touched) AS met, sum(eur) FILTER (hit) AS came,
        sum(other) FILTER (hit) * sum(eur) FILTER (NOT hit AND NOT touched AND NOT spoilt)
            / sum(other) FILTER (NOT hit AND NOT touched AND NOT spoilt) AS expected
    FROM pairs GROUP BY outage, days, week HAVING NOT bool_or(hit AND spoilt)
),
whole AS (FROM weekly QUALIFY many = max(many) OVER (PARTITION BY outage)),
losses AS (
    SELECT outage, days, avg(expected) - any_value(came) AS lost, bool_or(met) AS met FROM whole GROUP BY outage, days
)
