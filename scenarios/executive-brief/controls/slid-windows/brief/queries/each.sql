FROM losses ORDER BY lost DESC
