SELECT sum(hours) FROM work JOIN tickets USING (ticket) WHERE kind = 'incident'
