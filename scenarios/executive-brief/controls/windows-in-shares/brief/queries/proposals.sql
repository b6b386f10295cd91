{% include "offers.sql" +%}
SELECT proposal, component, once, worth, payback, (SELECT amount FROM budget) AS budget FROM offers ORDER BY worth DESC, proposal
