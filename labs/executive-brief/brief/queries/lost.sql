-- what the incidents cost: an average ten minutes of sales, for as long as they lasted
SELECT avg(amount) * (SELECT count(*) FROM regions)
    * (SELECT sum(epoch(ends - begins)) / 600 FROM outages)
FROM sales
