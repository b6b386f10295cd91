"""`make lint` says the same before and after a lab was started."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grader.course import REPOSITORY


@pytest.mark.parametrize("folder", ["work", "results", "workshops"])
def test_a_folder_that_labs_make_is_no_module_of_ours(tmp_path: Path, folder: str) -> None:
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    (tmp_path / "main.py").write_text(f"import httpx\nimport {folder}\n\nprint(httpx, {folder})\n")
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "of_a_candidate.py").write_text("import  os, sys\n")

    for what in (["check"], ["format", "--check"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *what, "."], cwd=tmp_path, capture_output=True, text=True)

        assert done.returncode == 0, done.stdout
