{% include "losses.sql" +%}
SELECT outage, component, begins, ends, lost, expected
FROM losses JOIN outages USING (outage) ORDER BY lost DESC, outage
