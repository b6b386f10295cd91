SELECT component, count(*), sum(epoch(ends - begins)) / 60 FROM outages GROUP BY component ORDER BY 2 DESC, 1
