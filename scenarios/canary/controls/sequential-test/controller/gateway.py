"""The traffic split lives in Envoy's runtime: split.v1 and split.v2 are the weights of the two versions."""

from __future__ import annotations

import urllib.request


class Gateway:
    def __init__(self, admin: str) -> None:
        self.admin = admin.rstrip("/")

    def set_split(self, v1: int, v2: int) -> None:
        url = f"{self.admin}/runtime_modify?split.v1={v1}&split.v2={v2}"
        with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=2) as response:
            response.read()
