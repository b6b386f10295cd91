"""Prints one public tray as it is sent, as JSON, and on stderr what is right of each of its new packages.

`python labs/toil-killer/public/show.py 3 > tray.json`: the third; `show.py 3 log > log.json`: its log. Python alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LAB = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(LAB / "world"), str(LAB.parent / "cast" / "lib")]

from tray import tray  # noqa: E402  (it lies beside us)

if __name__ == "__main__":
    plan = json.loads((LAB / "public" / "plan.json").read_text("utf-8"))
    shown = tray(plan["seed"], plan["cases"][int(sys.argv[1]) - 1], 0)
    if sys.argv[2:] == ["log"]:
        json.dump(shown.past.rows, sys.stdout, indent=1)
        by_hand = f"{shown.past.minutes_by_hand:.1f} minutes a model, {shown.past.wrong_by_hand} of ten wrong"
        print("by hand:", by_hand, file=sys.stderr)
        sys.exit()
    json.dump(shown.sent, sys.stdout)
    for made in shown.new:
        print(made.id, made.kind, made.way, made.right, sep=" · ", file=sys.stderr)
