"""The near side: starts a process with one model, asks, and does not wait forever."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from multiprocessing import Pipe
from pathlib import Path

import worker

LOAD_S = 1.5
START_S = 2.0  # a new interpreter on a busy box; not the model's time
CALLS_S = 2.0  # any order here takes a fit model some hundredths of this
ROOM = 192 * 2**20  # address space that a model may add: three runs share one container


class Unfit(Exception):
    """The bundle breaks a line of the table."""

    def __init__(self, reason, why):
        super().__init__(why)
        self.reason = reason
        self.why = why


class Probe:
    """A model in a process. All methods raise Unfit if the model fails.

    `anew` starts a new interpreter (another hash seed, other random numbers); otherwise this process is forked,
    which takes a tenth of the time.
    """

    def __init__(self, folder, anew=False):
        self.pipe, theirs = Pipe()
        self.pid = self.process = None
        if anew:
            command = [sys.executable, str(Path(worker.__file__).resolve()), str(theirs.fileno()), str(folder)]
            env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "random"}
            env.pop("FORGE", None)
            self.process = subprocess.Popen(
                command,
                env=env,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self.pid = self.process.pid
        else:
            self.pid = os.fork()
            if not self.pid:
                try:
                    os.setsid()
                    self.pipe.close()
                    self.limit()
                    worker.serve(theirs, str(folder))
                finally:
                    os._exit(0)
        theirs.close()
        self.loaded = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pipe.close()
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            with contextlib.suppress(ProcessLookupError):  # its session is not its own yet
                os.kill(self.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()
        else:
            os.waitpid(self.pid, 0)

    @staticmethod
    def limit():
        with open("/proc/self/statm") as file:
            room = int(file.read().split()[0]) * worker.PAGE + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (room, room))

    def load(self):
        """Seconds, and MB before and after."""
        self.reply(START_S, "start")
        self.loaded = self.reply(LOAD_S, "load")
        if self.loaded["seconds"] > LOAD_S:
            raise Unfit("load", f"loads in {self.loaded['seconds']:.1f} s")
        return self.loaded

    def ask(self, calls, memory=False):
        """`calls` is a list of lists of rows. Answers and seconds of each call, and MB now if `memory`."""
        self.send(calls, memory)
        return self.reply()

    def send(self, calls, memory=False):
        try:
            self.pipe.send_bytes(json.dumps({"calls": calls, "memory": memory}).encode())
        except OSError:
            raise Unfit("load", "its process ended") from None

    def more_mb(self, now):
        return now - self.loaded["before_mb"]

    def reply(self, seconds=CALLS_S, doing="predict"):
        """What the model's process says, within so many seconds."""
        begun = time.monotonic()
        try:
            if not self.pipe.poll(seconds):
                raise Unfit("load", f"no answer from {doing} in {time.monotonic() - begun:.1f} s")
            body = json.loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            raise Unfit("load", f"its process ended in {doing}") from None
        if "error" in body:
            raise Unfit(body["reason"], f"{doing}: {body['error']}")
        return body
