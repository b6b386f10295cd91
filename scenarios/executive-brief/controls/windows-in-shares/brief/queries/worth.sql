{% include "offers.sql" +%}
SELECT worth FROM best
