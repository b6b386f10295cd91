{% include "losses.sql" +%}
SELECT outage FROM losses ORDER BY lost DESC, outage LIMIT 1
