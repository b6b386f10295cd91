"""A first step: large enough to show the smallest segment, small enough for what capacity and budget bear."""

import math

AT_MOST = 0.25


def first_step(most_share: float, least: float, most: float) -> tuple[float, int]:
    """A share and hours: in the middle of what share times hours may be, as short as that share allows."""
    product = math.sqrt(least * max(most, least))
    hours = next((hours for hours in range(2, 24) if product / hours <= min(AT_MOST, 0.9 * most_share)), 24)
    return round(product / hours, 3), hours
