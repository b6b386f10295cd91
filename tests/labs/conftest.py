"""Labs of this checkout: the modules of the one that a folder here is named after, or one in a course of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from grader.course import catalog
from grader.course.spec import Lab
from grader.load.traffic import import_file
from grader.proof.standing import State, places
from tests.calm import calm
from tests.grader.course import Course

HERE = catalog.root()


LABS = HERE / "tests" / "labs"
CAST = "cast"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of what did not change since its exam was proven are among the slow ones, so that the tests of every day
    stay as quick with fifty labs: those of a lab that is held, and of the cast while every lab is. Named on the command
    line they run all the same."""
    named = {part for argument in config.args for part in Path(argument.split("::")[0]).parts}
    here = [item for item in items if LABS in item.path.parents]
    if not here or any(item.path.name in named for item in here):
        return
    labs = catalog.lab_ids()
    held = {lab_id for lab_id in labs if proven(lab_id)}
    if all(lab_id in held or catalog.is_draft(lab_id) for lab_id in labs):
        held.add(CAST)
    for item in here:
        if subject(item, {*labs, CAST}) in held - named and not item.get_closest_marker("proof"):
            item.add_marker(pytest.mark.slow)


def proven(lab_id: str) -> bool:
    """Whether all of its rows on local processes hold."""
    rows = places(catalog.find_scenario(catalog.find_lab(lab_id)), ["process"])
    return all(row.state is State.HELD for row in rows)


def subject(item: pytest.Item, known: set[str]) -> str | None:
    """The lab, or the cast, that a test here is about: by its folder, or else by its parameters."""
    folder = item.path.relative_to(LABS).parts[0]
    if folder in known:
        return folder
    given = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    words = [value[0] if isinstance(value, tuple) else value for value in given]
    return next((word for word in words if isinstance(word, str) and word in known), None)


@pytest.fixture(scope="session", autouse=True)
def shared_modules() -> Iterator[None]:
    """Parts of the cast that tests start find the packages in `labs/cast/lib`, as they do by compose.yaml."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(HERE / "labs" / "cast" / "lib"))
        yield


@pytest.fixture(scope="module")
def load(request: pytest.FixtureRequest) -> ModuleType:
    """The exam's load.py, or the rehearsal's where that serves both."""
    return import_file(catalog.find_scenario(catalog.find_lab(request.path.parent.name)).load_file)


@pytest.fixture(scope="module")
def public(request: pytest.FixtureRequest) -> ModuleType:
    """The rehearsal's load.py."""
    return import_file(HERE / "labs" / request.path.parent.name / "rehearsal" / "load.py")


@pytest.fixture(scope="module")
def draw(request: pytest.FixtureRequest) -> ModuleType:
    """The exam's draw.py."""
    return import_file(HERE / "scenarios" / request.path.parent.name / "draw.py")


@pytest.fixture
def calm_lab(request: pytest.FixtureRequest, course: Course) -> Lab:
    """The lab that a test is parametrised with, in a course of its own, whose rehearsal any machine can hold."""
    lab_id: str = request.param
    shutil.copytree(HERE / "labs" / lab_id, course.root / "labs" / lab_id, ignore=shutil.ignore_patterns("__pycache__"))
    for shared in ("labs/cast", f"scenarios/{lab_id}"):
        (course.root / shared).symlink_to(HERE / shared)
    calm(course.root / "labs" / lab_id / "rehearsal")
    return catalog.find_lab(lab_id)
