"""One experiment on one model, in an interpreter of its own that starts with nothing and ends with it.

    python -I trial.py FOLDER ROWS STEPS NOTES LOAD_S CALL_S

FOLDER holds the bundle, ROWS a JSON file for each list of rows, STEPS a JSON list of what to do after the load:
["each", list, count], ["batch", list, order or null], ["memory"]. Whatever happens is appended to NOTES at once,
one JSON object a line, so that what ends this process cannot take back what was seen. The last line is
{"done": true}, or {"wrong": ...}; if it is neither, the model has ended the process. The kernel ends it with
SIGALRM when a load or a call takes too long.
"""

import json
import math
import os
import resource
import signal
import sys
import time

MB = 2**20


def held():
    """MB that this process has in memory now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / MB


def wrong(answers, count):
    """What is wrong with the answers to so many rows, or None."""
    if not isinstance(answers, list | tuple):
        return f"answered with {type(answers).__name__}, not a list"
    if len(answers) != count:
        return f"{len(answers)} answers to {count} rows"
    for answer in answers:
        if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
            return f"answered {answer!r:.40}, which is no number"
        if not 0 <= answer <= 1:
            return f"answered {answer!r:.40}, which is not from 0 to 1"
    return None


class Trial:
    def __init__(self, notes, call_s):
        self.notes = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.call_s = call_s
        self.model = None

    def note(self, **what):
        os.write(self.notes, json.dumps(what).encode() + b"\n")

    def guarded(self, seconds, ask):
        """Its result and how long it took, s. What it raises or outlasts ends the trial."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        begun = time.perf_counter()
        try:
            result = ask()
        except BaseException as error:  # SystemExit too
            self.stop(f"raised {type(error).__name__}: {error!s:.80}")
        took = time.perf_counter() - begun
        signal.setitimer(signal.ITIMER_REAL, 0)
        return result, took

    def stop(self, why):
        self.note(wrong=why)
        os._exit(0)

    def load(self, seconds):
        before = held()
        self.note(doing="load")

        def ask():
            import model

            return model.load()

        self.model, took = self.guarded(seconds, ask)
        self.note(loaded=took)
        return before

    def ask(self, rows):
        rows = [dict(row) for row in rows]  # a model may change what it is given
        answers, took = self.guarded(self.call_s, lambda: self.model.predict(rows))
        if why := wrong(answers, len(rows)):
            self.stop(why)
        return [float(answer) for answer in answers], took


def main(folder, rows, steps, notes, load_s, call_s):
    steps = json.loads(steps)
    lists = {}
    for name in {step[1] for step in steps if len(step) > 1}:
        with open(os.path.join(rows, name + ".json")) as file:
            lists[name] = json.load(file)
    sys.path.insert(0, folder)
    trial = Trial(notes, float(call_s))
    before = trial.load(float(load_s))
    for kind, *rest in steps:
        trial.note(doing=kind)
        if kind == "each":
            name, count = rest
            for row in lists[name][:count]:
                (answer,), took = trial.ask([row])
                trial.note(alone=answer, took=took)
        elif kind == "batch":
            name, order = rest
            order = order or range(len(lists[name]))
            answers, _ = trial.ask([lists[name][place] for place in order])
            trial.note(batch=name, answers=[answer for _, answer in sorted(zip(order, answers, strict=True))])
        else:
            trial.note(more=held() - before)
    trial.note(done=True)
    os._exit(0)  # threads and exit hooks of a model do not hold it up


if __name__ == "__main__":
    main(*sys.argv[1:])
