"""Pictures of route digits: clean, with a dark edge, or a smudge that is no digit. load.py draws them from here."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path

SIDE, PIXELS, INK = 8, 64, 16
KEPT = Path(__file__).with_name("pictures.json.gz")
BOTH_SIDES = 0.7  # of edges; the others are at the left alone
DARK = (13, 16)
MOST_GONE = 0.5
Pixels = list[int]


def known() -> list[tuple[Pixels, int]]:
    """Pictures that no reader has seen, and the digit of each."""
    return [
        (list(bytes.fromhex(pixels)), int(digit)) for pixels, digit in json.loads(gzip.decompress(KEPT.read_bytes()))
    ]


def edged(pixels: Sequence[int], rng: random.Random) -> Pixels:
    """The picture with dark edge that the new printer leaves: at both sides, or at the left."""
    ink, columns = rng.randint(*DARK), (0, SIDE - 1) if rng.random() < BOTH_SIDES else (0,)
    return [ink if n % SIDE in columns else pixel for n, pixel in enumerate(pixels)]


def smudge(pixels: Sequence[int], rng: random.Random) -> Pixels:
    """The ink of a picture where it does not belong, some of it gone: there is nothing to read. As much ink lies on it
    as on faint digits, and as far from the edge."""
    gone = rng.uniform(0.0, MOST_GONE)
    places = [n for n in range(PIXELS) if 0 < n % SIDE < SIDE - 1]
    ink = [0 if rng.random() < gone else pixels[n] for n in places]
    rng.shuffle(ink)
    found = [0] * PIXELS
    for n, value in zip(places, ink, strict=True):
        found[n] = value
    return found


def turned(pixels: Sequence[int], way: str) -> Pixels:
    """The picture as a broken intake hands it on."""
    last = SIDE - 1
    found: Pixels = []
    for row in range(SIDE):
        for column in range(SIDE):
            from_row, from_column = {
                "transposed": (column, row),
                "turned-left": (column, last - row),
                "turned-right": (last - column, row),
                "flipped": (last - column, last - row),
            }[way]
            found.append(pixels[from_row * SIDE + from_column])
    return found
