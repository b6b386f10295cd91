"""Questions about nights: how did this one go in this respect? Each is answered once it is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.labkit import Request, import_file, lab_of

PLATFORM = lab_of(__file__) / "platform"
PUBLIC_SEED = 1
PATIENCE_S = 170.0

plan = import_file(PLATFORM / "plan.py")


class Traffic:
    """Every night in every respect, once; then again from the first."""

    target = "http://platform:8100"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        nights_seed = int(parameters.get("nights_seed", PUBLIC_SEED))
        tenants = [night.tenant.name for night in plan.draw(nights_seed)]
        self._questions = [
            (aspect, plan.ticket(nights_seed, tenant, aspect)) for tenant in tenants for aspect in plan.ASPECTS
        ]

    def request(self, n: int) -> Request:
        """The n-th question."""
        aspect, ticket = self._questions[n % len(self._questions)]
        return Request(method="GET", path=f"/outcomes/{ticket}", name=aspect, timeout_s=PATIENCE_S)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """The platform's word: `right`, or what went wrong."""
        return str(json.loads(body)["answer"]) if status == 200 else "none"
