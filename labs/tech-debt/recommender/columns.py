"""Where in a row of the catalogue what stands. The catalogue team's file has been like this since 2021."""

PART, PRICE, COST, WEIGHT, STOCK, AGE, LEAD, FITS, MAKER = range(9)
WIDTH = 9

GRAMS_A_KILO = 1000.0
HOURS_A_DAY = 24


def value(row, at):
    """A number of a row."""
    return float(row[at])


def price_from_cents(row):
    """For the two weeks in 2023 in which prices came in cents. If they come again: set price_in_cents."""
    changed = list(row)
    changed[PRICE] = changed[PRICE] / 100
    changed[COST] = changed[COST] / 100
    return changed


def weight_from_kg(row):
    """The Polish supplier weighed in kilograms. Not one of ours any more."""
    changed = list(row)
    changed[WEIGHT] = changed[WEIGHT] * GRAMS_A_KILO
    return changed


def lead_from_days(row):
    """Lead times were days once."""
    changed = list(row)
    changed[LEAD] = changed[LEAD] * HOURS_A_DAY
    return changed
