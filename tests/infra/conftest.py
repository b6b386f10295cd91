"""Submissions of the toy system."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.infra.toy import TOY


@pytest.fixture
def submission(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a submission of the toy whose main.py has this text."""

    def make(text: str) -> Path:
        root = tmp_path / f"submission-{secrets.token_hex(2)}"
        shutil.copytree(TOY / "code", root / "code")
        (root / "code" / "main.py").write_text(text)
        return root

    return make


@pytest.fixture
def version() -> Callable[[str], str]:
    """The text of a sound main.py that says it is this version."""
    shipped = (TOY / "code" / "main.py").read_text()
    return lambda name: shipped.replace('"shipped"', repr(name))
