"""Fixtures for tests that need labs of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli import author
from tests.grader.course import Course


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """An empty course; functions called in this process see it as well."""
    made = Course(tmp_path / "course")
    monkeypatch.setenv("BROWNOUT_COURSE", str(made.root))
    return made


@pytest.fixture
def desk(course: Course, capsys: pytest.CaptureFixture[str]) -> Course:
    """A course with one lab, `desk`."""
    author.new("desk")
    capsys.readouterr()
    return course
