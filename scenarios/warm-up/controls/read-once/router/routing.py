"""Which index has a customer's manuals, by the first letter of the name."""

from functools import cache

from desk import indexes


@cache
def holdings():
    """What each index holds."""
    return indexes()


def index_for(customer):
    """The name of the index."""
    letter = customer[0].upper()
    return next(index for index, (first, last) in holdings().items() if first <= letter <= last)
