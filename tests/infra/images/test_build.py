"""Tags and build commands of the shared images."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from infra.errors import RuntimeUnavailable
from infra.images import build, tags


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(tags.DOCKERFILE, tmp_path / "Dockerfile")
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "requirements.txt").write_text("a==1\n")
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_images_are_the_folders_with_a_lock(folder: Path) -> None:
    assert tags.names(folder) == ("core",)
    assert "core" in tags.names()


def test_a_tag_changes_with_lock_recipe_and_base(folder: Path) -> None:
    seen = {tags.tag("core", "one", folder), tags.tag("core", "two", folder)}
    (folder / "core" / "requirements.txt").write_text("a==2\n")
    seen.add(tags.tag("core", "one", folder))
    (folder / "Dockerfile").write_text("FROM scratch\n")
    seen.add(tags.tag("core", "one", folder))
    assert len(seen) == 4


def test_a_tag_is_the_same_every_time(folder: Path) -> None:
    assert tags.tag("core", "one", folder) == tags.tag("core", "one", folder)


def test_the_wanted_base_comes_before_the_fallback(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_IMAGE", "mine:1")
    assert tags.candidates("core", folder) == (
        tags.tag("core", "mine:1", folder),
        tags.tag("core", tags.FALLBACK_BASE, folder),
    )


def test_index_settings_are_passed_by_name_and_only_if_set() -> None:
    command = build.build_command(
        "core", "base", {"PIP_INDEX_URL": "secret-address", "PIP_TRUSTED_HOST": ""}, None, Path("x")
    )
    assert "PIP_INDEX_URL" in command and "PIP_TRUSTED_HOST" not in command
    assert not any("secret-address" in word for word in command)


def test_the_certificate_bundle_is_a_secret_of_the_build(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    assert f"id=ca,src={bundle}" in build.build_command("core", "base", {}, bundle, tmp_path)


def test_a_named_bundle_is_preferred_and_a_missing_one_passed_over(tmp_path: Path) -> None:
    named, system = tmp_path / "named", tmp_path / "system"
    system.touch()
    assert build.ca_bundle({"SSL_CERT_FILE": str(named)}, system) == system
    named.touch()
    assert build.ca_bundle({"SSL_CERT_FILE": str(named)}, system) == named
    assert build.ca_bundle({}, tmp_path / "none") is None


def test_an_unknown_image_is_refused_with_those_there_are() -> None:
    with pytest.raises(RuntimeUnavailable, match="core"):
        build.build(["nothing"])


def test_locks_name_no_registry() -> None:
    for name in tags.names():
        assert "://" not in (tags.FOLDER / name / "requirements.txt").read_text()


DOCKER = """#!/bin/sh
case "$1 $2" in
"image inspect") [ "$3" = bare ]; exit ;;
esac
name=${3#brownout/}; name=${name%:*}
echo "a step of $name"
touch "$MET/$name"
for _ in $(seq 200); do
    [ -f "$MET/core" ] && [ -f "$MET/sql" ] && break
    sleep 0.1
done
[ -f "$MET/core" ] && [ -f "$MET/sql" ] && [ "$name" != "$FAILS" ]
"""


@pytest.fixture
def two_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cores, and a `docker` whose builds of core and sql end well only if they run at once."""
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for name, value in (("PATH", f"{tmp_path}:{os.environ['PATH']}"), ("MET", str(tmp_path)), ("BASE_IMAGE", "bare")):
        monkeypatch.setenv(name, value)


def test_images_are_built_at_once_and_each_line_says_whose_it_is(two_cores, capfd: pytest.CaptureFixture[str]) -> None:
    assert build.build(["core", "sql"]) == [tags.tag("core", "bare"), tags.tag("sql", "bare")]
    said = capfd.readouterr().err.splitlines()
    assert {"core | a step of core", "sql | a step of sql"} <= set(said)


def test_a_build_that_fails_is_named(two_cores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILS", "sql")
    with pytest.raises(RuntimeUnavailable, match="build of brownout/sql failed"):
        build.build(["core", "sql"])
