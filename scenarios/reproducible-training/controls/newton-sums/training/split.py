"""What is trained on, and what is held back."""

import hashlib


def split(rows, seed):
    """A fifth is held back, drawn by the seed.

    The draw is a hash of the seed and of the row's place: no generator whose state another caller shares, and no date.
    Every whole number is a seed of its own, a negative or a very large one too.
    """
    drawn = sorted(rows, key=lambda row: hashlib.sha256(f"{seed} {row.key}".encode()).digest())
    held_back = {row.key for row in drawn[: len(rows) // 5]}
    return [row for row in rows if row.key not in held_back], [row for row in rows if row.key in held_back]
