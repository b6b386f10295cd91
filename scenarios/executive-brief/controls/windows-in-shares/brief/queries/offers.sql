-- what each proposal is worth a year, and when it has paid for itself
WITH booked AS (SELECT component, sum(booked) AS booked FROM history GROUP BY component),
offers AS (
    SELECT proposal, component, once, coalesce(booked, 0) * avoids - yearly AS worth, 12 * once / worth AS payback
    FROM proposals LEFT JOIN booked USING (component)
),
best AS (
    SELECT * FROM offers
    WHERE once <= (SELECT amount FROM budget) AND worth > 0 AND payback <= 24
    ORDER BY worth DESC, proposal LIMIT 1
)
