"""Processes told apart."""

from __future__ import annotations

import os
import subprocess

from infra.process.identity import Identity, identify


def test_this_process_lives() -> None:
    me = identify(os.getpid())
    assert me is not None
    assert me.alive


def test_a_number_used_again_is_somebody_else() -> None:
    assert not Identity(os.getpid(), "another birth").alive


def test_a_zombie_does_not_live() -> None:
    with subprocess.Popen(["true"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert identify(child.pid) is None
