"""The hidden streams, handed over as the public ones are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.labkit import import_exam, import_rehearsal

public = import_rehearsal(__file__, "load")
streams = import_exam(__file__, "draw")


class Traffic(public.Traffic):  # type: ignore[misc, name-defined]
    """As in the rehearsal, over streams that are drawn from `parameters["streams_seed"]`."""

    def plan(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What the exam makes the warehouse hold."""
        drawn: dict[str, Any] = streams.draw(parameters["streams_seed"], parameters["lanes"])
        return drawn
