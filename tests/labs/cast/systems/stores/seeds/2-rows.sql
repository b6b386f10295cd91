INSERT INTO item SELECT n, ('[' || n || ',0]')::vector FROM generate_series(1, 100) AS n;
