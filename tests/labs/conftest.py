"""Labs of this checkout in a course of a test's own."""

from __future__ import annotations

import shutil

import pytest

from grader.course import catalog
from grader.course.spec import Lab
from tests.calm import calm
from tests.grader.course import Course

HERE = catalog.root()


@pytest.fixture
def calm_lab(request: pytest.FixtureRequest, course: Course) -> Lab:
    """The lab that a test is parametrised with, in a course of its own, whose rehearsal any machine can hold."""
    lab_id: str = request.param
    shutil.copytree(HERE / "labs" / lab_id, course.root / "labs" / lab_id, ignore=shutil.ignore_patterns("__pycache__"))
    for shared in ("labs/cast", f"scenarios/{lab_id}"):
        (course.root / shared).symlink_to(HERE / shared)
    calm(course.root / "labs" / lab_id / "rehearsal")
    return catalog.find_lab(lab_id)
