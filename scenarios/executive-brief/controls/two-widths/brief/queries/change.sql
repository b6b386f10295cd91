WITH hours AS (
    SELECT date_trunc('hour', ts - to_hours(utc_offset)) AS t, sum(amount) AS eur FROM sales JOIN regions USING (region) GROUP BY t
)
SELECT median(abs(now.eur / was.eur - 1)) FROM hours AS now JOIN hours AS was ON now.t = was.t + INTERVAL 7 DAY
