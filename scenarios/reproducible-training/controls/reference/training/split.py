"""What is trained on, and what is held back to see when to stop."""

HELD_BACK = 0.2


def split(rows, rng):
    """A fifth is held back, drawn by the seed. Both parts come in a drawn order."""
    drawn = [rows[at] for at in rng.permutation(len(rows))]
    count = int(len(rows) * HELD_BACK)
    return drawn[count:], drawn[:count]
