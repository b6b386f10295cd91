SELECT payback FROM offers LIMIT 1
