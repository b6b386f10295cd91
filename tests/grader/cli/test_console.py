"""The small parts: tables, wrapping, logs that grow, hints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import console, reading
from grader.course.hints import hints
from grader.errors import BadInput
from grader.practice.live.logs import added


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the terminal's width; 80 at first."""

    def chosen(count: int) -> None:
        monkeypatch.setenv("COLUMNS", str(count))

    chosen(80)
    return chosen


@pytest.mark.parametrize(("columns_there", "used"), [(60, 60), (80, 80), (97, 97), (250, 100), (10, 40)])
def test_the_terminals_width_is_used_up_to_a_hundred_columns(
    columns: Callable[[int], None], columns_there: int, used: int, capsys: pytest.CaptureFixture[str]
) -> None:
    columns(columns_there)

    console.say("a " * 200)
    console.table(("lab", "what"), [("desk", "a " * 200)])
    console.rich_console().print("a " * 200)

    lines = capsys.readouterr().out.splitlines()
    assert console.width() == used
    assert used - 2 <= max(len(line.rstrip()) for line in lines) <= used


def test_a_block_of_commands_keeps_its_lines(
    columns: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    columns(60)
    block = f"lab start desk   # {'long ' * 20}\n\n  lab stop desk"

    reading.show(f"# Title\n\n{'words ' * 30}\n\n```\n{block}\n```\n\n- {'more ' * 30}")

    out = capsys.readouterr().out
    assert block in out
    assert max(len(line) for line in out.replace(block, "").splitlines()) <= 60


def test_text_wraps_under_its_own_indent() -> None:
    lines = console.fill("  - " + "word " * 40).splitlines()

    assert max(map(len, lines)) <= 80
    assert all(line.startswith("    word") for line in lines[1:])


def test_a_path_is_never_broken() -> None:
    path = "/very/long" * 12

    assert path in console.fill(f"see {path}").splitlines()


def test_the_last_column_wraps_under_itself(capsys: pytest.CaptureFixture[str]) -> None:
    console.table(("lab", "what"), [("desk", "words " * 30)])

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[2].startswith(" " * 6 + "words")


def test_text_of_others_cannot_command_the_terminal() -> None:
    assert console.plain("a\x1b[2Jb\nc\td\x07") == "a[2Jb\nc\td"


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        ("", "a\n", "a\n"),
        ("a\n", "a\nb\n", "b\n"),
        ("0\n1\n2\n", "1\n2\n3\n", "1\n2\n3\n"),
        ("x" * 500 + "end\n", "x" * 450 + "end\nmore\n", "more\n"),
        ("a\n", "other\n", "other\n"),
    ],
    ids=["first", "appended", "short and cut: all of it", "cut at the front", "replaced"],
)
def test_what_was_added_to_a_log(before: str, now: str, new: str) -> None:
    assert added(before, now) == new


def test_hints_begin_at_headings(tmp_path: Path) -> None:
    path = tmp_path / "hints.md"
    path.write_text("for assessors\n\n## One\n\nfirst\n\n### part\n\n## Two\n\nsecond\n")

    assert hints(path) == ["## One\n\nfirst\n\n### part", "## Two\n\nsecond"]


def test_a_file_without_hints_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hints.md"
    path.write_text("nothing here\n")

    with pytest.raises(BadInput, match="holds no hint"):
        hints(path)
