"""Customers of all names; those at the end of the alphabet moved here lately, and are many."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from grader.labkit import Request

TEAMS = ("amber", "blue", "coral", "dune")
LATE = "YZ"


class Traffic:
    """Asks for the team of a customer."""

    target = "http://desk:8080"
    late_share = 0.15

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self.seed = seed

    def request(self, n: int) -> Request:
        """The n-th arrival."""
        rng = random.Random(f"{self.seed}:{n}")
        first = rng.choice(LATE if rng.random() < self.late_share else string.ascii_uppercase)
        customer = first + "".join(rng.choices(string.ascii_lowercase, k=5))
        return Request(method="GET", path=f"/team?customer={quote(customer)}", name="team", segment=first)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Whether the answer names a team."""
        return "right" if status == 200 and json.loads(body)["team"] in TEAMS else "wrong"
