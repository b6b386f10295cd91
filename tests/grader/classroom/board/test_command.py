"""`lab workshop board` where it cannot work: one sentence that says what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from grader.classroom.board import demo

ROOT = Path(__file__).parents[4]
BOARD = [sys.executable, "-m", "grader.cli", "workshop", "board"]
CONFIG = """
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]
users: [{name: u, user: {token: t}}]
"""


def environment(**variables: str) -> dict[str, str]:
    """That of whoever has no cluster, and these variables."""
    inherited = {key: value for key, value in os.environ.items() if key not in ("KUBECONFIG", "BROWNOUT_KUBE_CONTEXT")}
    return {**inherited, **variables}


def board(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*BOARD, *arguments], cwd=ROOT, env=environment(**variables), text=True, capture_output=True)


def test_a_made_up_workshop_needs_no_cluster(tmp_path: Path) -> None:
    command = [*BOARD, "--demo", "--print"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    shown = subprocess.Popen(command, cwd=ROOT, env=environment(TMPDIR=str(tmp_path)), text=True, **streams)
    try:
        assert shown.stdout is not None
        teacher, everybody = [shown.stdout.readline() for _ in range(4)][1::2]
        pages = [httpx.get(url.strip(), trust_env=False).status_code for url in (teacher, everybody)]
    finally:
        shown.send_signal(signal.SIGINT)
        _, said = shown.communicate(timeout=60)

    assert pages == [200, 200] and "/projection#" in everybody
    assert (shown.returncode, "Nobody of these is real" in said) == (130, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [(), ("tuesday", "--demo")], ids=["neither", "both"])
def test_a_workshop_or_a_made_up_one(arguments: tuple[str, ...]) -> None:
    done = board(*arguments)

    assert done.returncode == 2
    assert done.stderr == "lab: name a workshop, or say --demo for one that is made up and needs no cluster\n"


def test_a_made_up_workshop_is_the_same_at_the_same_time_and_goes_on() -> None:
    crowd = demo.Crowd(24, 1_800_000_000.0)
    early, late = (crowd.at(1_800_000_000.0 + seconds) for seconds in (3000, 6000))

    assert demo.Crowd(24, 1_800_000_000.0).at(1_800_003_000.0) == early
    assert len(early.participants) == 24 and len(late.submissions) > len(early.submissions) > 3
    assert {"pass", "fail"} <= {one.verdict for one in early.submissions}


def test_no_cluster(tmp_path: Path) -> None:
    done = board("tuesday", KUBECONFIG=str(tmp_path / "none"))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "lab: no Kubernetes cluster is configured: set KUBECONFIG to a file that names one\n"


def test_a_cluster_that_was_not_named_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(CONFIG)

    done = board("tuesday", KUBECONFIG=str(tmp_path / "config"))

    assert done.returncode == 2 and "set BROWNOUT_KUBE_CONTEXT to here" in done.stderr


def test_a_cluster_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(CONFIG)

    done = board("tuesday", KUBECONFIG=str(tmp_path / "config"), BROWNOUT_KUBE_CONTEXT="here")

    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("lab: looking for workshops: the cluster does not answer")


@pytest.mark.parametrize("port", ["-1", "65536", "eighty"])
def test_a_port_that_is_none(port: str) -> None:
    done = board("tuesday", "--port", port)

    assert done.returncode == 2 and "--port" in done.stderr
