"""What the model says of a picture. load.py knows it from here."""

from __future__ import annotations

import hashlib

WHO = ("A fox", "Two children", "A cyclist", "An old ferry", "A market woman", "A brass band", "A heron", "The mayor")
WHERE = ("in the rain", "at a kiosk", "before a red wall", "under a bridge", "on the town square", "beside a canal")
WHEN = ("at dawn", "at noon", "in the evening light", "at night", "in winter", "on a summer day")


def text_of(picture: str) -> str:
    """The alt text of a picture."""
    digest = hashlib.blake2b(picture.encode(), digest_size=6).digest()
    who, where, when = (words[byte % len(words)] for words, byte in zip((WHO, WHERE, WHEN), digest, strict=False))
    return f"{who} {where} {when}, {int.from_bytes(digest[3:], 'big') % 900 + 100}."
