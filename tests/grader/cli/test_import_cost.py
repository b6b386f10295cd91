"""`lab --help` and `lab list` do not pay for what they do not use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.grader.course import REPOSITORY, Course

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
