"""The score of a part, in one place. Three departments read it, and they do not cut the same terms at zero.

The page cuts margin and freshness. The mails' number cuts freshness alone: a part that we lose money with pulls it
down. Controlling cuts neither, and has no basket. All of that is as it was since 2021, and is counted on.
"""

import columns

HALF_QUICK_H = 48.0
HALF_LIGHT_G = 2000.0


def page_score(part, basket, settings):
    """What the page is ordered by."""
    return weighted(part, share_that_fits(part, basket), max(0.0, margin(part)), fresh_from_zero(part, settings), settings)


def mail_score(part, basket, settings):
    """What the mails' number is the mean of."""
    return weighted(part, share_that_fits(part, basket), margin(part), fresh_from_zero(part, settings), settings)


def report_score(part, settings):
    """What controlling reads."""
    return weighted(part, 0.0, margin(part), fresh(part, settings), settings)


def weighted(part, fit, margin, fresh, settings):
    """The sum of the five terms."""
    total = settings["weight_fit"] * fit
    total += settings["weight_margin"] * margin
    total += settings["weight_fresh"] * fresh
    total += settings["weight_quick"] * (1 / (1 + part[columns.LEAD] / HALF_QUICK_H))
    total += settings["weight_light"] * (1 / (1 + part[columns.WEIGHT] / HALF_LIGHT_G))
    return total


def share_that_fits(part, basket):
    """The share of the basket that is for the same machine."""
    if not basket:
        return 0.0
    return sum(other[columns.FITS] == part[columns.FITS] for other in basket) / len(basket)


def margin(part):
    """What we earn of each euro; below zero where we lose."""
    return 1 - part[columns.COST] / part[columns.PRICE]


def fresh(part, settings):
    """1 when a part is new, 0 after fresh_days, below zero later."""
    return 1 - part[columns.AGE] / settings["fresh_days"]


def fresh_from_zero(part, settings):
    return max(0.0, fresh(part, settings))
