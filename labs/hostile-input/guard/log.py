"""The log of what was refused, for the insurer."""

from __future__ import annotations

import time


def refused(supplier: str, reason: str, what: object) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} refused supplier={supplier} reason={reason} body={what}", flush=True)
