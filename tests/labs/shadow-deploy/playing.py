"""Who decides in the end? A control's own code before the real pool in virtual time, a kind of trial at a time.

    .venv/bin/python tests/labs/shadow-deploy/playing.py 40 reference better late-bad    # seeds, control, kinds

Whole exams: `python -m tests.labs.cast.model_pool.exams shadow-deploy 4 reference`.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from grader.intake.controls import copy_control  # noqa: E402
from tests.labs.cast.model_pool import exams  # noqa: E402

LAB = "shadow-deploy"


def main(seeds: int, control: str, kinds: list[str]) -> None:
    """Print the words of the settled phase, and seconds until v2 decided first, for each kind and seed."""
    exam = exams.exam_of(LAB)
    with tempfile.TemporaryDirectory() as folder:
        copy_control(exam, control, Path(folder))
        for kind in kinds or [trial.id for trial in exam.spec.trials]:
            ends: Counter[str] = Counter()
            for seed in range(1, seeds + 1):
                rows = list(exams._trial(exam, kind, Path(folder), seed))
                words = Counter(row["answer"] for row in rows if row["phase"] == "settled")
                word, many = words.most_common(1)[0]
                ends[word] += 1
                first = min((row["due"] for row in rows if row["answer"] == "v2"), default=float("inf"))
                if many < words.total():
                    print(f"{control} {kind} seed {seed}: {dict(words)}, v2 first at {first:.1f} s")
            print(f"{control} {kind}: {dict(ends)} of {seeds}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
