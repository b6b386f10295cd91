WITH booked AS (SELECT component, sum(booked) AS booked FROM history GROUP BY component),
offers AS (
    SELECT proposal, once, coalesce(booked, 0) * avoids - yearly AS worth, 12 * once / worth AS payback
    FROM proposals LEFT JOIN booked USING (component)
),
best AS (
    FROM offers WHERE once <= (SELECT amount FROM budget) AND worth > 0 AND payback <= 24 ORDER BY worth DESC LIMIT 1
)
