"""Customers of all names, who ask. Each letter of the alphabet comes once in 26 questions."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from grader.labkit import Request

PATIENCE_S = 20.0
"""Longer than an exam: a machine that is too slow spoils no answer."""


class Traffic:
    """Asks for customers of drawn names."""

    target = "http://desk:8000"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self.seed = seed

    def request(self, n: int) -> Request:
        """The n-th arrival."""
        turn, at = divmod(n, 26)
        letter = random.Random(f"{self.seed}:turn:{turn}").sample(string.ascii_uppercase, 26)[at]
        rng = random.Random(f"{self.seed}:{n}")
        customer = letter + "".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 7)))
        path = f"/ask?customer={quote(customer)}"
        return Request(method="GET", path=path, name="ask", segment=letter, timeout_s=PATIENCE_S)

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Whether the answer comes from the customer's own manuals."""
        if status != 200:
            return "none"
        return "right" if json.loads(body)["found"] is True else "wrong"
