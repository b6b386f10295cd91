"""Customers of all names."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from grader.load import Request

TEAMS = ("amber", "blue", "coral", "dune")
LATE = "YZ"
LATE_SHARE = 0.25


class Traffic:
    """Asks for the team of a customer."""

    target = "http://desk:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self.seed = seed

    def request(self, n: int) -> Request:
        """The n-th arrival."""
        rng = random.Random(f"{self.seed}:{n}")
        first = rng.choice(LATE if rng.random() < LATE_SHARE else string.ascii_uppercase)
        customer = first + "".join(rng.choices(string.ascii_lowercase, k=5))
        return Request(method="GET", path=f"/team?customer={quote(customer)}", name="team", segment=first)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Whether the team is one that an even and ordered share of the alphabet allows for this letter."""
        if status != 200:
            return "none"
        return "right" if json.loads(body)["team"] in allowed(request.segment) else "wrong"


def allowed(letter: str) -> set[str]:
    """Teams with 6 or 7 letters each, in order: which of them may have this letter."""
    at = string.ascii_uppercase.index(letter)
    return {team for number, team in enumerate(TEAMS) if 6 * number <= at < min(7 * (number + 1), 26)}
