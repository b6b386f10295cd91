"""`python -m infra.k8s.carry POST MODULE [ARGUMENT...]`: the local stand-in for a process at a post.

What it reads on stdin, says, and ends with is that process's; SIGTERM is passed on, and so is the end of its parent.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra.errors import PlatformBroken
from infra.k8s import mirror, state
from infra.k8s.line import Line
from infra.k8s.names import POST_HOME
from infra.k8s.state import Record

WAIT_S = 2.0
POLL_S = 0.2
LOST = 69


class Carrier:
    """One process there, and its pipes here."""

    def __init__(self, record: Record, argv: list[str]) -> None:
        assert record.agent is not None
        self._where = record.agent.outside
        self._token = record.courier_token
        self._writes = Path(record.open_root)
        self._argv = argv
        self._key = secrets.token_hex(8)

    def run(self) -> int:
        """Its exit code, negative for a signal.

        Raises:
            PlatformBroken: the post, or the way to it, is gone.
        """
        line = self._line()
        mirror.give(line, self._writes, POST_HOME)
        line.ask("run", key=self._key, argv=["python", "-P", "-m", *self._argv])
        for act in (self._feed, self._watch_parent):
            threading.Thread(target=act, daemon=True).start()
        signal.signal(signal.SIGTERM, self._terminate)
        while True:
            found = line.ask("take", key=self._key, wait_s=WAIT_S)
            for stream, text in found["said"]:
                _say(stream, text)
            if found["code"] is not None:
                mirror.fetch(line, self._writes, whole=True)
                return int(found["code"])

    def _line(self) -> Line:
        return Line("127.0.0.1", self._where, self._token, "the post")

    def _feed(self) -> None:
        line = self._line()
        with suppress(PlatformBroken):
            for text in sys.stdin:
                line.ask("tell", key=self._key, line=text)
            line.ask("hush", key=self._key)

    def _terminate(self, *_: Any) -> None:
        threading.Thread(target=self._send, args=(signal.SIGTERM,), daemon=True).start()

    def _send(self, number: int) -> None:
        line = self._line()
        with suppress(PlatformBroken):
            line.ask("send", key=self._key, number=int(number))
        line.close()

    def _watch_parent(self) -> None:
        parent = os.getppid()
        while os.getppid() == parent:
            time.sleep(POLL_S)
        self._send(signal.SIGTERM)


def _say(stream: str, text: str) -> None:
    target = sys.stdout if stream == "out" else sys.stderr
    try:
        target.write(text)
        target.flush()
    except BrokenPipeError:
        pass


def main() -> int:
    """The process's exit code; 69 when the post was lost. A process that a signal ended ends this one so too."""
    record = state.read(sys.argv[1])
    try:
        if record is None:
            raise PlatformBroken(f"there is no post {sys.argv[1]}")
        code = Carrier(record, sys.argv[2:]).run()
    except PlatformBroken as error:
        print(error, file=sys.stderr, flush=True)
        return LOST
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(main())
