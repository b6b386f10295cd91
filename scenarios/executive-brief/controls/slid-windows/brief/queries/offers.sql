-- What each proposal is worth in a year, and which of them we may buy, the best first.
WITH booked AS (SELECT component, sum(booked) AS booked FROM history GROUP BY component),
valued AS (
    SELECT proposal, component, once, coalesce(booked, 0) * avoids - yearly AS worth
    FROM proposals LEFT JOIN booked USING (component)
), offers AS (
    SELECT proposal, component, once, worth, 12 * once / worth AS payback FROM valued
    WHERE worth > 0 AND once <= (SELECT min(amount) FROM budget) AND 12 * once / worth <= 24
    ORDER BY worth DESC, proposal
)
