"""The first step of an offer: a share of all orders, for some hours."""

from math import sqrt


def first(
    hours: int, share_most: float, orders_least: float, orders_most: float, orders_an_hour: float
) -> tuple[float, int] | None:
    """Share (0 to 1) and hours of a first step within the bounds; None if there is no such step.

    `share_most` is what the load test bears; the new model has to get `orders_least`, or a small segment shows nothing,
    and may get `orders_most`, or the error budget is at risk. The step is as far from one as from the other."""
    there_are = orders_an_hour * hours  # in all the hours, so that the share is the smallest
    least, most = orders_least / there_are, min(share_most, orders_most / there_are)
    if not 0 < least <= most:
        return None
    middle = sqrt(least * most)
    for digits in range(2, 9):  # as round a number as the bounds allow
        share = float(f"{middle:.{digits}g}")
        if least <= share <= most:
            return share, hours
    return middle, hours
