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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of a lab that did not change since its exam was proven are among the slow ones, so that the tests of every
    day stay as quick with fifty labs; named on the command line they run all the same."""
    named = {part for argument in config.args for part in Path(argument.split("::")[0]).parts}
    for lab_id in {item.path.parent.name for item in items} & set(catalog.lab_ids()) - named:
        scenario = catalog.find_scenario(catalog.find_lab(lab_id))
        if all(place.state is State.HELD for place in places(scenario, ["process"])):
            for item in items:
                if item.path.parent == HERE / "tests" / "labs" / lab_id and not item.get_closest_marker("proof"):
                    item.add_marker(pytest.mark.slow)


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
