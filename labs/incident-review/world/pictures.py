"""Pictures of the public incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from charts import Chart

if TYPE_CHECKING:
    from world import Seen


def of(seen: Sequence[Seen]) -> Iterator[Chart]:
    """What can be drawn so far."""
    yield from ()
