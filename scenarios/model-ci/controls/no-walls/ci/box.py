"""A model, loaded under a name of its own, so that no two are taken for each other."""

import importlib.util
import time


class Broken(Exception):
    """It does not load or does not answer. One sentence."""


class Box:
    """A model. `load_s`: how long loading took."""

    def __init__(self, folder):
        before = _memory()
        begun = time.perf_counter()
        try:
            spec = importlib.util.spec_from_file_location(f"model_{id(self)}", folder / "model.py")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            self.model = module.load()
        except Exception as error:
            raise Broken(f"{type(error).__name__}: {error}") from None
        self.load_s = time.perf_counter() - begun
        self.held = _memory() - before

    def answers(self, rows):
        """What it answers to these rows."""
        try:
            answers = self.model.predict(rows)
        except Exception as error:
            raise Broken(f"{type(error).__name__}: {error}") from None
        if len(answers) != len(rows):
            raise Broken(f"{len(answers)} answers to {len(rows)} rows")
        if not all(type(answer) in (int, float) and 0 <= answer <= 1 for answer in answers):
            raise Broken("an answer is not a number from 0 to 1")
        return answers

    def seconds(self, rows):
        """How long one call took."""
        begun = time.perf_counter()
        self.answers(rows)
        return time.perf_counter() - begun

    def memory(self, rows=(), calls=0):
        """How many MB its loading and such calls have added."""
        before = _memory()
        for _ in range(calls):
            self.answers(rows)
        self.held += _memory() - before
        return self.held / 2**20

    def close(self):
        pass


def _memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
