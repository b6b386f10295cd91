"""Who decides in the end? A control's own code before the real pool in virtual time, a kind of trial at a time.

    .venv/bin/python tests/labs/shadow-deploy/playing.py 40 reference better late-bad    # seeds, control, kinds

Whole exams: `python -m tests.labs.cast.model_pool.exams shadow-deploy 4 reference`. Days by the hundred: deciding.py.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.labs.cast.model_pool.exams import virtual  # noqa: E402
from tests.labs.played import staged  # noqa: E402


def main(seeds: int, control: str, kinds: list[str]) -> None:
    """Print who decided most requests of the last phase, for each kind, and the words where not all agree."""
    played = virtual("shadow-deploy")
    with tempfile.TemporaryDirectory() as folder:
        app = staged(played.scenario, control, Path(folder))
        for kind in kinds or [trial.id for trial in played.scenario.spec.trials]:
            last = played.scenario.spec.phases(kind)[-1].phase
            ends: Counter[str] = Counter()
            for seed in range(1, seeds + 1):
                events = [each for each in played.events(kind, app, seed) if each.phase == last]
                words = Counter(each.answer for each in events if each.kind == "request")
                [(word, many)] = words.most_common(1)
                ends[word] += 1
                if many < words.total():
                    print(f"{control} {kind}, seed {seed}: {dict(words)}")
            print(f"{control} {kind}: {dict(ends)} of {seeds}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
