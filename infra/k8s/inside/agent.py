"""The first process of a post: runs the generators of an exam, and shows what they say and write.

    agent.py PORT WRITES_FOLDER

A process that nobody has asked about for LEASE_S seconds is ended, since whoever started it is gone.
"""

import base64
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import wire

LEASE_S = 15.0
CHUNK_BYTES = 4 << 20
BY_LINES = (".jsonl", ".log")
WRITES = ""

children = {}


class Child:
    """One process; what it said since the last look waits in `said`."""

    def __init__(self, argv):
        self.process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        self.asked = time.monotonic()
        self._said, self._new = [], threading.Condition()
        streams = (("out", self.process.stdout), ("err", self.process.stderr))
        self._open = len(streams)
        for name, stream in streams:
            threading.Thread(target=self._listen, args=(name, stream), daemon=True).start()

    def take(self, wait_s):
        """What it said, awaited for some seconds; with its exit code once it has ended and all is said."""
        with self._new:
            self._new.wait_for(lambda: self._said or not self._open, wait_s)
            said, self._said = self._said, []
            ended = not self._open
        self.asked = time.monotonic()
        return {"said": said, "code": self.process.wait() if ended else None}

    def end(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _listen(self, name, stream):
        for line in stream:
            with self._new:
                self._said.append([name, line.decode("utf-8", "replace")])
                self._new.notify_all()
        with self._new:
            self._open -= 1
            self._new.notify_all()


def answer(message):
    verbs = {"put": put, "run": run, "take": take, "tell": tell, "hush": hush, "send": send, "changes": changes}
    return verbs[message.pop("do")](**message)


def put(files):
    """Write files that are not there yet, and those outside WRITES anew."""
    for name, packed in files:
        path = Path(name)
        if path.exists() and path.is_relative_to(WRITES):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(packed))


def run(key, argv):
    """Start a process under a key of the caller's choosing; a key that is known is left as it is."""
    if key not in children:
        children[key] = Child(argv)


def take(key, wait_s):
    return children[key].take(wait_s)


def tell(key, line):
    pipe = children[key].process.stdin
    try:
        pipe.write(line.encode())
        pipe.flush()
    except OSError:
        pass


def hush(key):
    """Nothing more will be told."""
    with contextlib.suppress(OSError):
        children[key].process.stdin.close()


def send(key, number):
    children[key].process.send_signal(number)


def changes(have, whole):
    """What files below WRITES have beyond the sizes that the asker has: `[path, at, bytes]`. Of files that are written
    line by line only whole lines, unless all is asked for."""
    return [one for path in sorted(Path(WRITES).rglob("*")) if path.is_file() and (one := _beyond(path, have, whole))]


def _beyond(path, have, whole):
    at = have.get(str(path), 0)
    with path.open("rb") as file:
        file.seek(at)
        data = file.read(CHUNK_BYTES)
    if not whole and path.suffix in BY_LINES:
        data = data[: data.rfind(b"\n") + 1]
    return [str(path), at, base64.b64encode(data).decode()] if data else None


def watch():
    while True:
        time.sleep(1.0)
        for child in list(children.values()):
            if time.monotonic() - child.asked > LEASE_S:
                child.end()


def main():
    global WRITES
    port, WRITES = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    token = wire.take_token("BROWNOUT_CONTROL")
    wire.serve(int(port), token, answer)
    watch()


if __name__ == "__main__":
    main()
