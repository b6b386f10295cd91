SELECT worth FROM offers LIMIT 1
