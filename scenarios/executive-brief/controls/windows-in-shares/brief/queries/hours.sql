-- incidents and all that hangs below them; UNION keeps a ticket once, however many incidents it hangs below
WITH RECURSIVE below AS (
    SELECT ticket FROM tickets WHERE kind = 'incident'
    UNION
    SELECT tickets.ticket FROM tickets JOIN below ON tickets.parent = below.ticket
)
SELECT coalesce(sum(hours), 0) FROM work WHERE ticket IN (FROM below)
