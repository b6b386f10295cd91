"""Which index has a customer's manuals, by the first letter of the name."""

from desk import indexes


def index_for(customer):
    """The name of the index, as the desk has it now."""
    letter = customer[0].upper()
    for index, (first, last) in indexes().items():
        if first <= letter <= last:
            return index
    raise LookupError(f"no index holds {letter}")
