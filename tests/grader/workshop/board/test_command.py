"""`lab workshop board` where it cannot work: one sentence that says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
CONFIG = """
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]
users: [{name: u, user: {token: t}}]
"""


def board(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key not in ("KUBECONFIG", "BROWNOUT_KUBE_CONTEXT")}
    command = [sys.executable, "-m", "grader.cli", "workshop", "board", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**inherited, **variables}, text=True, capture_output=True)


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
