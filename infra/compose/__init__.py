"""The runtime `compose`: a lab's system as containers, by Docker Compose.

`RUNTIME` is made on first use, so that the reaper, which lives in this package too, starts light.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.runtime import Runtime


@cache
def _runtime() -> Runtime:
    from infra.compose.runtime import ComposeRuntime

    return ComposeRuntime()


def __getattr__(name: str) -> Runtime:
    if name == "RUNTIME":
        return _runtime()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
