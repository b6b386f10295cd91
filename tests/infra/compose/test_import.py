"""What importing the runtime costs."""

from __future__ import annotations

import subprocess
import sys


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_runtime_does_not_import_docker() -> None:
    assert {"docker", "requests"}.isdisjoint(loaded_by("import infra.compose; infra.compose.RUNTIME"))


def test_the_reaper_starts_light() -> None:
    assert {"docker", "requests", "pydantic", "yaml"}.isdisjoint(loaded_by("import infra.compose.reaper"))
