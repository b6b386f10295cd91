"""Exams in virtual time: a control's own code before the real audience, judged as an exam's events are.

.venv/bin/python tests/labs/cold-start/playing.py 4 reference group-only    # four seeds of each
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.labs.cast.virtual_exams import VirtualExam  # noqa: E402
from tests.labs.played import exam_of  # noqa: E402

PLAYED = VirtualExam(exam_of("cold-start"), Path(__file__).with_name("virtual_town.py"))

if __name__ == "__main__":
    PLAYED.main(int(sys.argv[1]), sys.argv[2:])
