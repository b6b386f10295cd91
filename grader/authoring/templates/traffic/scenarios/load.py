"""As in the rehearsal, with more customers of the end of the alphabet, and each answer compared with their shares."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping

from grader.labkit import Request, import_rehearsal

public = import_rehearsal(__file__, "load")


class Traffic(public.Traffic):  # type: ignore[misc, name-defined]
    """Asks for the team of a customer."""

    late_share = 0.25

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Whether the team is one that an even and ordered share of the alphabet allows for this letter."""
        if status != 200:
            return "none"
        return "right" if json.loads(body)["team"] in allowed(request.segment) else "wrong"


def allowed(letter: str) -> set[str]:
    """Teams with 6 or 7 letters each, in order: which of them may have this letter."""
    at = string.ascii_uppercase.index(letter)
    return {team for number, team in enumerate(public.TEAMS) if 6 * number <= at < min(7 * (number + 1), 26)}
