"""The traffic split lives in Envoy's runtime: split.v1 and split.v2 are the weights of the two versions."""

from __future__ import annotations


class Gateway:
    def __init__(self, admin: str) -> None:
        self.admin = admin.rstrip("/")

    def set_share(self, share: int) -> None:
        """The split stays as it is: what gets no traffic does no harm."""
