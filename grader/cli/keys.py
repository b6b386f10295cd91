"""Single keys from the terminal, which is put back as it was whatever happens."""

from __future__ import annotations

import os
import select
import sys
import termios
import threading
import tty
from collections.abc import Callable
from types import TracebackType

_TICK_S = 0.1


class Keys:
    """While it is entered, each key is given to `on_key`; without a terminal it does nothing, and `there` is False."""

    def __init__(self, on_key: Callable[[str], None]) -> None:
        self._on_key = on_key
        self._over = threading.Event()
        self._before: list[object] | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)

    @property
    def there(self) -> bool:
        """Whether keys are read."""
        return self._before is not None

    def __enter__(self) -> Keys:
        if sys.stdin.isatty():
            handle = sys.stdin.fileno()
            self._before = termios.tcgetattr(handle)
            tty.setcbreak(handle)
            self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._before is not None:
            self._reader.join(1)
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)  # type: ignore[arg-type]

    def _read(self) -> None:
        handle = sys.stdin.fileno()
        while not self._over.is_set():
            if select.select([handle], [], [], _TICK_S)[0]:
                key = os.read(handle, 1).decode("ascii", "replace")
                self._on_key(key or "q")
                if not key:
                    return
