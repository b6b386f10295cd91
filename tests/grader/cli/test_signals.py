"""What a signal may not do to the command: leave a lock taken for ever, or get lost."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAD = """
import os, signal, threading, time
from functools import partial
from types import SimpleNamespace
from grader.cli import signals

signals.heed()
real = threading.Lock()

def stay():
    for _ in range(100):
        time.sleep(0.1)
    print("it got lost")
"""
END = """
except (KeyboardInterrupt, SystemExit) as end:
    print(type(end).__name__, end.args, "taken" if real.locked() else "free")
"""


def said(code: str) -> str:
    """What the code prints, and how it ends."""
    script = HEAD + "try:\n" + "".join(f"    {line}\n" for line in code.splitlines()) + END
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "raised"), [("SIGINT", "KeyboardInterrupt ()"), ("SIGTERM", "SystemExit (143,)")], ids=["Ctrl-C", "kill"]
)
def test_a_lock_is_returned_though_the_signal_came_as_it_was_taken(name: str, raised: str) -> None:
    """The signal comes in the call of C that takes the lock: an exception at its return leaves `with` out."""
    taking = f"""real.acquire()
struck = partial(signal.raise_signal, signal.{name})
lock = SimpleNamespace(acquire=None, release=None, __enter__=struck, __exit__=lambda *_: real.release())
with threading.Condition(lock):
    stay()"""

    assert said(taking) == f"{raised} free"


def test_a_signal_in_a_finalizer_is_not_lost() -> None:
    gone = """class Gone:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
Gone()
stay()"""

    assert said(gone) == "KeyboardInterrupt () free"


def test_a_lock_that_nobody_returns_is_not_waited_for_long() -> None:
    stuck = """signals.PATIENCE_S = 0.3
real.acquire()
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
with threading.Condition(real):
    stay()"""

    assert said(stuck) == "KeyboardInterrupt () taken"


def test_other_errors_of_finalizers_are_said_as_ever() -> None:
    script = HEAD + "class Gone:\n    def __del__(self):\n        raise ValueError('as ever')\nGone()\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0
    assert "ValueError: as ever" in done.stderr


@pytest.mark.parametrize("raised", ["KeyboardInterrupt", "SystemExit(143)", "RuntimeError('query interrupted')"])
def test_what_a_signal_stopped_is_said(raised: str) -> None:
    script = "from grader.cli import signals\nsignals.told.append(2)\n"
    script += f"with signals.ending('the exam of desk'):\n    raise {raised}\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)

    assert "\nStopped the exam of desk.\n" in done.stderr


def test_nothing_is_said_to_have_been_stopped_where_no_signal_came() -> None:
    script = "from grader.cli import signals\nwith signals.ending('the exam'):\n    exit(1)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
