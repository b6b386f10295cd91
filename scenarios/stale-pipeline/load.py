"""The hidden season, asked about as the public one is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.labkit import import_exam, import_rehearsal

public = import_rehearsal(__file__, "load")
seasons = import_exam(__file__, "draw")


class Traffic(public.Traffic):  # type: ignore[misc, name-defined]
    """As in the rehearsal, over a season that is drawn from `parameters["season_seed"]`."""

    def plan(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What the exam makes the mart hold."""
        drawn: dict[str, Any] = seasons.draw(parameters["season_seed"], parameters["markets"], parameters["days"])
        return drawn
