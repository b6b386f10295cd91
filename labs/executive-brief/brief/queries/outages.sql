SELECT outage, component, epoch(ends - begins) / 60 AS minutes FROM outages ORDER BY begins
