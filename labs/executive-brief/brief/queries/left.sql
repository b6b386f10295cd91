-- who met an incident, and cancelled
SELECT count(DISTINCT customer) FROM cancelled JOIN exposed USING (customer)
