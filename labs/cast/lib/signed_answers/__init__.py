"""Signatures of the LLM provider, as a load reads them: which answers a model wrote. README.md shows how."""

from __future__ import annotations

import hashlib
import hmac
import re

__all__ = ["SIGNATURE", "by_model", "signed", "unsigned"]

DIGITS = 8
SIGNATURE = re.compile(rf" \[[0-9a-f]{{{DIGITS}}}\]\Z")


def signed(text: str, key: str) -> str:
    """Give a text the signature that the provider gives it with this key; without a key, as it is."""
    if not key:
        return text
    return f"{text} [{hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:DIGITS]}]"


def unsigned(answer: str) -> str:
    """Take a signature off, whatever key it is of."""
    return SIGNATURE.sub("", answer)


def by_model(answer: str, text: str, key: str) -> bool:
    """Tell whether an answer is this text as a model says it: signed with the key, or, where no key is known, with any.

    A provider that signs from its start draws a key that nobody else has. So everyday traffic asks for a signature, and
    cannot check it.
    """
    if key:
        return answer == signed(text, key)
    return bool(SIGNATURE.search(answer)) and unsigned(answer) == text
