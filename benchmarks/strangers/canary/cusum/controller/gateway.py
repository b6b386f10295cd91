"""The traffic split lives in Envoy's runtime: split.v1 and split.v2 are the weights of the two versions.

Both weights always move in one call and add up to 100, so there is no moment at which they mean something else.
"""

from __future__ import annotations

import json
import urllib.request
from http.client import HTTPException

UNREACHABLE = (OSError, HTTPException, ValueError, KeyError)
TIMEOUT = 0.4


class Gateway:
    def __init__(self, admin: str) -> None:
        self.admin = admin.rstrip("/")

    def set_share(self, share: int) -> None:
        """Give v2 `share` per cent of the traffic and v1 the rest."""
        url = f"{self.admin}/runtime_modify?split.v1={100 - share}&split.v2={share}"
        with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=TIMEOUT) as response:
            response.read()

    def weights(self) -> tuple[int, int]:
        """What the gateway does now."""
        with urllib.request.urlopen(f"{self.admin}/runtime?format=json", timeout=TIMEOUT) as response:
            entries = json.load(response)["entries"]
        return tuple(int(float(entries[f"split.{version}"]["final_value"])) for version in ("v1", "v2"))
