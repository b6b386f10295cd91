{% include "offers.sql" +%}
SELECT payback FROM best
