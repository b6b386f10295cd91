"""A tiny course of its own in a temporary folder, and the real `lab` on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from grader.course.spec import Lab, Scenario
from tests.grader import forks

REPOSITORY = Path(__file__).resolve().parents[2]
LAB = [sys.executable, "-m", "grader.cli"]


def begin(arguments: Sequence[str], environment: Mapping[str, str], **streams: Any) -> subprocess.Popen[Any]:
    """`lab` as a process of its own, in the repository's folder."""
    return subprocess.Popen([*LAB, *arguments], cwd=REPOSITORY, env=environment, **streams)


class Course:
    """A folder with labs/ and scenarios/, and what `lab` says in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("labs", "scenarios"):
            (root / name).mkdir(parents=True)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "BROWNOUT_COURSE": str(self.root), "NO_COLOR": "1", "COLUMNS": "80"}

    def lab(self, *arguments: str, timeout_s: float = 90) -> subprocess.CompletedProcess[str]:
        """Run `lab`; both outputs are kept."""
        return forks.lab(arguments, self.environment, timeout_s)

    def new(self, lab_id: str = "desk") -> Path:
        """Make a lab with `lab new`; returns its folder."""
        done = self.lab("new", lab_id)
        assert done.returncode == 0, done.stderr
        return self.root / "labs" / lab_id

    def routing(self, control: str) -> str:
        """The one file that candidates change in the lab `desk`, as a control has it."""
        scenario = Scenario(self.root / "scenarios" / "desk", Lab(self.root / "labs" / "desk"))
        return scenario.edited(control)[PurePosixPath("desk/routing.py")].data.decode()
