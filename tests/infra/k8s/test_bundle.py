"""Code as an archive in parts, and its unpacking inside."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from infra.errors import PlatformBroken
from infra.k8s import bundle

INSIDE = Path(bundle.__file__).parent / "inside"


@pytest.fixture
def tree() -> ModuleType:
    """The script that unpacks."""
    spec = importlib.util.spec_from_file_location("tree", INSIDE / "tree.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    (folder / "deep" / "empty").mkdir(parents=True)
    (folder / "main.py").write_text("print()")
    (folder / "deep" / "raw").write_bytes(bytes(range(256)))
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "main.pyc").touch()
    return folder


def paths(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_files_arrive_byte_for_byte(tree: ModuleType, code: Path, tmp_path: Path) -> None:
    tree.unpack(bundle.pack([("shop/0", code), ("shop/1", code / "main.py")]), tmp_path / "there")
    there = tmp_path / "there" / "shop"
    assert paths(there) == ["0", "0/deep", "0/deep/empty", "0/deep/raw", "0/main.py", "1"]
    assert (there / "0" / "deep" / "raw").read_bytes() == bytes(range(256))
    assert (there / "1").read_text() == "print()"


def test_an_archive_is_the_same_twice(code: Path) -> None:
    assert bundle.pack([("a", code)]) == bundle.pack([("a", code)])


def test_new_code_replaces_old_in_the_same_folder(tree: ModuleType, code: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    tree.unpack(bundle.pack([("shop/0", code)]), there)
    mounted = os.stat(there / "shop" / "0").st_ino
    (there / "shop" / "0" / "link").symlink_to("/etc/passwd")
    (code / "deep" / "raw").unlink()
    (code / "deep" / "raw").mkdir()
    (code / "main.py").write_text("new")
    tree.unpack(bundle.pack([("shop/0", code)]), there)
    assert os.stat(there / "shop" / "0").st_ino == mounted
    assert paths(there / "shop" / "0") == ["deep", "deep/empty", "deep/raw", "main.py"]
    assert (there / "shop" / "0" / "main.py").read_text() == "new"


def test_links_stay_links(tree: ModuleType, code: Path, tmp_path: Path) -> None:
    (code / "link").symlink_to("main.py")
    tree.unpack(bundle.pack([("0", code)]), tmp_path / "there")
    assert os.readlink(tmp_path / "there" / "0" / "link") == "main.py"


def test_parts_fit_a_config_map_and_are_whole_together() -> None:
    packed = os.urandom(2 * bundle.PART_BYTES + 1)
    found = bundle.parts(packed)
    assert [len(part) for part in found] == [bundle.PART_BYTES, bundle.PART_BYTES, 1]
    assert b"".join(found) == packed


def test_too_much_code_is_said_so(code: Path) -> None:
    with (code / "big").open("wb") as file:
        file.truncate(bundle.MOST_BYTES + 1)
    with pytest.raises(PlatformBroken, match="24 MiB"):
        bundle.pack([("0", code)])


def test_plain_files_need_no_archive(code: Path) -> None:
    (code / "deep" / "empty").rmdir()
    found = bundle.plain([("shop/0", code), ("shop/1", code / "main.py")])
    assert found == {"shop/0/deep/raw": bytes(range(256)), "shop/0/main.py": b"print()", "shop/1": b"print()"}


@pytest.mark.parametrize("odd", ["empty", "link", "program", "large", "many"])
def test_what_a_volume_could_not_show_needs_one(code: Path, odd: str) -> None:
    if odd != "empty":
        (code / "deep" / "empty").rmdir()
    if odd == "link":
        (code / "link").symlink_to("main.py")
    if odd == "program":
        (code / "main.py").chmod(0o755)
    if odd == "large":
        (code / "large").write_bytes(bytes(bundle.PART_BYTES))
    if odd == "many":
        for number in range(bundle.MOST_BYTES // bundle.PART_BYTES + 2):
            (code / f"f{number}").write_bytes(bytes(bundle.PART_BYTES - bundle.ENTRY_BYTES))
    assert bundle.plain([("shop/0", code)]) is None


def test_files_are_shared_out_over_maps() -> None:
    third = bundle.PART_BYTES // 3
    files = {f"f{number}": bytes(third) for number in range(5)} | {"small": b"x"}
    shares = bundle.portions(files)
    assert [list(share) for share in shares] == [["f0", "f1"], ["f2", "f3"], ["f4", "small"]]
    assert bundle.portions({}) == []
