{% include "offers.sql" +%}
SELECT coalesce((SELECT proposal FROM best), 'none')
