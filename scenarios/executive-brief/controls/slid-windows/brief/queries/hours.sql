-- Hours on incidents and on all that hangs below them. UNION keeps each ticket once.
WITH RECURSIVE below AS (
    SELECT ticket FROM tickets WHERE kind = 'incident'
    UNION
    SELECT tickets.ticket FROM tickets JOIN below ON tickets.parent = below.ticket
)
SELECT coalesce(sum(hours), 0) FROM work WHERE ticket IN (FROM below)
