"""The key by which a model server knows the gateway. The gateway's run.py has the same three lines."""

from __future__ import annotations

import hashlib


def edge_key(token: str) -> str:
    """Derived from the deployment's token, so that showing one does not show the other."""
    return hashlib.sha256(f"edge:{token}".encode()).hexdigest()[:32] if token else ""
