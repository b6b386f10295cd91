"""The score, in one place. Two readers count on what it was in 2021: see `for_mail` and `for_controlling`."""

HALF_QUICK_H, HALF_LIGHT_G = 48, 2000


def score(part, basket, settings):
    """For the page: neither margin nor freshness is ever below 0."""
    return total(part, basket, settings, max(0, margin(part)), max(0, fresh(part, settings)))


def for_mail(shown, basket, settings):
    """`legacy_score`: the mean of what is shown, times 100; a margin may be below 0."""
    found = [total(part, basket, settings, margin(part), max(0, fresh(part, settings))) for part in shown]
    return round(100 * sum(found) / len(found), 2) if found else 0.0


def for_controlling(part, settings):
    """`/internal/scores`: without a basket; margin and freshness may be below 0."""
    return round(total(part, [], settings, margin(part), fresh(part, settings)), 4)


def total(part, basket, settings, worth, freshness):
    """The weighted sum."""
    fit = sum(other["fits"] == part["fits"] for other in basket) / len(basket) if basket else 0
    return (
        settings["weight_fit"] * fit
        + settings["weight_margin"] * worth
        + settings["weight_fresh"] * freshness
        + settings["weight_quick"] / (1 + part["lead_h"] / HALF_QUICK_H)
        + settings["weight_light"] / (1 + part["weight_g"] / HALF_LIGHT_G)
    )


def margin(part):
    """What we earn of each euro."""
    return 1 - part["cost"] / part["price"]


def fresh(part, settings):
    """1 when a part is new, 0 after fresh_days."""
    return 1 - part["age_days"] / settings["fresh_days"]
