"""Whether a class fits, where there is no cluster yet: reckoned for one node of several sizes."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from grader.classroom.planning import plan, size
from tests.grader.course import LAB, REPOSITORY

SAMPLE = REPOSITORY / "docs" / "class.yaml"


def said(file: Path) -> subprocess.CompletedProcess[str]:
    """By `lab workshop size`, in an environment that names no cluster."""
    kept = {key: value for key, value in os.environ.items() if key not in ("KUBECONFIG", "BROWNOUT_KUBE_CONTEXT")}
    command = [*LAB, "workshop", "size", str(file)]
    return subprocess.run(command, cwd=REPOSITORY, env=kept, capture_output=True, text=True)


def test_the_sample_class_fits_and_the_more_memory_the_more_people() -> None:
    done = said(SAMPLE)

    assert (done.returncode, done.stderr) == (0, "")
    most = [int(count) for count in re.findall(r"GiB +fit; (\d+) would", done.stdout)]
    assert len(most) == 4 and most == sorted(most) and most[0] >= 6
    assert "6 participants and 1 exam at once" in done.stdout and "canary" in done.stdout


def test_a_class_that_is_too_large_for_a_node_is_told_what_is_scarce(tmp_path: Path) -> None:
    people = ", ".join(f"p{number}" for number in range(200))
    (tmp_path / "class.yaml").write_text(f"workshop: big\nlabs: [canary]\nhours: 1\nparticipants: [{people}]\n")

    done = said(tmp_path / "class.yaml")

    assert done.returncode == 0
    assert re.search(r"4 processors, 8 GiB +do not fit, \d+ participants do: too little memory", done.stdout)
    assert re.search(r"64 GiB +do not fit, \d+ participants do: too little room for pods", done.stdout)


@pytest.mark.parametrize(("gib", "lack"), [(1, "memory"), (512, "pods")])
def test_a_node_has_less_than_all_of_its_memory_and_pods(gib: int, lack: str) -> None:
    wanted = plan.load(SAMPLE)

    found = size.on_a_node(wanted, 64, gib << 30)

    assert found.nodes[0].memory < gib << 30
    assert found.fits == (lack == "pods")
    assert len(found.needs[0].pods) * found.fit.most + len(found.exam) < 240
