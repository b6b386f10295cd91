"""The far side of a probe: loads one model, and asks it what it is told to.

It runs in a process of its own, since a model is other people's code: it may print, end, or never come back.
Orders and replies are JSON over a pipe that the model does not know of.
"""

import gc
import importlib.util
import json
import math
import numbers
import os
import sys
import time
from multiprocessing.connection import Connection

MB = 2**20
PAGE = os.sysconf("SC_PAGE_SIZE")


class Wrong(Exception):
    """The model answered with something that is no answer."""


def resident_mb():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE / MB


def load(folder):
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("model", os.path.join(folder, "model.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["model"] = module
    spec.loader.exec_module(module)
    model = module.load()
    if not callable(getattr(model, "predict", None)):
        raise Wrong("load() returned nothing with predict(rows)")
    return model


def checked(answers, rows):
    """The answers as floats. Raises Wrong if they are not one number from 0 to 1 for each row."""
    answers = list(answers)
    if len(answers) != len(rows):
        raise Wrong(f"{len(answers)} answers to {len(rows)} rows")
    for answer in answers:
        if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
            raise Wrong(f"an answer is {type(answer).__name__}, not a number")
        if not (math.isfinite(answer) and 0 <= answer <= 1):
            raise Wrong(f"an answer is {float(answer)}, not from 0 to 1")
    return [float(answer) for answer in answers]


def ask(model, rows):
    """Answers and the seconds that the call took. The rows are copies: a model cannot change ours."""
    begun = time.perf_counter()
    answers = model.predict(rows)
    took = time.perf_counter() - begun
    return checked(answers, rows), took


def obey(model, order):
    calls = order["calls"]
    replies = [ask(model, rows) for rows in calls]
    return {
        "answers": [answers for answers, _ in replies],
        "seconds": [took for _, took in replies],
        "mb": resident_mb() if order.get("memory") else None,
    }


def serve(pipe, folder):
    def reply(body):
        pipe.send_bytes(json.dumps(body).encode())

    os.environ.pop("FORGE", None)  # a model has no business with the queue
    silence = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(silence, fd)
    try:
        before = resident_mb()
        reply({"ready": True})
        begun = time.perf_counter()
        model = load(folder)
        took = time.perf_counter() - begun
        reply({"seconds": took, "before_mb": before, "mb": resident_mb()})
        while True:
            reply(obey(model, json.loads(pipe.recv_bytes())))
    except EOFError:
        pass
    except MemoryError:
        reply({"error": "out of memory", "reason": "memory"})
    except BaseException as error:  # SystemExit too: it is the model's, not ours
        reply({"error": f"{type(error).__name__}: {error}"[:200], "reason": "load"})


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), sys.argv[2])
    os._exit(0)
