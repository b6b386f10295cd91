"""What a part has: the contract's columns by name, in whatever order a feed has them."""

PART, PRICE, COST, WEIGHT, STOCK = "part", "price", "cost", "weight_g", "stock"
AGE, LEAD, FITS, MAKER = "age_days", "lead_h", "fits", "maker"
NAMES = (PART, PRICE, COST, WEIGHT, STOCK, AGE, LEAD, FITS, MAKER)
MEASURED = (PRICE, COST, WEIGHT, AGE, LEAD)  # these have a unit, and have come in another one


def parts_of(names, rows):
    """The parts of a feed by number; columns that nobody needs are left out."""
    places = {name: names.index(name) for name in NAMES}
    parts = [{name: row[place] for name, place in places.items()} for row in rows]
    return {part[PART]: part for part in parts}
