"""What is handed in: archives of all makes are opened, and hostile ones refused by their entry."""

from __future__ import annotations

import io
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.files import MOST_ENTRIES
from grader.errors import BadInput
from grader.intake import handed_in, unpacking
from infra.own import ROOT
from tests.hostile import suite

FILES = {"desk/routing.py": b"TEAMS = []\n", "takehome.json": b"{}"}
REPOSITORY = {"task-main/work/toy/lab.yaml": b"id: toy\n", "task-main/README.md": b"# Task\n"}


def opened(source: Path, lab_id: str, scratch: Path) -> Path:
    """Where the files of a submission are."""
    with handed_in.opened(source, lab_id, scratch) as folder:
        return folder.top


def zipped(path: Path, entries: dict[str, bytes], kind: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = kind << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def tarred(path: Path, entries: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in entries.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            info.size = len(data) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("make", [zipped, tarred])
def test_an_archive_of_open_files_is_opened(tmp_path: Path, make: Callable[..., Path]) -> None:
    folder = opened(make(tmp_path / "answer", FILES), "toy", tmp_path / "scratch")

    assert (folder / "desk/routing.py").read_bytes() == FILES["desk/routing.py"]


@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_repositorys_archive_is_its_workspace(tmp_path: Path, make: Callable[..., Path]) -> None:
    folder = opened(make(tmp_path / "answer", REPOSITORY), "toy", tmp_path / "scratch")

    assert folder == tmp_path / "scratch" / "task-main" / "work" / "toy"


@pytest.mark.parametrize("make", [zipped, tarred])
def test_what_a_mac_puts_beside_a_repository_is_left_aside(tmp_path: Path, make: Callable[..., Path]) -> None:
    beside = {"__MACOSX/task-main/work/toy/._lab.yaml": b"\0", "__MACOSX/._task-main": b"\0", ".DS_Store": b"\0"}
    folder = opened(make(tmp_path / "answer", REPOSITORY | beside), "toy", tmp_path / "scratch")
    with handed_in.opened(make(tmp_path / "open", FILES | beside), "toy", tmp_path / "other") as files:
        found = {str(entry.path) for entry in files.walk()}

    assert folder == tmp_path / "scratch" / "task-main" / "work" / "toy"
    assert found == {"desk/routing.py"}


def test_a_repository_is_its_workspace_and_a_folder_itself(tmp_path: Path) -> None:
    (tmp_path / "task" / "work" / "toy").mkdir(parents=True)

    assert opened(tmp_path / "task", "toy", tmp_path / "scratch") == tmp_path / "task" / "work" / "toy"
    assert opened(tmp_path, "toy", tmp_path / "scratch") == tmp_path


FORMS: dict[str, Callable[[Path], None]] = {
    "a tar with long names": lambda path: tar_of(path, "w", tarfile.PAX_FORMAT),
    "a tar with long names, as GNU writes them": lambda path: tar_of(path, "w:xz", tarfile.GNU_FORMAT),
    "a tar.bz2": lambda path: tar_of(path, "w:bz2", tarfile.PAX_FORMAT),
    "a zip that was written to a pipe": lambda path: zip_of(path),
}
LONG = f"desk/{'long-' * 30}name.py"


def tar_of(path: Path, mode: Any, form: int) -> None:
    with tarfile.open(path, mode, format=form) as archive:
        folder = tarfile.TarInfo("./")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        info = tarfile.TarInfo(f"./{LONG}")
        info.size, info.pax_headers = 1, {"mtime": "1.5"}
        archive.addfile(info, io.BytesIO(b"1"))


def zip_of(path: Path) -> None:
    class Pipe(io.RawIOBase):
        """It cannot be gone back in, so sizes stand behind each file."""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            with path.open("ab") as file:
                return file.write(data)

    with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("desk/", "")
        archive.writestr(LONG, "1")


@pytest.mark.parametrize("form", FORMS)
def test_what_tools_write_is_opened(tmp_path: Path, form: str) -> None:
    FORMS[form](tmp_path / "answer")

    assert (opened(tmp_path / "answer", "toy", tmp_path / "scratch") / LONG).read_bytes() == b"1"


HOSTILE: dict[str, Callable[[Path], Path]] = {
    "a name of another system": lambda path: zipped(path, {"desk\\..\\oops.py": b""}),
    "a link in a zip": lambda path: zipped(path, {"desk/oops.py": b"/etc/passwd"}, stat.S_IFLNK),
    "a hard link": lambda path: tarred(path, {"desk/oops.py": b""}, tarfile.LNKTYPE),
    "many small bombs": lambda path: zipped(path, {f"desk/oops{n}.py": bytes(1 << 20) for n in range(40)}),
    "too many": lambda path: zipped(path, {f"desk/oops{n}.py": b"" for n in range(MOST_ENTRIES + 1)}),
    "too deep": lambda path: tarred(path, {"d/" * 40 + "oops.py": b""}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused_by_its_entry(tmp_path: Path, kind: str) -> None:
    archive = HOSTILE[kind](tmp_path / "answer")

    with pytest.raises(BadInput, match="oops"):
        opened(archive, "toy", tmp_path / "scratch")

    assert {path.name for path in tmp_path.iterdir()} == {"answer"}


PACKED = ("zip-", "tar-", "letter-", "bundle-")
HANDED_IN = [one for one in suite.found() if one.ends == "refused" and one.file.stem.startswith(PACKED)]


@pytest.mark.parametrize("hostile", HANDED_IN, ids=lambda hostile: hostile.id)
def test_an_archive_of_the_hostile_suite_is_refused_and_leaves_nothing(hostile: suite.Hostile, tmp_path: Path) -> None:
    host: Any = SimpleNamespace(witness=tmp_path / "witness", bait=tmp_path)
    archive = hostile.build(tmp_path / "in", ROOT / "labs", host)

    with pytest.raises(BadInput, match="^[^\n]*$") as refused:
        opened(archive, "toy", tmp_path / "scratch")

    assert " ".join(hostile.words) in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_what_takes_too_long_is_refused_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LONGEST_S", 0.0)

    with pytest.raises(BadInput, match="too much memory or time"):
        opened(zipped(tmp_path / "answer", FILES), "toy", tmp_path / "scratch")

    assert [path.name for path in tmp_path.iterdir()] == ["answer"]


@pytest.mark.parametrize(("mode", "at"), [("w:bz2", 60), ("w:xz", 40), ("w:gz", -5), ("w", 150)])
def test_a_damaged_tar_is_refused_in_a_sentence(tmp_path: Path, mode: str, at: int) -> None:
    tar_of(tmp_path / "answer", mode, tarfile.PAX_FORMAT)
    data = bytearray((tmp_path / "answer").read_bytes())
    data[at] ^= 0xFF
    (tmp_path / "answer").write_bytes(data)

    with pytest.raises(BadInput, match="^[^\n]*is damaged, or not a zip or tar[^\n]*$"):
        opened(tmp_path / "answer", "toy", tmp_path / "scratch")


@pytest.mark.parametrize("data", [b"", b"PK\3\4 half of a zip", b"\x1f\x8b\x08 half of a tar", b"print('hello')\n"])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "answer").write_bytes(data)

    with pytest.raises(BadInput, match="damaged, or not a zip or tar"):
        opened(tmp_path / "answer", "toy", tmp_path / "scratch")


def test_a_zip_with_a_name_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "answer", "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("desk/oops.py", "1")
        archive.writestr("desk/oops.py", "2")

    with pytest.raises(BadInput, match="oops.py twice"):
        opened(tmp_path / "answer", "toy", tmp_path / "scratch")


def bundled(folder: Path, *refs: str) -> Path:
    """A git bundle of a repository with two branches, one of them with a link."""
    work = folder / "repository"
    (work / "work" / "toy").mkdir(parents=True)
    (work / "work" / "toy" / "lab.yaml").write_text("id: toy")
    git = ["git", "-C", str(work), "-c", "user.name=Ada", "-c", "user.email=ada@localhost"]
    commands = [["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Begin"]]
    commands += [["checkout", "-q", "-b", "odd"], ["commit", "-q", "--allow-empty", "-m", "Go on"]]
    for command in commands:
        subprocess.run([*git, *command], check=True)
    (link := work / "link").symlink_to("/etc/passwd")
    for command in [["add", "link"], ["commit", "-q", "-m", "Link"]]:
        subprocess.run([*git, *command], check=True)
    link.unlink()
    subprocess.run([*git, "checkout", "-q", "-f", "main"], check=True)
    subprocess.run([*git, "bundle", "create", "-q", str(folder / "answer.bundle"), *refs], check=True)
    return folder / "answer.bundle"


@pytest.mark.parametrize("refs", [["HEAD"], ["--all"], ["main"]], ids=lambda refs: refs[0])
def test_a_bundle_is_the_workspace_of_its_head(tmp_path: Path, refs: list[str]) -> None:
    folder = opened(bundled(tmp_path, *refs), "toy", tmp_path / "scratch")

    assert folder == tmp_path / "scratch" / "work" / "toy"
    assert [path.name for path in folder.iterdir()] == ["lab.yaml"]


def test_a_bundle_is_what_was_committed_whatever_its_attributes_say(tmp_path: Path) -> None:
    files = {".gitattributes": "* export-subst text eol=crlf ident\nhidden.py export-ignore\n"}
    files |= {"hidden.py": "1\n", "plain.py": "$Format:%H$ $Id$\n"}
    for name, text in files.items():
        (tmp_path / "repository" / "desk").mkdir(parents=True, exist_ok=True)
        (tmp_path / "repository" / "desk" / name).write_text(text)

    folder = opened(bundled(tmp_path, "HEAD"), "other", tmp_path / "scratch")

    assert {path.name: path.read_bytes().decode() for path in (folder / "desk").iterdir()} == files


@pytest.mark.parametrize(
    ("refs", "says"), [(["odd"], "link is not a plain file"), (["main", "odd"], "has no HEAD and 2 branches")]
)
def test_a_hostile_or_unclear_bundle_is_refused(tmp_path: Path, refs: list[str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        opened(bundled(tmp_path, *refs), "toy", tmp_path / "scratch")


def test_half_a_bundle_is_refused(tmp_path: Path) -> None:
    whole = bundled(tmp_path, "HEAD")
    whole.write_bytes(whole.read_bytes()[:-30])

    with pytest.raises(BadInput, match="is no whole bundle"):
        opened(whole, "toy", tmp_path / "scratch")
