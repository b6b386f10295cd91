SELECT proposal, component, once, worth, payback FROM offers LIMIT 1
