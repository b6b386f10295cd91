{% include "losses.sql" +%}
SELECT sum(lost) FROM losses
