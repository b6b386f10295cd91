"""Whether a column has come in another unit."""

from statistics import median

MOVED = 0.2  # the part in the middle of a sound column moves by less, whatever prices and stocks do


def is_sound(values, before):
    """Compare a column with the last sound one, over the parts of both; with none in common it is like a first feed."""
    ratios = [value / before[part] for part, value in values.items() if before.get(part)]
    return not ratios or abs(median(ratios) - 1) < MOVED
