"""The score of a part beside a basket. See legacy.py and reports.py for the others."""

import calendars
import features
import flags
import offers
from config import number


def score(row, basket, settings, date):
    """The weighted sum of the five features; None if there is nothing to say."""
    fit = features.fit(row, basket, settings)
    if fit is None:
        return None
    if flags.on(settings, "cents_at_the_till"):
        row = till_price(row)
    total = number(settings, "weight_fit") * fit
    total += number(settings, "weight_margin") * features.margin(row, settings)
    total += number(settings, "weight_fresh") * features.fresh(row, settings)
    total += number(settings, "weight_quick") * features.quick(row, settings)
    total += number(settings, "weight_light") * features.light(row, settings)
    if flags.on(settings, "season_boost"):
        total *= calendars.season_factor(row, date)
    if flags.on(settings, "bundle_discount"):
        total += offers.bundle_bonus(row, basket)
    return total


def till_price(row):
    """The till's interface had cents as well."""
    changed = list(row)
    changed[1] = changed[1] / 100
    return changed
