"""Exams in virtual time: a control's own code before the real front and foundry, judged as an exam's events are.

.venv/bin/python tests/labs/no-way-back/playing.py 4 reference trains-again    # four seeds of each
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.labs.cast.virtual_exams import VirtualExam  # noqa: E402
from tests.labs.played import exam_of  # noqa: E402

PLAYED = VirtualExam(exam_of("no-way-back"), Path(__file__).with_name("virtual_rents.py"))

if __name__ == "__main__":
    PLAYED.main(int(sys.argv[1]), sys.argv[2:])
