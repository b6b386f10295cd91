"""The number that the first version of the page had. Kept for a while, until everybody has moved (2022)."""

import columns
from config import number


def legacy_score(shown, basket, settings):
    """The mean of the old score over what is shown, times 100."""
    if not shown:
        return 0.0
    return round(100 * sum(old_score(row, basket, settings) for row in shown) / len(shown), 2)


def old_score(row, basket, settings):
    """Copied from scoring.py, 2021-06."""
    same = sum(other[columns.FITS] == row[columns.FITS] for other in basket)
    share = same / len(basket) if basket else 0.0
    total = number(settings, "weight_fit") * share
    total += number(settings, "weight_margin") * (1 - row[columns.COST] / row[columns.PRICE])
    total += number(settings, "weight_fresh") * max(0.0, 1 - row[columns.AGE] / number(settings, "fresh_days"))
    total += number(settings, "weight_quick") / (1 + row[columns.LEAD] / 48.0)
    total += number(settings, "weight_light") / (1 + row[columns.WEIGHT] / 2000.0)
    return total
