"""A participant's kit, and what damaged ones say."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classroom.desk import kit
from grader.classroom.desk.kit import Kit
from grader.errors import BadInput

ADA = Kit("w", "ada", "quiet otter", "ws-w--ada", "2026-01-31T17:00:00Z", {"canary": {"name": "canary-1"}})


def test_a_kit_comes_back_as_it_was_written(tmp_path: Path) -> None:
    kit.write(tmp_path / "ada", ADA, "kind: Config\n")
    assert kit.read(tmp_path / "ada") == ADA
    assert (tmp_path / "ada" / kit.KUBECONFIG).read_text("utf-8") == "kind: Config\n"


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    folder.mkdir(mode=0o755)
    (folder / kit.KUBECONFIG).touch(mode=0o644)
    kit.write(folder, ADA, "kind: Config\n")
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        kit.KUBECONFIG: 0o600,
        kit.KIT: 0o600,
    }
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"workshop": "w"}', "\x00"])
def test_a_damaged_kit_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / kit.KIT).write_text(text, "utf-8")
    with pytest.raises(BadInput, match="damaged: ask your teacher"):
        kit.read(tmp_path)


def test_another_folder_is_no_kit(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no kit of a workshop: kit.json is missing"):
        kit.read(tmp_path)


def test_a_kit_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="the kit cannot be written"):
        kit.write(tmp_path / "file", ADA, "")
