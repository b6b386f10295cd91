"""The course that is attacked: `desk`, as `lab new` makes it and then walled as labs are that count, and real labs.

Any machine can hold the exam of `desk`: that a machine is busy is another test's matter (`tests/calm.py`). Real labs
keep their bounds, for they judge how fast answers are.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from grader.cli import author
from grader.course.spec import Lab, Scenario
from infra.own import ROOT
from tests.calm import calm
from tests.hostile.suite import TOY

CAST = ("lib", "fault-proxy")
FRONT = {
    "image": "brownout/core",
    "command": ["python", "/srv/fault-proxy/main.py"],
    "environment": {
        "PYTHONPATH": "/srv/lib",
        "CONTROL": "0.0.0.0:8474",
        "PROXIES": '[{"name": "desk", "listen": "0.0.0.0:8080", "upstream": "desk:8080"}]',
    },
    "volumes": ["../cast/lib:/srv/lib:ro", "../cast/fault-proxy:/srv/fault-proxy:ro"],
    "ports": ["127.0.0.1::8080", "127.0.0.1::8474"],
    "networks": ["lab", "edge"],
    "mem_limit": "96m",
    "x-ready": "http://front:8474/version",
}


def make(root: Path, labs: Iterable[str]) -> None:
    """Make the course with these labs."""
    for name in ("labs", "scenarios"):
        (root / name).mkdir(parents=True)
    real = [lab for lab in labs if lab != TOY]
    for part in sorted(path.name for path in (ROOT / "labs" / "cast").iterdir()) if real else CAST:
        shutil.copytree(ROOT / "labs" / "cast" / part, root / "labs" / "cast" / part, ignore=_compiled)
    _desk(root)
    for lab in real:
        for top in ("labs", "scenarios"):
            shutil.copytree(ROOT / top / lab, root / top / lab, ignore=_compiled)


def clean(root: Path, lab: str, into: Path) -> Path:
    """A sound submission: the reference's open files."""
    scenario = Scenario(root / "scenarios" / lab, Lab(root / "labs" / lab))
    for path, file in scenario.edited("reference").items():
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_bytes(file.data)
    return into


_compiled = shutil.ignore_patterns("__pycache__")


def _desk(root: Path) -> None:
    """The candidate's code on an internal network with a volume, behind a sealed proxy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWNOUT_COURSE", str(root))
        author.new(TOY)
    lab = root / "labs" / TOY
    system = yaml.safe_load((lab / "compose.yaml").read_text())
    desk = system["services"]["desk"]
    desk |= {"networks": ["lab"], "expose": ["8080"], "x-ready": "http://front:8080/healthz"}
    desk["volumes"].append("desk-data:/data")
    del desk["ports"]
    networks = {"lab": {"internal": True}, "edge": {}}
    services = {"front": FRONT, "desk": desk}
    whole = {"services": services, "networks": networks, "volumes": {"desk-data": None}}
    (lab / "compose.yaml").write_text(yaml.safe_dump(whole, sort_keys=False))
    for path in (lab / "lab.yaml", lab / "rehearsal" / "load.py"):
        text = path.read_text()
        assert "http://desk:8080" in text
        path.write_text(text.replace("http://desk:8080", "http://front:8080"))
    promised = lab / "rehearsal" / "slo.yaml"
    text = promised.read_text()
    assert " and latency <= 1.0" in text
    promised.write_text(text.replace(" and latency <= 1.0", ""))
    calm(root / "scenarios" / TOY)
