"""The point of it all: arrivals do not wait for the system, and latency counts from the due time."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.load.plan import PlannedPhase
from grader.load.schedule import schedule
from tests.grader.load.load_helpers import Server, events, go, launch, plan


def test_a_stall_is_felt_by_all_who_would_have_come(tmp_path: Path, server: Server) -> None:
    """Exact arithmetic: who is due in the stall is unanswered before its end, whatever the machine does."""
    process = launch(tmp_path, plan(tmp_path, server.address, seconds=6, rate=50))
    start_at = go(process)
    begin, end = 2.0, 4.0
    server.stall = (start_at + begin, start_at + end)
    process.communicate(timeout=60)

    *seen, _ = events(tmp_path / "events.jsonl")

    arrivals = list(schedule([PlannedPhase(phase="only", start=0, seconds=6, rate=50)], 7))
    due = [round(a.due, 6) for a in arrivals]
    caught = [e for e in seen if begin + 0.2 <= e["due"] < end - 0.2]
    assert sorted(e["due"] for e in seen) == due
    assert len(caught) == sum(begin + 0.2 <= d < end - 0.2 for d in due) == 80
    assert all(e["done"] >= end - 0.01 for e in caught)
    assert sum(e["done"] - e["due"] > 0.5 for e in seen) >= 75
    assert {e["answer"] for e in seen} == {"right"}


def test_probes_and_metronome_keep_the_same_clock(tmp_path: Path, server: Server) -> None:
    order = plan(tmp_path, server.address, seconds=1)
    probe = {"name": "split", "url": "http://gateway:8080/value", "every_s": 0.1, "check": "split"}
    order["trials"][0]["probes"] = [{**probe, "module": str(tmp_path / "exam.py")}]
    order["metronome"] = {"url": f"http://{server.address}/tempo", "rate": 10}
    process = launch(tmp_path, order)
    go(process)
    _, errors = process.communicate(timeout=60)

    *seen, _ = events(tmp_path / "events.jsonl")

    assert errors == ""
    kinds = {kind: [e for e in seen if e["kind"] == kind] for kind in ("request", "probe", "metronome", "pace")}
    counts = {kind: len(found) for kind, found in kinds.items()}
    assert counts == {"request": 20, "probe": 10, "metronome": 10, "pace": 10}
    assert {(e["value"], e["answer"], e["status"]) for e in kinds["probe"]} == {(0.5, "seen", 200)}
    assert {(e["answer"], e["phase"], e["value"]) for e in kinds["metronome"]} == {("right", "only", 1.25)}
    assert {(e["phase"], e["value"]) for e in kinds["pace"]} == {("only", 2.5)}


def test_a_probe_that_names_phases_asks_in_no_other(tmp_path: Path, server: Server) -> None:
    order = plan(tmp_path, server.address, seconds=0.5)
    (trial,) = order["trials"]
    trial["phases"].append({"phase": "last", "start": 0.5, "seconds": 0.5, "rate": 20})
    probe = {"name": "split", "url": "http://gateway:8080/value", "every_s": 0.1, "check": "split", "phases": ["last"]}
    trial["probes"] = [{**probe, "module": str(tmp_path / "exam.py")}]
    process = launch(tmp_path, order)
    go(process)
    process.communicate(timeout=60)

    asked = [event for event in events(tmp_path / "events.jsonl")[:-1] if event["kind"] == "probe"]

    assert [event["due"] for event in asked] == pytest.approx([0.5, 0.6, 0.7, 0.8, 0.9])
    assert {event["phase"] for event in asked} == {"last"}


def test_trials_side_by_side_get_files_and_addresses_of_their_own(tmp_path: Path, server: Server) -> None:
    other = Server()
    order = plan(tmp_path, "127.0.0.1:1")
    first = order["trials"][0]
    order["trials"].append({**first, "id": "wrong.1", "seed": 8, "out": str(tmp_path / "second.jsonl")})
    order["metronome"] = {"url": f"http://{server.address}/ok"}
    process = launch(tmp_path, order)
    where = {"wrong.0": {"gateway:8080": server.address}, "wrong.1": {"gateway:8080": other.address}}
    go(process, addresses=where)
    process.communicate(timeout=60)
    other.close()

    for name, trial in (("events.jsonl", "wrong.0"), ("second.jsonl", "wrong.1")):
        *seen, footer = events(tmp_path / name)
        assert {e["trial"] for e in seen} == {trial}
        assert [sum(e["kind"] == kind for e in seen) for kind in ("request", "metronome")] == [10, 5]
        assert footer["reason"] == "finished"
    assert len(other.heads) == 10
