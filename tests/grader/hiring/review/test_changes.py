"""What a page says was changed: every line of it text, none of it too much, and nothing left out unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course import catalog
from grader.course.files import MOST_ENTRIES, Folder
from grader.errors import BadInput
from grader.hiring.review.changes import MOST_LINES, Changes, compare
from grader.hiring.review.lines import NO_NEWLINE, Place, hunks, owners, places, split
from tests.grader.course import Course

ROUTING = "desk/routing.py"


def held(folder: Path) -> Changes:
    with Folder(folder, most=MOST_ENTRIES) as handed:
        return compare(catalog.find_lab("desk"), handed)


def handed_in(folder: Path, **files: bytes) -> Changes:
    """What `compare` says of a folder with these files, `__` for a slash and `_py` for a suffix."""
    for name, data in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return held(folder)


def test_a_changed_file_has_its_lines_and_its_function(desk: Course, tmp_path: Path) -> None:
    shipped = (desk.root / "labs/desk" / ROUTING).read_text()

    changes = handed_in(tmp_path / "in", desk__routing_py=shipped.replace("26 //", "27 //").encode())

    [file] = changes.files
    assert (file.path, file.what, file.added, file.removed, file.note) == (ROUTING, "changed", 1, 1, "")
    assert [line.text for line in file.lines if line.sign == "-"] == ["SHARE = 26 // len(TEAMS)"]
    assert [line.text for line in file.lines if line.sign == "+"] == ["SHARE = 27 // len(TEAMS)"]
    assert file.lines[0].sign == "@" and changes.aside == ()


def test_files_that_shipped_come_first(desk: Course, tmp_path: Path) -> None:
    changes = handed_in(tmp_path / "in", desk__aaa_py=b"1\n", desk__routing_py=b"2\n", desk__main_py=b"3\n")

    assert [file.path for file in changes.files] == ["desk/main.py", "desk/routing.py", "desk/aaa.py"]


def test_what_was_not_changed_is_not_shown(desk: Course, tmp_path: Path) -> None:
    routing, main = ((desk.root / "labs/desk" / name).read_bytes() for name in (ROUTING, "desk/main.py"))

    assert handed_in(tmp_path / "in", desk__routing_py=routing, desk__main_py=main) == Changes((), ())


def test_in_a_whole_copy_a_missing_file_was_removed(desk: Course, tmp_path: Path) -> None:
    lab_yaml = (desk.root / "labs/desk/lab.yaml").read_bytes()

    [file] = [one for one in handed_in(tmp_path / "in", **{"lab.yaml": lab_yaml}).files if one.path == ROUTING]

    assert file.what == "removed" and file.added == 0 < file.removed and file.places == ()


def test_what_lies_beside_the_open_files_is_named(desk: Course, tmp_path: Path) -> None:
    changes = handed_in(tmp_path / "in", **{"README.txt": b"hello", "compose.yaml": b"services: {}", ".env": b"x"})

    assert changes == Changes((), ("README.txt", "compose.yaml"))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"half \0 text"])
def test_a_binary_file_is_named_and_not_shown(desk: Course, tmp_path: Path, data: bytes) -> None:
    [file] = handed_in(tmp_path / "in", desk__blob=data).files

    assert (file.path, file.what, file.lines) == ("desk/blob", "added", ())
    assert file.note == f"binary: 0 bytes before, {len(data)} now"


def test_hostile_names_and_lines_are_plain_text(desk: Course, tmp_path: Path) -> None:
    name = "desk/\u202e::set-output name=a::b\x1b[31m.py"

    [file] = handed_in(tmp_path / "in", **{name: b"##vso[task.complete]\r\n\x1b]0;title\x07 \xe2\x80\xae\tx\n"}).files

    shown = file.path + "".join(line.text for line in file.lines)
    assert shown.isprintable() and "##vso[" not in shown and "::set" not in shown.replace("[U+202E]::set", "")
    assert "[U+202E]" in file.path and "[U+000D]" in shown


def test_a_name_that_is_no_text_is_shown(desk: Course, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "desk"
    folder.mkdir(parents=True)
    Path(bytes(folder).decode() + "/\udcff.py").write_text("x = 1\n")

    [file] = held(tmp_path / "in").files

    assert file.path == "desk/[U+DCFF].py"


def test_a_long_file_is_cut_and_says_so(desk: Course, tmp_path: Path) -> None:
    [file] = handed_in(tmp_path / "in", desk__long_py=b"".join(b"x = %d\n" % n for n in range(3000))).files

    assert file.added == 3000 and len(file.lines) == MOST_LINES
    assert file.note == f"{3000 - (MOST_LINES - 1):,} more lines not shown"


def test_many_files_are_cut_and_say_so(desk: Course, tmp_path: Path) -> None:
    line = b"&" * 250 + b"\n"

    changes = handed_in(tmp_path / "in", **{f"desk__many{n}_py": line * 300 for n in range(12)})

    shown = sum(len(text.text) * 5 for file in changes.files for text in file.lines)
    assert len(changes.files) == 12 and shown < 500_000
    assert all("not shown" in file.note for file in changes.files[2:])


def test_what_would_take_hours_to_compare_is_replaced_whole() -> None:
    old, new = (["a", "b"] * 90, ["b", "b", "a"] * 60)

    assert hunks(old, new, 1000) == ([[("replace", 0, 180, 0, 180)]], 0)
    assert hunks(old, new, 10**9)[1] > 1000


@pytest.mark.parametrize(
    ("what", "message"), [("link", "not a plain file"), ("crowd", "too many files"), ("giant", "larger than")]
)
def test_what_cannot_have_been_graded_is_refused(desk: Course, tmp_path: Path, what: str, message: str) -> None:
    folder = tmp_path / "in" / "desk"
    folder.mkdir(parents=True)
    if what == "link":
        (folder / "routing.py").symlink_to("/etc/hostname")
    elif what == "giant":
        (folder / "routing.py").write_bytes(b"#" * (2 << 20))
    for n in range(600 if what == "crowd" else 0):
        (folder / f"f{n}").touch()

    with pytest.raises(BadInput, match=message):
        held(tmp_path / "in")


def test_lines_belong_to_functions_by_their_indent() -> None:
    text = "import x\n\nclass Gate:\n    def opens(self):\n        return 1\n\n    limit = 3\n\n"
    text += "async def main():\n    pass\ny = 2\n"

    assert owners(split(text.encode()) or []) == [
        "", "", "Gate", "Gate.opens", "Gate.opens", "Gate.opens", "Gate", "Gate", "main", "main", "",
    ]  # fmt: skip


def test_a_line_that_only_went_counts_where_it_was() -> None:
    old = ["def a():", "    one()", "    two()", "def b():", "    three()"]
    new = [old[0], old[1], old[3], old[4]]
    [part], _ = hunks(old, new, 10**6)

    [place] = places([code for code in part if code[0] != "equal"], old, new)

    assert place == Place("a", 2, 2, 1)


def test_an_end_without_a_newline_is_a_difference() -> None:
    assert split(b"a\n") == ["a"] and split(b"a") == ["a", NO_NEWLINE] and split(b"") == []
