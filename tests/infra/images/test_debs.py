"""Programs out of Debian's packages: a real package, and an `apt-get` that has it or not."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.errors import RuntimeUnavailable
from infra.images import build, debs, programs, tags
from infra.images.debs import CannotBeHad, Deb, fill, read
from infra.images.lock_debs import renewed, shown
from infra.images.programs import Wanted
from infra.images.venvs import environment

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packages are made and unpacked by dpkg-deb")

APT = """#!/bin/sh
for last; do :; done
[ -f "$SHELF/$last" ] || { echo "E: Version for '$last' was not found" >&2; exit 100; }
cp "$SHELF/$last" ./fetched.deb
"""
TOOL = "#!/bin/sh\necho tool, version 2.3.1\n"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the `apt-get` on PATH has: packages by `NAME=VERSION`."""
    path = tmp_path / "shelf"
    for folder in (path, tmp_path / "programs", tmp_path / "env" / "bin"):
        folder.mkdir(parents=True)
    _write(tmp_path / "programs" / "apt-get", APT)
    monkeypatch.setenv("SHELF", str(path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:{os.environ['PATH']}")
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    return path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def _package(shelf: Path, version: str) -> Deb:
    """Put a package with two programs on the shelf; its line takes one of them."""
    tree = shelf.parent / f"tree-{version}"
    _write(tree / "usr/bin/tool", f"#!/bin/sh\necho {version}\n")
    _write(tree / "usr/bin/other", "#!/bin/sh\n")
    _write(
        tree / "DEBIAN/control",
        f"Package: tool\nVersion: {version}\nArchitecture: amd64\nMaintainer: a\nDescription: a\n",
    )
    made = shelf / f"tool={version}"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, made], check=True, capture_output=True)
    return Deb("tool", version, "amd64", hashlib.sha256(made.read_bytes()).hexdigest(), ("usr/bin/tool",))


def _says(program: Path) -> str:
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()


def test_a_line_is_read_as_it_is_written() -> None:
    deb = Deb("a", "1:2.0+ds-1", "arm64", "00", ("usr/bin/a", "usr/bin/b"))
    assert read(f"# a lock\n\n{deb}\n") == [deb]


@pytest.mark.parametrize("line", ["a 1 amd64 sha256:00", "a 1 amd64 00 usr/bin/a", "a 1"])
def test_what_is_no_line_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=line):
        read(line)


def test_named_files_are_taken_and_no_others(shelf: Path, tmp_path: Path) -> None:
    fill([_package(shelf, "2.3-1")], tmp_path / "env")
    assert _says(tmp_path / "env" / "bin" / "tool") == "2.3-1"
    assert [path.name for path in (tmp_path / "env" / "bin").iterdir()] == ["tool"]
    assert programs.versions(tmp_path / "env") == {"tool": "2.3-1"}


def test_the_first_version_that_apt_has_is_taken(shelf: Path, tmp_path: Path) -> None:
    lines = [_package(shelf, version) for version in ("3.0-1", "2.3-1", "2.0-1")]
    (shelf / "tool=3.0-1").unlink()
    fill(lines, tmp_path / "env")
    assert programs.versions(tmp_path / "env") == {"tool": "2.3-1"}


def test_another_package_of_that_version_is_refused(shelf: Path, tmp_path: Path) -> None:
    lines = [_package(shelf, version) for version in ("3.0-1", "2.3-1")]
    shutil.copy(shelf / "tool=2.3-1", shelf / "tool=3.0-1")
    with pytest.raises(CannotBeHad, match="tool 3.0-1 for amd64 is not the one that is locked"):
        fill(lines, tmp_path / "env")
    assert list((tmp_path / "env" / "bin").iterdir()) == []


def test_a_machine_without_a_line_is_named(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(CannotBeHad, match="no tool for riscv64"):
        fill([_package(shelf, "2.3-1")], tmp_path / "env")


def test_a_file_that_is_not_in_the_package_is_named(shelf: Path, tmp_path: Path) -> None:
    made = _package(shelf, "2.3-1")
    with pytest.raises(CannotBeHad, match="has no usr/bin/gone"):
        fill([Deb(made.name, made.version, made.architecture, made.sha256, ("usr/bin/gone",))], tmp_path / "env")


def test_it_is_a_script_of_its_own(shelf: Path, tmp_path: Path) -> None:
    """As the build of a container image runs it."""
    lock = tmp_path / "debs.txt"
    lock.write_text(f"{_package(shelf, '2.3-1')}\n")
    script = shutil.copy(str(debs.__file__), tmp_path / "alone.py")
    command = [sys.executable, "-I", script, str(lock), str(tmp_path / "env")]
    assert subprocess.run(command).returncode == 0
    (shelf / "tool=2.3-1").unlink()
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, "tool=2.3-1" in done.stderr) == (1, True)


@pytest.fixture
def images(shelf: Path, tmp_path: Path) -> Path:
    """A folder of images with one, `tools`, whose package is on the shelf."""
    folder = tmp_path / "images" / "tools"
    folder.mkdir(parents=True)
    (folder / "requirements.txt").write_text("# nothing\n")
    (folder / "debs.in").write_text("tool 2.3 usr/bin/tool\n")
    (folder / "debs.txt").write_text(f"{_package(shelf, '2.3-1')}\n")
    return folder.parent


