"""Events are looked at while they are being written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader import events

ROWS = [{"trial": "only.0", "kind": "request", "id": str(n), "due": n / 10, "done": n / 10 + 0.5} for n in range(3)]
LINE = json.dumps(ROWS[2])


@pytest.mark.parametrize("cut", [1, 2, 10, LINE.index('"due"') + 9, len(LINE) - 1])
def test_a_torn_last_line_is_left_out(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "events.jsonl"
    events.append(file, ROWS[:2])
    with file.open("a") as out:
        out.write(LINE[:cut])
    connection = events.live([file], [])
    try:
        assert connection.execute("SELECT id, latency FROM events ORDER BY id").fetchall() == [("0", 0.5), ("1", 0.5)]
    finally:
        connection.close()
