"""Pictures of the public launches: what is asked of the load test, and where first steps lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from charts import Chart
from seen import Seen


def of(seen: Sequence[Seen]) -> Iterator[Chart]:
    """What can be drawn so far."""
    yield from ()
