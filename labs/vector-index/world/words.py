"""Words of titles and of searches: matters, parties, and words that are in no file. All are drawn."""

from __future__ import annotations

import random

from common.names import generator

MATTERS = (
    "lease", "patent", "salvage", "tenancy", "harbour", "orchard", "bakery", "inheritance", "guardian", "copyright",
    "dismissal", "pension", "asbestos", "boundary", "chimney", "drainage", "franchise", "insurer", "warehouse",
    "loan", "mortgage", "nursery", "overtime", "partnership", "quarry", "refund", "scaffold", "trademark", "vineyard",
    "wages", "bridge", "cargo", "custody", "defamation", "easement", "fraud", "garage", "hospital", "injunction",
    "jewellery", "kitchen", "landlord", "merger", "negligence", "option", "probate", "quota", "railway", "surety",
    "tannery", "usury", "voucher", "waterworks", "yacht", "auction", "broker", "contract", "dividend", "elevator",
    "ferry", "glazing", "hotel", "invoice", "licence", "machinery", "noise", "oilfield", "parking", "roofing",
    "school", "timber", "union", "vessel", "workshop", "archive", "bonus", "cinema", "damages", "estate", "factory",
)  # fmt: skip
FIRM_ENDINGS = ("& Roe", "& Partners", "LLP", "& Sons", "Chambers", "& Hale")
COLLECTIONS = ("contracts", "letters", "pleadings")
CONSONANTS, VOWELS = "bdfgklmnprst", "aeiou"
NOWHERE, ALSO = "jqxvwz", "hy"
"""Letters of words that are in no file: no three of them in a row are in a title."""


def pick(rng: random.Random, many: int) -> tuple[str, ...]:
    """So many of the matters."""
    return tuple(rng.sample(MATTERS, many))


def parties(seed: int, many: int) -> tuple[str, ...]:
    """Names of people, of three or four syllables; none is the beginning of another."""
    rng, found = generator(seed, "parties"), dict[str, None]()
    while len(found) < many:
        found[_name(rng)] = None
    return tuple(found)


def firms(seed: int, many: int) -> tuple[tuple[str, str], ...]:
    """Ids and names of law firms."""
    rng, found = generator(seed, "firms"), dict[str, str]()
    while len(found) < many:
        name = _name(rng)
        found[name.lower()] = f"{name} {rng.choice(FIRM_ENDINGS)}"
    return tuple(found.items())


def nowhere(rng: random.Random) -> str:
    """Two or three words that are in no file."""
    return " ".join(
        "".join(rng.choice(NOWHERE) + rng.choice(ALSO) for _ in range(rng.randint(2, 3)))
        for _ in range(rng.randint(2, 3))
    )


def _name(rng: random.Random) -> str:
    return "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(rng.randint(3, 4))).capitalize()
