"""What tells an answer that a model wrote from one that was composed without it: a signature that needs a key."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from fields import BadControl, Field, check

DIGITS = 8
_FIELDS = {
    "key": Field(
        "a text of at most 200 characters, empty for none", lambda value: isinstance(value, str) and len(value) <= 200
    )
}


def parse(raw: Any) -> str:
    """The key in a control body; empty lifts the seal.

    Raises:
        BadControl: it is not understood.
    """
    key = check(raw, _FIELDS, "the seal").get("key")
    if key is None:
        raise BadControl("the seal needs key: a text, empty for none")
    return str(key)


def sealed(text: str, key: str) -> str:
    """The text, a space, and in brackets 8 hexadecimal digits of its HMAC-SHA256; as it is without a key."""
    if not key:
        return text
    return f"{text} [{hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:DIGITS]}]"
