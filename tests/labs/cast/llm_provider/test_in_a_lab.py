"""The README's compose file, run as a lab runs it, and spoilt as an experiment does it."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from grader import faults
from infra.process.runtime import ProcessRuntime
from infra.runtime import Request
from infra.system import load_system

CAST = Path(__file__).resolve().parents[4] / "labs" / "cast" / "llm-provider"
TOKEN = "tell-nobody"


@pytest.fixture
def deployment(tmp_path):
    """The system of the README's compose file."""
    for name in ("llm-provider", "lib"):
        shutil.copytree(CAST.parent / name, tmp_path / "cast" / name, ignore=shutil.ignore_patterns("__pycache__"))
    found = re.search(r"```yaml\n(.*?)```", (CAST / "README.md").read_text(), re.DOTALL)
    assert found
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "compose.yaml").write_text(found[1])
    system = load_system(tmp_path / "lab" / "compose.yaml")
    name, told = f"llm-{secrets.token_hex(4)}", {"BROWNOUT_TOKEN": TOKEN}
    running = ProcessRuntime().deploy(system, Request(name, secrets=told, ready_timeout_s=90.0))
    yield running
    running.stop()


def models_status(deployment) -> int:
    """What `GET /v1/models` says."""
    request = urllib.request.Request(
        f"{deployment.address('llm', 8000).url}/v1/models", headers={"authorization": "Bearer sk-lab"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return len(json.load(answer)["data"]) and answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_an_experiment_sets_faults_and_reads_the_ledger(deployment, monkeypatch):
    deployment.wait_ready()
    addresses = {f"llm:{port}": deployment.address("llm", port).url.removeprefix("http://") for port in (8000, 9000)}
    monkeypatch.setattr(faults, "_context", faults.Context(lambda: deployment, addresses, TOKEN))

    before = models_status(deployment)
    faults.control("llm", 9000, "/faults", {"faults": [{"kind": "error", "status": 502}]})
    during = models_status(deployment)
    faults.control("llm", 9000, "/faults", {"faults": []})
    after = models_status(deployment)

    assert (before, during, after) == (200, 502, 200)
    assert faults.read("llm", 9000, "/ledger/summary")["touched"] == {"error": 1}
    assert [call["status"] for call in faults.read("llm", 9000, "/ledger?since=1")["calls"]] == [502, 200]
    with pytest.raises(faults.FaultFailed):
        faults.control("llm", 9000, "/faults", {"faults": [{"kind": "fire"}]})
