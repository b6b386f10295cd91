SELECT usual, amount, hit, count(*) FILTER (NOT hit) OVER (PARTITION BY slot) AS weeks FROM usual ORDER BY utc
