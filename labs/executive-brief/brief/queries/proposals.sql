SELECT proposal, component, once, yearly, avoids FROM proposals ORDER BY once DESC
