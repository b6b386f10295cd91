"""Prints the public cases, a line of JSON each: what is sent, what would have been honest, what the lot is worth.

`python labs/hostile-input/public/show.py > cases.jsonl`, with numpy.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LAB = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(LAB / "world"), str(LAB.parent / "cast" / "lib")]

from market import markets  # noqa: E402  (it lies beside us)


def shown(case):
    """A case as somebody may look at it."""
    return {
        "id": case.id,
        "kind": case.kind,
        "way": case.way,
        "worth": case.worth,
        "sent": [sent.body.decode("utf-8", "replace") for sent in case.sent],
        "model": [sent.grade for sent in case.sent],
        "honest": None if case.honest is None else case.honest.round(4).tolist(),
    }


if __name__ == "__main__":
    for market in markets(json.loads((LAB / "public" / "plan.json").read_text("utf-8"))):
        for planned in market.cases:
            print(json.dumps(shown(market.office.case(planned, 0))))
