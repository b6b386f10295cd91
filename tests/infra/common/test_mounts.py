"""What a candidate's files must be before they are mounted."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from infra.common import mounts
from infra.errors import ServiceFailed, SystemRefused
from infra.system import System, load_system

TOY = Path(__file__).parents[1] / "systems" / "toy"


@pytest.fixture
def system() -> System:
    return load_system(TOY / "compose.yaml", ("code",))


def test_a_sound_submission(system: System, tmp_path: Path) -> None:
    shutil.copytree(TOY / "code", tmp_path / "code")
    mounts.check(system, tmp_path)


def test_a_missing_folder_is_the_candidates_fault(system: System, tmp_path: Path) -> None:
    with pytest.raises(ServiceFailed) as caught:
        mounts.check(system, tmp_path)
    assert caught.value.service == "shop" and "missing" in caught.value.log_tail


def test_a_link_out_of_the_submission_is_not_followed(system: System, tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "code").mkdir()
    (tmp_path / "root" / "code").symlink_to(tmp_path / "code")
    with pytest.raises(ServiceFailed) as caught:
        mounts.check(system, tmp_path / "root")
    assert "leads out" in caught.value.log_tail


@pytest.mark.skipif(sys.platform != "linux", reason="Docker Desktop maps owners")
def test_files_that_the_services_user_may_not_read_are_refused(system: System, tmp_path: Path) -> None:
    shutil.copytree(TOY / "code", tmp_path / "code")
    (tmp_path / "code" / "main.py").chmod(0o600)
    with pytest.raises(SystemRefused, match="chmod"):
        mounts.check(system, tmp_path)
