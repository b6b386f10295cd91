"""Runs trials, side by side or alone, and reads their notes."""

import contextlib
import io
import json
import os
import signal
import statistics
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import limits

SCRIPT = Path(__file__).parent / "trial.py"
CLEAN = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}  # not FORGE


class Notes:
    """What one trial saw. `accident` is true where nothing that the model did explains its end."""

    def __init__(self, lines, code, late):
        self.alone, self.took, self.batches, self.more, self.wrong = [], [], [], None, None
        doing, done = "start", False
        for line in lines:
            note = json.loads(line)
            doing = note.get("doing", doing)
            done = done or "done" in note
            self.wrong = note.get("wrong", self.wrong)
            self.more = note.get("more", self.more)
            if "alone" in note:
                self.alone.append(note["alone"])
                self.took.append(note["took"])
            if "batch" in note:
                self.batches.append(note["answers"])
        self.late = late
        self.accident = not done and self.wrong is None
        if self.accident:
            over = late or code == -signal.SIGALRM
            self.wrong = "never came back" if over else f"ended its process (code {code})"
        if self.wrong:
            self.wrong = f"{doing}: {self.wrong}"

    @property
    def call_s(self):
        """The median time of a timed call, s."""
        return statistics.median(self.took[: limits.TIMED])


class Bench:
    """A folder with the bundles, unpacked, and the rows; a clock for the whole run."""

    def __init__(self, folder, rows):
        self.folder, self.count = Path(folder), 0
        self.ends = time.monotonic() + limits.RUN_S
        self.rows = self.folder / "rows"
        self.rows.mkdir()
        for name, some in rows.items():
            (self.rows / f"{name}.json").write_text(json.dumps(some))

    def unpack(self, name, data):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(self.folder / name, filter="data")

    def left(self):
        return self.ends - time.monotonic()

    def start(self, name, steps):
        self.count += 1
        notes = self.folder / f"{self.count}.notes"
        notes.touch()
        times = str(limits.LOAD_S), str(limits.CALL_S)
        command = [sys.executable, "-I", "-B", str(SCRIPT), name, str(self.rows), json.dumps(steps), str(notes), *times]
        nothing = subprocess.DEVNULL  # models may print what they like
        return notes, subprocess.Popen(
            command, cwd=self.folder, env=CLEAN, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )

    def finish(self, notes, process, ends):
        late = False
        try:
            process.wait(max(0.01, ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            late = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # and what it started
        process.wait()
        whole = [line for line in notes.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return Notes(whole, process.returncode, late)

    def run(self, names, steps):
        """The notes of a trial with these steps on each of these bundles, side by side."""
        ends = time.monotonic() + min(limits.TRIAL_S, self.left())
        started = [self.start(name, steps) for name in names]
        return [self.finish(notes, process, ends) for notes, process in started]

    def again(self, names, steps):
        """As `run`, once more for those that ended by what may have been an accident of the machine."""
        found = dict(zip(names, self.run(names, steps), strict=True))
        ended = [name for name in names if found[name].accident and len(found[name].took) < limits.TIMED]
        if ended and self.left() > limits.LOAD_S + limits.CALL_S:
            found.update(zip(ended, self.run(ended, steps), strict=True))
        return [found[name] for name in names]
