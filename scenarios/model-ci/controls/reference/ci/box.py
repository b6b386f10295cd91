"""A model in a process of its own, which may end, hang or talk as it likes."""

import importlib.util
import json
import os
import resource
import signal
import socket
import sys
import time

PAGE = os.sysconf("SC_PAGE_SIZE")
MEMORY = 200 << 20  # of address space, more than we have: what wants more than that gets a MemoryError
LOADS_S, ANSWERS_S = 1.5, 3.0


class Broken(Exception):
    """It does not load or does not answer. One sentence."""


class Box:
    """Forks; the model is loaded there. `load_s`: how long that took. End it with `close`."""

    def __init__(self, folder):
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            _serve(theirs, folder)
        theirs.close()
        self._socket = ours
        self._file = ours.makefile("rwb")
        self.empty = self._said(LOADS_S)["memory"]
        self.load_s = self._said(LOADS_S)["seconds"]

    def ask(self, **what):
        """Broken if there is no answer in time."""
        try:
            self._file.write(json.dumps(what).encode() + b"\n")
            self._file.flush()
        except OSError:
            raise Broken("its process has ended") from None
        return self._said(ANSWERS_S)

    def answers(self, rows):
        """What it answers to these rows."""
        said = self.ask(rows=rows)
        if len(said["answers"]) != len(rows):
            raise Broken(f"{len(said['answers'])} answers to {len(rows)} rows")
        if not all(type(answer) in (int, float) and 0 <= answer <= 1 for answer in said["answers"]):
            raise Broken("an answer is not a number from 0 to 1")
        return said["answers"]

    def seconds(self, rows):
        """How long one call took, by its own clock."""
        return self.ask(rows=rows)["seconds"]

    def memory(self, rows=(), calls=0):
        """How many MB it has more than before it was loaded, after so many calls."""
        return (self.ask(rows=list(rows), calls=calls, memory=True)["memory"] - self.empty) / 2**20

    def close(self):
        self._file.close()
        self._socket.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def _said(self, within_s):
        self._socket.settimeout(within_s)
        try:
            line = self._file.readline()
        except OSError:
            self.close()
            raise Broken(f"nothing within {within_s:g} s") from None
        if not line:
            self.close()
            raise Broken("its process has ended")
        said = json.loads(line)
        if "error" in said:
            raise Broken(said["error"])
        return said


def _serve(theirs, folder):
    """In the child, for ever."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    file = theirs.makefile("rwb")

    def say(**what):
        file.write(json.dumps(what).encode() + b"\n")
        file.flush()

    try:
        resource.setrlimit(resource.RLIMIT_AS, (_pages()[0] + MEMORY,) * 2)
        say(memory=_pages()[1])
        begun = time.perf_counter()
        model = _module(folder).load()
        say(seconds=time.perf_counter() - begun)
        for line in file:
            asked = json.loads(line)
            begun = time.perf_counter()
            for _ in range(asked.get("calls", 1)):
                answers = model.predict(asked["rows"])
            took = time.perf_counter() - begun
            if asked.get("memory"):
                say(memory=_pages()[1])
            else:
                say(answers=[*answers], seconds=took)
    except BaseException as error:
        say(error=f"{type(error).__name__}: {error}"[:200])
    finally:
        os._exit(0)


def _module(folder):
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["model"] = module
    spec.loader.exec_module(module)
    return module


def _pages():
    """Address space and what of it is in memory, in bytes."""
    with open("/proc/self/statm") as file:
        return [int(pages) * PAGE for pages in file.read().split()[:2]]
