"""Which index has a customer's manuals, by the first letter of the name."""

FIRST = {"amber": "A", "blue": "E", "coral": "J", "dune": "R"}


def index_for(customer):
    """The name of the index."""
    return [index for index, letter in FIRST.items() if letter <= customer[0].upper()][-1]
