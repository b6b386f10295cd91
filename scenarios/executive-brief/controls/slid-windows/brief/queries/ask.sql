SELECT coalesce((SELECT proposal FROM offers LIMIT 1), 'none')
