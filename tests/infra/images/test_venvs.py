"""Images as virtual environments: made once, told apart by their lock."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.errors import RuntimeUnavailable
from infra.images.venvs import environment


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of images with one, `bare`, that needs nothing; environments go to a fresh home."""
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "home"))
    (tmp_path / "images" / "bare").mkdir(parents=True)
    (tmp_path / "images" / "bare" / "requirements.txt").write_text("# nothing\n")
    return tmp_path / "images"


def test_it_has_a_python_of_its_own(images: Path) -> None:
    python = environment("bare", images) / "bin" / "python"
    said = subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True)
    assert Path(said.stdout.strip()) == python.parents[1]


def test_it_is_made_once_even_by_two_at_once(images: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor() as pool:
        made = set(pool.map(lambda _: environment("bare", images), range(4)))
    assert len(made) == 1
    assert capfd.readouterr().err.count("making image bare") == 1


def test_another_lock_is_another_environment(images: Path) -> None:
    before = environment("bare", images)
    (images / "bare" / "requirements.txt").write_text("# nothing else\n")
    assert environment("bare", images) != before


def test_half_an_environment_is_made_again(images: Path) -> None:
    made = environment("bare", images)
    (made / ".complete").unlink()
    (made / "bin" / "python").unlink()
    assert (environment("bare", images) / "bin" / "python").exists()


def test_an_image_that_is_not_there_is_named(images: Path) -> None:
    with pytest.raises(RuntimeUnavailable, match="no image 'gone'"):
        environment("gone", images)


def test_a_lock_that_cannot_be_had_is_said(images: Path) -> None:
    (images / "bare" / "requirements.txt").write_text("./no-such-wheel.whl --hash=sha256:00\n")
    with pytest.raises(RuntimeUnavailable, match="image bare cannot be made"):
        environment("bare", images)
