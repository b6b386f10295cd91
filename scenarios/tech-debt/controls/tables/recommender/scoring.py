"""Scores: a table of what a part can be worth, and a table of who counts what of it."""

FEATURES = {
    "fit": lambda part, basket, settings: sum(one.fits == part.fits for one in basket) / len(basket) if basket else 0.0,
    "margin": lambda part, basket, settings: 1 - part.cost / part.price,
    "fresh": lambda part, basket, settings: 1 - part.age_days / settings["fresh_days"],
    "quick": lambda part, basket, settings: 1 / (1 + part.lead_h / 48),
    "light": lambda part, basket, settings: 1 / (1 + part.weight_g / 2000),
}

AS_IT_IS, NOT_BELOW_0 = float, lambda worth: max(0.0, worth)

# Only margin and fresh can be below 0, and there the three differ. They have for years, and others count on it.
PAGE = {"fit": AS_IT_IS, "margin": NOT_BELOW_0, "fresh": NOT_BELOW_0, "quick": AS_IT_IS, "light": AS_IT_IS}
MAIL = {"fit": AS_IT_IS, "margin": AS_IT_IS, "fresh": NOT_BELOW_0, "quick": AS_IT_IS, "light": AS_IT_IS}
FINANCE = {"margin": AS_IT_IS, "fresh": AS_IT_IS, "quick": AS_IT_IS, "light": AS_IT_IS}


def score(counted, part, basket, settings):
    """The weighted sum of what is counted."""
    return sum(
        settings[f"weight_{name}"] * bounded(FEATURES[name](part, basket, settings)) for name, bounded in counted.items()
    )


def legacy_score(shown, basket, settings):
    """The mean of the mail's score over what is shown, of a hundred."""
    if not shown:
        return 0.0
    return round(100 * sum(score(MAIL, part, basket, settings) for part in shown) / len(shown), 2)


def report_score(part, settings):
    """Finance's score of a part, beside no basket."""
    return round(score(FINANCE, part, [], settings), 4)
