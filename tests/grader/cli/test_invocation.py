"""Commands are printed as the user calls them, and a lab that is the only one need not be named."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer.main

from grader import invocation
from grader.cli.app import app
from grader.cli.meant import meant
from grader.course import catalog
from grader.course.catalog import ENGINE
from grader.errors import BadInput
from tests.grader.course import Course


@pytest.fixture
def as_called(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def call(name: str) -> None:
        monkeypatch.setenv(invocation.CALLED, name)
        invocation.name.cache_clear()

    yield call
    invocation.name.cache_clear()


def test_every_command_is_known() -> None:
    assert set(invocation.COMMANDS) == set(typer.main.get_group(app).commands)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Next: lab check canary  (tries it)", "Next: ./lab check canary  (tries it)"),
        ("`lab stop canary` first, or lab hint canary", "`./lab stop canary` first, or ./lab hint canary"),
        ("lab diff-results A B", "./lab diff-results A B"),
        ("the lab start was slow; labs/lab list; a lab report", "the lab start was slow; labs/lab list; a lab report"),
        (".venv/bin/lab list", ".venv/bin/lab list"),
        ("lab checks nothing", "lab checks nothing"),
    ],
)
def test_commands_are_told_as_they_are_called(as_called: Callable[[str], None], text: str, printed: str) -> None:
    as_called("./lab")
    assert invocation.pasteable(text) == printed
    as_called("lab")
    assert invocation.pasteable(text) == text


def test_who_called_it_otherwise_is_told_where_the_script_lies(
    as_called: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    as_called("")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.chdir(ENGINE)
    assert invocation.name() == "./lab"
    as_called("")
    monkeypatch.chdir(tmp_path)
    assert invocation.name() == str(ENGINE / "lab")
    as_called("")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/lab")
    assert invocation.name() == "lab"


def test_the_script_works_from_any_folder_and_says_what_to_paste(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != invocation.CALLED}
    found = []
    for folder, script in ((ENGINE, "./lab"), (tmp_path, str(ENGINE / "lab"))):
        done = subprocess.run([script, "list"], cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found.append(done.stdout.splitlines()[-1].split("Next: ")[-1].split(" start")[0])

    assert found == ["./lab", str(ENGINE / "lab")]


def test_the_only_lab_need_not_be_named(course: Course) -> None:
    with pytest.raises(BadInput, match="none was begun yet"):
        meant("")
    for name in ("desk", "other"):
        course.new(name)
        (course.root / "work" / name).mkdir(parents=True)
        if name == "desk":
            assert meant("") == "desk"
    with pytest.raises(BadInput, match="desk, other were begun"):
        meant("")
    assert meant("other") == "other"


def test_the_brief_is_shown_again(course: Course) -> None:
    course.new("desk")
    (course.root / "work" / "desk").mkdir(parents=True)

    done = course.lab("brief")

    assert done.returncode == 0, done.stderr
    assert "What you may edit:" in done.stdout and "work/desk/desk" in done.stdout


def test_details_are_a_page_of_their_own_and_part_of_the_contract(course: Course) -> None:
    lab = course.new("desk")
    none = course.lab("brief", "desk", "--details")
    (lab / "DETAILS.md").write_text("# Details\n\nA ticket has at most 80 letters.\n")

    done = course.lab("brief", "desk", "--details")

    assert "no details" in none.stdout and "80 letters" not in course.lab("brief", "desk").stdout
    assert done.returncode == 0 and "at most 80 letters" in done.stdout
    assert "at most 80 letters" in catalog.find_lab("desk").contract
