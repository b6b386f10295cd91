"""Figures at /metrics, kept by hand: two numbers a tier are not worth a library."""

from __future__ import annotations

import json
import logging
from collections import Counter

log = logging.getLogger("scheduler")
captions: Counter[tuple[str, int]] = Counter()


def page(waiting: dict[str, int]) -> str:
    lines = ["# TYPE captions_total counter"]
    lines += [f'captions_total{{tier="{tier}",code="{code}"}} {many}' for (tier, code), many in captions.items()]
    lines += ["# TYPE captions_waiting gauge"]
    lines += [f'captions_waiting{{tier="{tier}"}} {many}' for tier, many in waiting.items()]
    return "\n".join(lines) + "\n"


def start() -> None:
    logging.basicConfig(format="%(message)s")
    log.setLevel(logging.INFO)


def refused(tenant: str, why: str) -> None:
    log.warning(json.dumps({"tenant": tenant, "why": why}))
