"""What is trained on, and what is held back to see when to stop."""

import random


def split(rows, seed):
    """A fifth of the rows, drawn by the seed alone, is held back. The rows must come in a fixed order."""
    draw = random.Random(f"held back {seed}")  # of text: -1 is another seed than 1
    ranked = [(draw.random(), number) for number in range(len(rows))]
    out = {number for _, number in sorted(ranked)[: len(rows) // 5]}
    return (
        [row for number, row in enumerate(rows) if number not in out],
        [row for number, row in enumerate(rows) if number in out],
    )
