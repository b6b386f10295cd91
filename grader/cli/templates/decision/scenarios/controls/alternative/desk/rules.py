"""Which bills are paid."""


def to_be_paid(bill, paid):
    """Whether a bill is not one of those that were paid before."""
    return not any(
        (old["date"], old["cents"]) == (bill["date"], bill["cents"])
        and old["seller"][:3].casefold() == bill["seller"][:3].casefold()
        for old in paid
    )
