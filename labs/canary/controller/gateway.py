"""The traffic split lives in Envoy's runtime: split.v1 and split.v2 are the weights of the two versions."""

from __future__ import annotations

import urllib.request


class Gateway:
    def __init__(self, admin: str) -> None:
        self.admin = admin.rstrip("/")

    def set_weight(self, version: str, weight: int) -> None:
        url = f"{self.admin}/runtime_modify?split.{version}={weight}"
        request = urllib.request.Request(url, method="POST")
        with urllib.request.urlopen(request, timeout=2) as response:
            response.read()
