WITH RECURSIVE below AS (
    SELECT ticket FROM tickets WHERE kind = 'incident'
    UNION
    SELECT tickets.ticket FROM tickets JOIN below ON tickets.parent = below.ticket
)
SELECT sum(hours) FROM work WHERE ticket IN (FROM below)
