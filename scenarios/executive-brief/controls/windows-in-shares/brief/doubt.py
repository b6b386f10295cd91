"""How sure a loss is: the reckoning of `losses.sql`, tried where nothing was lost."""

import numpy as np

WEEK = 7 * 24 * 6  # of ten minutes
SIDE = 12 * 6  # calm slots on each side that tell the level of a day
EVERY = 3  # a trial begins each half hour


def expected(sold: np.ndarray, calm: np.ndarray, begin: int, end: int) -> float:
    """What would have been sold from slot `begin` to `end`, by the other weeks; NaN if they cannot tell."""
    first, last = max(0, begin - SIDE), min(len(sold), end + SIDE)
    beside = np.ones(last - first, bool)
    beside[begin - first : end - first] = False
    guesses = []
    for shift in range(-4 * WEEK, 5 * WEEK, WEEK):
        if not shift or first + shift < 0 or last + shift > len(sold):
            continue
        other, quiet = sold[first + shift : last + shift], calm[first + shift : last + shift]
        use = beside & quiet & calm[first:last]
        if not use.any() or not other[use].sum():
            continue
        level = sold[first:last][use].sum() / other[use].sum()
        guesses.append(np.where(quiet, other * level, np.nan)[~beside])
    if not guesses:
        return np.nan
    known = ~np.isnan(guesses)
    if not known.any(axis=0).all():
        return np.nan
    return float((np.nansum(guesses, axis=0) / known.sum(axis=0)).sum())


def doubt(sold: np.ndarray, calm: np.ndarray, windows: list[tuple[int, float]]) -> float:
    """Standard error, EUR, of the summed loss of windows, each given as its length in slots and the EUR expected in it.

    Errors are taken as shares of what was sold, so an outage of the evening counts for more than one of the night.
    Raises ValueError if the month has no untouched window of such a length.
    """
    squares = 0.0
    for length, usual in windows:
        shares = []
        for begin in range(0, len(sold) - length, EVERY):
            if calm[begin : begin + length].all():
                was = sold[begin : begin + length].sum()
                guess = expected(sold, calm, begin, begin + length)
                if np.isfinite(guess) and was > 0:
                    shares.append(guess / was - 1)
        if not shares:
            raise ValueError(f"no window of {length} slots was untouched")
        squares += np.mean(np.square(shares)) * usual**2
    return float(np.sqrt(squares))
