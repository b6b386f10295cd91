"""Speaks to a worker. Whatever the model does, there is an answer or an `Unfit` in time."""

import importlib.util
import json
import select
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

WORKER = Path(__file__).with_name("worker.py")
STARTS_S, LOADS_S, ANSWERS_S = 1.0, 1.0, 3.0


class Unfit(Exception):
    """The bundle breaks a rule. `reason`, and a sentence."""

    def __init__(self, reason, why):
        super().__init__(why)
        self.reason = reason


class Production:
    """The model in production, which we trust: it is loaded here. `held`: MB after loading and a first call."""

    def __init__(self, folder, rows):
        tracemalloc.start()
        spec = importlib.util.spec_from_file_location("production", folder / "model.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.model = module.load()
        self.model.predict(rows)
        self.held = tracemalloc.get_traced_memory()[0] / 2**20
        tracemalloc.stop()

    def call(self, rows):
        begun = time.monotonic()
        answers = self.model.predict(rows)
        return {"answers": answers, "seconds": time.monotonic() - begun}

    def predict(self, rows):
        return self.model.predict(rows)


class Model:
    """A bundle's, in a worker."""

    def __init__(self, folder, traced=False):
        command = [sys.executable, "-I", "-S", str(WORKER), str(folder), *(["traced"] if traced else [])]
        self._worker = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder
        )
        self._rest = b""

    def wait(self):
        """Until it is loaded; how long that took."""
        load_s = self._line(STARTS_S + LOADS_S)["load_s"]
        if load_s > LOADS_S:
            raise Unfit("load", f"loading took {load_s:.2f} s")
        return load_s

    def call(self, rows, times=1):
        """The last of so many calls: answers, seconds in all, MB held."""
        try:
            self._worker.stdin.write(json.dumps([rows, times]).encode() + b"\n")
            self._worker.stdin.flush()
        except OSError:
            raise Unfit("load", "its process is gone") from None
        return self._line(ANSWERS_S)

    def predict(self, rows):
        return self.call(rows)["answers"]

    def kill(self):
        self._worker.kill()
        self._worker.communicate()

    def _line(self, within_s):
        out = self._worker.stdout.fileno()
        while b"\n" not in self._rest:
            ready, _, _ = select.select([out], [], [], within_s)
            data = self._worker.stdout.read1() if ready else b""
            if not data:
                raise Unfit("load", "its process is gone" if ready else f"no answer within {within_s:g} s")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)
