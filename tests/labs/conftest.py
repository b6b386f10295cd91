"""Labs of this checkout: the modules of the one that a folder here is named after, or one in a course of its own."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from zlib import crc32

import pytest

from grader.authoring.proving.standing import State, places
from grader.course import catalog
from grader.course.spec import Lab
from grader.load.traffic import import_file
from tests.calm import calm
from tests.grader.course import Course

HERE = catalog.root()


LABS = HERE / "tests" / "labs"
CAST = "cast"
UNTIL, DRAWN_BY = "BROWNOUT_TESTS_UNTIL", "BROWNOUT_COMMIT"
"""In CI: when no more tests of held labs begin, in seconds since the epoch; and what the order of labs is drawn by."""
IN_TIME = pytest.mark.in_time


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of what did not change since its exam was proven are among the slow ones, so that the tests of every day
    stay as quick with fifty labs: those of a lab that is held, and of the cast while every lab is. Named on the command
    line they run all the same."""
    here = [item for item in items if LABS in item.path.parents]
    if not here or any(item.path.name in named(config) for item in here):
        return
    still: dict[pytest.Item, str] = {}
    for item in here:
        about = subject(item, {*catalog.lab_ids(), CAST})
        if about in held() - named(config) and not item.get_closest_marker("proof"):
            item.add_marker(pytest.mark.slow)
            still[item] = about
    if UNTIL in os.environ:
        last = {about: crc32(f"{os.environ.get(DRAWN_BY)} {about}".encode()) for about in still.values()}
        items.sort(key=lambda item: last[still[item]] if item in still else -1)
        for item in still:
            item.add_marker(IN_TIME)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Held labs' tests come last, lab by lab in an order drawn by the commit, until the time is over."""
    if item.get_closest_marker(IN_TIME.name) and time.time() > float(os.environ[UNTIL]):
        pytest.skip("left out, for the time is over: nothing of its lab changed since it was proven")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Folders of which all tests would be left out are not even read: that takes longer than many tests."""
    if collection_path.parent != LABS or not collection_path.is_dir() or "not slow" not in config.option.markexpr:
        return None
    if collection_path.name not in held() - named(config):
        return None
    config.pluginmanager.get_plugin("following").left.add(collection_path.name)
    return True


def named(config: pytest.Config) -> set[str]:
    """The parts of the paths that were named on the command line."""
    return {part for argument in config.args for part in Path(argument.split("::")[0]).parts}


@cache
def held() -> frozenset[str]:
    """The labs that are proven as they are; and the cast, while all are that are no drafts."""
    labs = catalog.lab_ids()
    proven_ones = {lab_id for lab_id in labs if proven(lab_id)}
    whole = all(lab_id in proven_ones or catalog.is_draft(lab_id) for lab_id in labs)
    return frozenset(proven_ones | {CAST} if whole else proven_ones)


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