def test_an_environment_has_them_and_follows_their_lock(images: Path, shelf: Path) -> None:
    before = environment("tools", images)
    assert _says(before / "bin" / "tool") == "2.3-1"
    (images / "tools" / "debs.txt").write_text(f"{_package(shelf, '2.4-1')}\n")
    after = environment("tools", images)
    assert (after != before, _says(after / "bin" / "tool")) == (True, "2.4-1")


def test_what_cannot_be_had_is_one_sentence_with_the_remedy(images: Path, shelf: Path) -> None:
    (shelf / "tool=2.3-1").unlink()
    with pytest.raises(RuntimeUnavailable, match="use containers .*, or put tool 2.3 or later on PATH$") as raised:
        environment("tools", images)
    assert "\n" not in str(raised.value)


def test_this_machines_own_will_do(images: Path, shelf: Path, tmp_path: Path) -> None:
    (shelf / "tool=2.3-1").unlink()
    _write(tmp_path / "programs" / "tool", TOOL)
    made = environment("tools", images)
    assert _says(made / "bin" / "tool") == "tool, version 2.3.1"
    assert programs.versions(made) == {"tool": "2.3.1"}


@pytest.mark.parametrize("text", [TOOL.replace("2.3.1", "2.2.9"), "#!/bin/sh\necho hello\n", "no program"])
def test_this_machines_own_will_not_do_if_too_old(images: Path, shelf: Path, tmp_path: Path, text: str) -> None:
    (shelf / "tool=2.3-1").unlink()
    _write(tmp_path / "programs" / "tool", text)
    with pytest.raises(RuntimeUnavailable, match="image tools"):
        environment("tools", images)


def test_an_environment_is_made_again_once_a_program_of_this_machine_is_gone(
    images: Path, shelf: Path, tmp_path: Path
) -> None:
    (shelf / "tool=2.3-1").rename(shelf / "aside")
    _write(tmp_path / "programs" / "tool", TOOL)
    environment("tools", images)
    (tmp_path / "programs" / "tool").unlink()
    (shelf / "aside").rename(shelf / "tool=2.3-1")
    assert programs.versions(environment("tools", images)) == {"tool": "2.3-1"}


SHOWN = """Package: tool
Version: 2.4-1
Architecture: amd64
Description: two
 lines: of it
SHA256: 24

Package: tool
Version: 2.3-1
Architecture: amd64
SHA256: 23

"""


def test_a_lock_has_what_apt_shows_and_keeps_other_releases() -> None:
    line = Wanted("tool", "2.0", ("usr/bin/tool",))
    before = read(
        "tool 2.3-1 amd64 sha256:old usr/bin/old\ntool 1.9-1 amd64 sha256:19 usr/bin/tool\ngone 1 amd64 sha256:1 a"
    )
    lines = [str(deb) for deb in renewed([line], shown(SHOWN, line), before)]
    assert lines == [
        "tool 2.4-1 amd64 sha256:24 usr/bin/tool",
        "tool 2.3-1 amd64 sha256:23 usr/bin/tool",
        "tool 1.9-1 amd64 sha256:19 usr/bin/tool",
    ]


def test_a_lock_and_what_is_wanted_name_the_same() -> None:
    for name in filter(tags.has_debs, tags.names()):
        lines = programs.wanted((tags.FOLDER / name / "debs.in").read_text())
        locked = read((tags.FOLDER / name / "debs.txt").read_text())
        for architecture in set(debs.ARCHITECTURES.values()):
            here = {deb.name: deb.files for deb in locked if deb.architecture == architecture}
            assert here == {line.package: line.files for line in lines}


def test_a_tag_follows_the_lock_of_programs_and_how_they_are_had(tmp_path: Path) -> None:
    shutil.copytree(tags.FOLDER / "prom", tmp_path / "prom")
    shutil.copytree(tags.FOLDER / "core", tmp_path / "core")
    for part in ("Dockerfile", *tags.DEBS):
        shutil.copy(tags.FOLDER / part, tmp_path)
    seen, others = [tags.tag("prom", "base", tmp_path)], tags.tag("core", "base", tmp_path)
    for part in ("prom/debs.txt", *tags.DEBS):
        with (tmp_path / part).open("a") as file:
            file.write("\n")
        seen.append(tags.tag("prom", "base", tmp_path))
    assert len(set(seen)) == 4
    assert tags.tag("core", "base", tmp_path) == others


def test_a_build_reads_the_locks_alone() -> None:
    with build.context("prom") as folder:
        assert {path.name for path in folder.iterdir()} == {"Dockerfile", "requirements.txt", "debs.txt", "debs.py"}
        assert (folder / "Dockerfile").read_text().count("USER 10001:10001") == 2
    with build.context("core") as folder:
        assert {path.name for path in folder.iterdir()} == {"Dockerfile", "requirements.txt"}
        assert (folder / "Dockerfile").read_bytes() == tags.DOCKERFILE.read_bytes()


def test_versions_are_plain_json(tmp_path: Path) -> None:
    debs.write_versions(tmp_path, {"tool": "1"})
    assert json.loads((tmp_path / debs.VERSIONS).read_text()) == {"tool": "1"}
    assert programs.versions(tmp_path / "none") == {}
