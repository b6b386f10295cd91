"""Words that nobody has ever called anything."""

from string import ascii_lowercase


def word(rng, least=4, most=12):
    """So many small letters."""
    return "".join(rng.choices(ascii_lowercase, k=rng.randint(least, most)))
