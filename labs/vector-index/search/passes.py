"""Who asks: `Authorization: Bearer <payload>.<signature>`, as the portal issues it."""

import base64
import hashlib
import hmac
import json
import os
import time

KEY = os.environ["TOKEN_KEY"].encode()


class Refused(Exception):
    """The pass is missing, forged, or over."""


def tenant(request):
    """The firm that this pass is for."""
    payload, _, signature = request.headers.get("authorization", "").removeprefix("Bearer ").partition(".")
    right = hmac.new(KEY, payload.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), signature.encode()):
        raise Refused("no pass, or a forged one")
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if said["until"] < time.time():
        raise Refused("this pass is over")
    return said["tenant"]
