"""Passes of the firms' people: `<payload>.<signature>`, and how they are forged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

KEY = "lexfold-passes"


def made(tenant: str, until: int, key: str = KEY) -> str:
    """A pass for a firm until then, in seconds since 1970."""
    payload = _payload(tenant, until)
    return f"{payload}.{hmac.new(key.encode(), payload.encode(), hashlib.sha256).hexdigest()}"


def swapped(tenant: str, until: int, other: str) -> str:
    """A good pass in whose payload another firm was written."""
    return f"{_payload(other, until)}.{made(tenant, until).partition('.')[2]}"


def _payload(tenant: str, until: int) -> str:
    said = json.dumps({"tenant": tenant, "until": until}, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def reads(text: str) -> str:
    """Which firm's a pass is, if it is signed as ours are; else empty. It may have expired."""
    payload, _, signature = text.removeprefix("Bearer ").partition(".")
    right = hmac.new(KEY.encode(), payload.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), signature.encode()):
        return ""
    try:
        return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["tenant"])
    except (ValueError, KeyError, TypeError):
        return ""
