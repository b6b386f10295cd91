"""A change.patch fits exactly or is refused by file and hunk, and what `difference` says is what git understands."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.patch import File, Tree, applied, changed, difference
from grader.errors import BadInput

MAIN = PurePosixPath("app/main.py")
OTHER = PurePosixPath("app/other.py")
TEXT = "".join(f"line {n}\n" for n in range(1, 31)).encode()
OPEN = ("app",)
FITS = """--- a/app/main.py
+++ b/app/main.py
@@ -2,3 +2,3 @@
 line 2
-line 3
+LINE 3
 line 4
@@ -20,2 +20,3 @@
 line 20
+and a half
 line 21
"""


def files(**more: bytes) -> Tree:
    return {MAIN: File(TEXT, False), OTHER: File(b"other\n", True)} | {
        PurePosixPath(f"app/{name}"): File(data, False) for name, data in more.items()
    }


@pytest.fixture
def patched(tmp_path: Path) -> Callable[[str | bytes], Tree]:
    def apply(text: str | bytes) -> Tree:
        (tmp_path / "change.patch").write_bytes(text.encode() if isinstance(text, str) else text)
        return applied(tmp_path / "change.patch", files(dos=b"one\r\ntwo\r\n", bare=b"no end"))

    return apply


def refused(patched: Callable[[str], Tree], text: str) -> str:
    with pytest.raises(BadInput) as caught:
        patched(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_patch_that_fits_changes_its_lines_and_nothing_else(patched: Callable[[str], Tree]) -> None:
    result = patched(FITS)

    assert result[MAIN].data == TEXT.replace(b"line 3\n", b"LINE 3\n", 1).replace(b"20\n", b"20\nand a half\n")
    assert result[OTHER] == File(b"other\n", True)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (" line 2\n", " line two\n", ["app/main.py", "hunk 1", "line 2 is 'line 2\\n' and not 'line two\\n'"]),
        (" line 21\n", " line 22\n", ["app/main.py", "hunk 2", "line 21"]),
        ("@@ -20,2 +20,3", "@@ -19,2 +20,3", ["hunk 2", "line 19 is"]),
        ("@@ -20,2 +20,3", "@@ -31,2 +20,3", ["hunk 2", "the file has no line 31"]),
        ("@@ -20,2 +20,3", "@@ -2,2 +20,3", ["hunk 2", "before the end of the one above"]),
        ("@@ -2,3 +2,3", "@@ -2,9 +2,9", ["change.patch: line 8", "Hunk"]),
        ("@@ -20,2 +20,3", "@@ -20,1 +20,1", ["lines outside its hunks"]),
        ("@@ -2,3 +2,3", "@@ -2,2 +2,2", ["change.patch: line 8"]),
        ("main.py", "absent.py", ["app/absent.py", "no such open file"]),
        ("app/main.py", "../main.py", ["../main.py", "no such open file"]),
        ("app/main.py", "app/../app/main.py", ["no such open file"]),
        ("+++ b/app/main.py", "+++ b/app/moved.py", ["not a change of lines"]),
        ("--- a/", "--- ", ["not a change of lines"]),
    ],
)
def test_one_that_does_not_fit_is_refused_by_file_and_hunk(
    patched: Callable[[str], Tree], old: str, new: str, says: list[str]
) -> None:
    assert old in FITS
    message = refused(patched, FITS.replace(old, new))

    assert all(part in message for part in ["change.patch", *says])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no change"),
        ("just words\n", "holds no change"),
        ("--- /dev/null\n+++ b/app/new.py\n@@ -0,0 +1 @@\n+new\n", "give new files whole"),
        (FITS + FITS, "is changed twice"),
        ("A message.\n" + FITS, "lines outside its hunks"),
        (FITS + "a line too many\n", "lines outside its hunks"),
        (
            "diff --git a/app/main.py b/app/more.py\nsimilarity index 100%\n"
            "rename from app/main.py\nrename to app/more.py\n",
            "lines outside its hunks",
        ),
        ("diff --git a/app/main.py b/app/main.py\nold mode 100644\nnew mode 100755\n", "not a change of lines"),
        (
            "diff --git a/app/main.py b/app/main.py\nold mode 100644\nnew mode 100755\n" + FITS,
            "changes the mode",
        ),
        ("diff --git a/app/main.py b/app/main.py\nBinary files a/app/main.py and b/app/main.py differ\n", "outside"),
        ("--- a/app/other.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-another\n", "hunk 1"),
        ("--- a/app/main.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-line 1\n", "not all of its lines are"),
    ],
)
def test_what_a_patch_does_not_do_is_refused(patched: Callable[[str], Tree], text: str, says: str) -> None:
    assert says in refused(patched, text)


def test_a_file_is_removed_with_all_its_lines(patched: Callable[[str], Tree]) -> None:
    assert OTHER not in patched("--- a/app/other.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-other\n")


def test_ends_of_lines_and_of_files_stay_as_they_are(patched: Callable[[str | bytes], Tree]) -> None:
    dos = patched(b"--- a/app/dos\n+++ b/app/dos\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+TWO\r\n")
    assert dos[PurePosixPath("app/dos")].data == b"one\r\nTWO\r\n"
    with pytest.raises(BadInput, match="hunk 1"):
        patched(b"--- a/app/dos\n+++ b/app/dos\n@@ -1,2 +1,2 @@\n one\n-two\n+TWO\n")

    bare = "--- a/app/bare\n+++ b/app/bare\n@@ -1 +1 @@\n-no end\n\\ No newline at end of file\n+an end\n"
    assert patched(bare)[PurePosixPath("app/bare")].data == b"an end\n"
    with pytest.raises(BadInput, match="hunk 1"):
        patched(bare.replace("\\ No newline at end of file\n", ""))


LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"\xff", b"d\r", b"e\x0c", b"-- x", b"++ y", b""]), max_size=12)
BODIES = st.builds(lambda lines, end: b"\n".join(lines) + end, LINES, st.sampled_from([b"", b"\n"]))
TREES = st.dictionaries(st.sampled_from([MAIN, OTHER]), st.builds(File, BODIES, st.just(False)))


@given(TREES, TREES)
def test_any_change_comes_out_as_it_went_in(tmp_path_factory: pytest.TempPathFactory, base: Tree, wanted: Tree) -> None:
    folder = tmp_path_factory.mktemp("control")
    patch, whole = difference(base, wanted)
    if patch:
        (folder / "change.patch").write_bytes(patch.encode("utf-8", "surrogateescape"))
    for path, file in whole.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(file.data)

    assert changed(base, folder, OPEN) == wanted


def test_git_understands_what_is_written(tmp_path: Path) -> None:
    wanted = {MAIN: File(TEXT.replace(b"line 7\n", b"seven\n").removesuffix(b"\n"), False)}
    patch, whole = difference(files(), wanted)
    for path, file in files().items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(file.data)

    subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=tmp_path, check=True)

    assert not whole and not (tmp_path / OTHER).exists()
    assert (tmp_path / MAIN).read_bytes() == wanted[MAIN].data


def test_a_file_is_given_whole_where_that_is_clearer() -> None:
    base, rewritten = files(), File(b"".join(b"other %d\n" % n for n in range(20)), False)
    same_but_run = File(TEXT, True)

    assert difference(base, {**base, MAIN: rewritten}) == ("", {MAIN: rewritten})
    assert difference(base, {**base, MAIN: same_but_run}) == ("", {MAIN: same_but_run})
    assert difference(base, files(new=b"n"))[1] == {PurePosixPath("app/new"): File(b"n", False)}


def test_a_whole_file_must_be_open_and_not_in_the_patch_too(tmp_path: Path) -> None:
    (tmp_path / "change.patch").write_text(FITS)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("mine")
    with pytest.raises(BadInput, match="app/main.py is beside it as a whole file too"):
        changed(files(), tmp_path, OPEN)

    (tmp_path / "change.patch").unlink()
    (tmp_path / "sealed.py").write_text("mine")
    with pytest.raises(BadInput, match="sealed.py is not among the lab's open files"):
        changed(files(), tmp_path, OPEN)

    (tmp_path / "sealed.py").unlink()
    (tmp_path / "app" / "link.py").symlink_to("main.py")
    with pytest.raises(BadInput, match="link.py is a symbolic link"):
        changed(files(), tmp_path, OPEN)
