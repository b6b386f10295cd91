"""A world runs a candidate's code by a runner, and whatever that does, there is a word for it in time."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests.labs.cast.runs_helpers import done, side_by_side
from tests.labs.cast.test_runner_modules import serving

CODE = """
import os, signal, sys, time

def go(what="good", s=0.0):
    print("hello from", what, flush=True)
    time.sleep(s)
    if what == "raises":
        raise ValueError("no such ward")
    if what == "exits":
        sys.exit(3)
    if what == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "hangs":
        time.sleep(60)
    if what == "loud":
        print("\\x00\\udc80 \\N{SNOWMAN}" * 100000)
    if what == "runner":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "flow.py").write_text(CODE)
    return tmp_path


def test_a_run_is_over_as_soon_as_it_has_ended(code: Path) -> None:
    with serving(code) as url:
        done(url, "warm")
        begun = time.monotonic()
        run = done(url, "first", arguments={"what": "good", "s": 0.4})
        took = time.monotonic() - begun
    assert (run.bad(), run.code, run.signal, run.log, run.why) == ("", 0, None, "hello from good\n", "")
    assert 0.4 <= run.seconds <= took < 2.0


@pytest.mark.parametrize(
    ("what", "code_", "signal", "why"),
    [
        ("raises", 1, None, "the run ended with exit code 1: ValueError: no such ward"),
        ("exits", 3, None, "the run ended with exit code 3"),
        ("dies", None, 9, "signal 9 ended the run"),
    ],
)
def test_a_run_that_does_not_end_well_is_none(
    code: Path, what: str, code_: int | None, signal: int | None, why: str
) -> None:
    with serving(code) as url:
        run = done(url, "first", arguments={"what": what})
    assert (run.bad(), run.code, run.signal, run.why) == ("none", code_, signal, why)


def test_a_run_is_ended_at_its_limit_and_the_next_one_is_served(code: Path) -> None:
    with serving(code) as url:
        run = done(url, "first", 0.5, arguments={"what": "hangs"})
        assert (run.bad(), run.signal, run.log) == ("none", 9, "hello from hangs\n")
        assert run.why == "the run was not over after 0.5 s"
        assert httpx.get(f"{url}/runs/first", trust_env=False).json()["killed"] == 1
        assert not done(url, "second").bad()


def test_runs_wait_side_by_side(code: Path) -> None:
    with serving(code) as url:
        runs, seconds = side_by_side(url, [f"n{n}" for n in range(8)], {"s": 1.0})
    assert [run.bad() for run in runs] == [""] * 8
    assert seconds < 6  # not 8


@pytest.mark.parametrize("what", ["loud", "good"])
def test_what_a_run_says_breaks_nothing(code: Path, what: str) -> None:
    with serving(code) as url:
        assert done(url, "first", arguments={"what": what}).log


def test_a_runner_that_is_gone_or_refuses_is_none(code: Path) -> None:
    with serving(code) as url:
        run = done(url, "first", 3.0, arguments={"what": "runner"})
        assert (run.bad(), run.code) == ("none", None)
        assert run.why
        assert done(url, "second", 3.0).bad() == "none"
    with serving(code) as url:
        assert not done(url, "first").bad()
        assert "there is a run" in done(url, "first").why


def test_who_waits_is_answered_at_the_end_or_in_time(code: Path) -> None:
    with serving(code) as url:
        httpx.post(f"{url}/runs", json={"name": "a", "arguments": {"what": "hangs"}}, trust_env=False)
        begun = time.monotonic()
        waited = httpx.get(f"{url}/runs/a?wait_s=0.3", trust_env=False).json()
        assert waited["state"] == "running"
        assert 0.3 <= time.monotonic() - begun < 2
        for wrong in ("-1", "61", "soon", "nan"):
            assert httpx.get(f"{url}/runs/a?wait_s={wrong}", trust_env=False).status_code == 422
        assert httpx.get(f"{url}/runs/b?wait_s=1", trust_env=False).status_code == 404
