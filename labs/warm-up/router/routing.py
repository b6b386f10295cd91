"""Which index has a customer's manuals, by the first letter of the name."""

INDEXES = ["amber", "blue", "coral", "dune"]
SHARE = 26 // len(INDEXES)

TABLE = {chr(ord("A") + number * SHARE + at): index for number, index in enumerate(INDEXES) for at in range(SHARE)}


def index_for(customer):
    """The name of the index."""
    return TABLE[customer[0].upper()]
