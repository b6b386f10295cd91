"""Removing what somebody else's code wrote."""

from __future__ import annotations

from pathlib import Path

from infra.process.trees import remove_tree


def test_locked_folders_go_too(tmp_path: Path) -> None:
    locked = tmp_path / "scratch" / "locked" / "deep"
    locked.mkdir(parents=True)
    (locked / "file").touch()
    locked.chmod(0o000)
    locked.parent.chmod(0o500)
    remove_tree(tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists()


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "link").symlink_to(tmp_path / "kept")
    remove_tree(tmp_path / "scratch")
    assert (tmp_path / "kept" / "file").exists()


def test_nothing_there_is_fine(tmp_path: Path) -> None:
    remove_tree(tmp_path / "nowhere")
