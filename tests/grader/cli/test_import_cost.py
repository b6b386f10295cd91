"""Commands and the load generator do not pay for what they do not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.grader.course import REPOSITORY, Course
from tests.grader.load.load_helpers import go, launch, plan

HEAVY = {
    "rich",
    "duckdb",
    "scipy",
    "numpy",
    "locust",
    "gevent",
    "chaoslib",
    "docker",
    "kubernetes",
    "pydantic",
    "psutil",
    "jinja2",
}


@pytest.mark.parametrize(("arguments", "allowed"), [(["--help"], set()), (["list"], set())])
def test_what_is_imported(desk: Course, arguments: list[str], allowed: set[str]) -> None:
    desk.lab("list")  # fills the cache
    code = (
        "import sys\n"
        f"sys.argv = ['lab', *{arguments!r}]\n"
        "from grader.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    print('MODULES', *sys.modules)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], env=desk.environment, cwd=REPOSITORY, capture_output=True, text=True
    )

    modules = set(done.stdout.partition("MODULES")[2].split())
    assert "grader.cli" in modules
    assert modules & HEAVY <= allowed


def test_the_generator_imports_no_web_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")

    process = launch(tmp_path, plan(tmp_path, "127.0.0.1:1", seconds=0.1))
    go(process)
    _, imported = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "locust.runners" in imported and "flask" not in imported and "jinja2" not in imported
