"""Which bills are paid."""


def to_be_paid(bill, paid):
    """Whether a bill is not one of those that were paid before."""
    return bill not in paid
