"""A home of their own for the deployments of these tests: whatever is left in it was left by them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.errors import RuntimeUnavailable
from infra.home import home
from infra.images.venvs import environment
from infra.process import family
from tests.grader.exam.toy import Toy


@pytest.fixture(scope="package", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """BROWNOUT_HOME, with the image environments that are there already."""
    try:
        environment("core")
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("home")
    (folder / "images").symlink_to(home() / "images")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWNOUT_HOME", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def nothing_is_left(own_home: Path) -> Iterator[None]:
    """After each test no deployment runs and no state folder lies about."""
    yield
    folder = own_home / "deployments"
    left = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    marked = [process.pid for name in left for process in family.marked(name)]
    assert not left and not marked


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    """The tiny lab, as `lab new` makes it but for a shorter exam."""
    return Toy(tmp_path)


@pytest.fixture
def one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invalid trial is not tried again."""
    monkeypatch.setattr("grader.exam.run.MAX_ATTEMPTS", 1)
