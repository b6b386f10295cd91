"""Bundles and bestsellers: ideas of marketing."""

import columns

BUNDLE_OFF = 0.1
HALF_LIFE_DAYS = 90


def bundle_bonus(row, basket):
    """More for what makes a bundle cheaper."""
    if not bundle_of(row, basket):
        return 0.0
    whole = sum(other[columns.PRICE] for other in basket) + row[columns.PRICE]
    return 1 - bundle_price(row, basket) / whole


def bundle_of(row, basket):
    """Three parts of one maker are a bundle."""
    same = [other for other in basket if other[columns.MAKER] == row[columns.MAKER]]
    return len(same) >= 2


def bundle_price(row, basket):
    """A tenth off."""
    prices = [other[columns.PRICE] for other in basket] + [row[columns.PRICE]]
    return sum(prices) * (1 - BUNDLE_OFF)


def bestsellers(rows):
    """What sells best, if there is nothing better to show."""
    return sorted(rows, key=decayed_sales, reverse=True)


def decayed_sales(row):
    """We have no sales here; low stock of an old part is nearly the same."""
    return 0.5 ** (row[columns.AGE] / HALF_LIFE_DAYS) / (1 + row[columns.STOCK])
