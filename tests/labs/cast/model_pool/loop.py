"""A loop whose time passes at once: it jumps to whatever is due next."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class VirtualLoop(asyncio.SelectorEventLoop):
    """For coroutines that wait for timers and each other alone."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0.0
        wait = self._selector.select  # type: ignore[attr-defined]

        def jump(timeout: float | None = None) -> Any:
            self._at += timeout or 0.0
            return wait(0)

        self._selector.select = jump  # type: ignore[attr-defined]

    def time(self) -> float:
        """Seconds since the beginning."""
        return self._at


def played(main: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns, in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
