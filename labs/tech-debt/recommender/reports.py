"""Scores for other departments, and for whoever wonders why a part is shown."""

import catalogue
import config
import features
from config import number


def score_of(tenant, part):
    """The score of a part without a basket; None if there is no such part."""
    found = catalogue.rows_of(tenant, [part])
    if not found:
        return None
    return round(report_score(found[0], config.settings_of(tenant)), 4)


def report_score(row, settings):
    """Copied from scoring.py for the report of 2021; the fit is left out, since a report has no basket."""
    _, price, cost, grams, _, age, hours, *_ = row
    total = number(settings, "weight_margin") * (price - cost) / price
    total += number(settings, "weight_fresh") * (1 - age / number(settings, "fresh_days"))
    total += number(settings, "weight_quick") * 48.0 / (48.0 + hours)
    total += number(settings, "weight_light") * 2000.0 / (2000.0 + grams)
    return total


def explain_score(row, basket, settings):
    """Every term of a score, for the debug page."""
    terms = [
        ("fit", features.fit(row, basket, settings)),
        ("margin", features.margin(row, settings)),
        ("fresh", features.fresh(row, settings)),
        ("quick", features.quick(row, settings)),
        ("light", features.light(row, settings)),
    ]
    return [explain_term(name, worth, number(settings, f"weight_{name}")) for name, worth in terms]


def explain_term(name, worth, weight):
    """A line of the debug page."""
    bar = "#" * round(40 * worth * weight)
    return f"{name:8} {worth:6.3f} x {weight:5.3f} = {worth * weight:6.3f} {bar}"


def percentile_of_score(tenant, part):
    """How many parts of a hundred have a lower score."""
    settings = config.settings_of(tenant)
    scores = {row[0]: report_score(row, settings) for row in catalogue.all_rows(tenant)}
    if part not in scores:
        return None
    lower = sum(other < scores[part] for other in scores.values())
    return 100 * lower / len(scores)
