SELECT region, sum(orders), sum(amount) FROM sales GROUP BY region ORDER BY region
