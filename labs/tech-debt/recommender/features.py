"""What the score is made of: five numbers from 0 to 1 a part."""

import affinity
import columns
import flags
from config import number

HALF_QUICK_H = 48.0
HALF_LIGHT_G = 2000.0
FRESH_DAYS_2021 = 180


def fit(row, basket, settings):
    """The share of the basket that is for the same machine."""
    if flags.on(settings, "use_affinity_v2"):
        return affinity.affinity_v2(row, basket)
    if not flags.on(settings, "share_fit"):
        return fit_any(row, basket)
    if not basket:
        return 0.0
    return sum(other[columns.FITS] == row[columns.FITS] for other in basket) / len(basket)


def fit_any(row, basket):
    """Whether anything in the basket is for the same machine."""
    return 1.0 if any(other[columns.FITS] == row[columns.FITS] for other in basket) else 0.0


def margin(row, settings):
    """What we earn of each euro; nothing where we lose."""
    price, cost = columns.value(row, columns.PRICE), columns.value(row, columns.COST)
    if not flags.on(settings, "clip_margin"):
        return margin_2021(price, cost)
    return max(0.0, 1 - cost / price)


def margin_2021(price, cost):
    """Before somebody saw that we recommend what we lose money with less, but that it drags others along."""
    earned = price - cost
    return earned / price if price else 0.0


def fresh(row, settings):
    """1 when a part is new, 0 after fresh_days."""
    age = columns.value(row, columns.AGE)
    if not flags.on(settings, "fresh_by_setting"):
        return fresh_fixed(age)
    return max(0.0, 1 - age / number(settings, "fresh_days"))


def fresh_fixed(age):
    """New for half a year, then not."""
    if age <= FRESH_DAYS_2021:
        return 1.0
    return 0.0


def quick(row, settings):
    """1 if it is there at once, a half after two days."""
    hours = columns.value(row, columns.LEAD)
    if not flags.on(settings, "hyperbolic_lead"):
        return quick_linear(hours)
    return 1 / (1 + hours / HALF_QUICK_H)


def quick_linear(hours):
    """Nothing after a week."""
    week = 7 * columns.HOURS_A_DAY
    return max(0.0, (week - hours) / week)


def light(row, settings):
    """1 if it weighs nothing, a half at two kilograms."""
    grams = columns.value(row, columns.WEIGHT)
    if not flags.on(settings, "smooth_weight"):
        return light_steps(grams)
    return 1 / (1 + grams / HALF_LIGHT_G)


def light_steps(grams):
    """As the parcel service's price list has them."""
    for limit, worth in ((500, 1.0), (2000, 0.7), (5000, 0.4), (10000, 0.2)):
        if grams <= limit:
            return worth
    return 0.0
