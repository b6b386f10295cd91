"""Submissions of strangers: whatever they hold, they end as a folder of plain open files or as one sentence."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.classroom.examiner.unpack import contents, unpack
from grader.course.catalog import find_lab
from grader.course.files import MAX_FILE
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.intake.submission import MAX_FILES, MAX_TOTAL
from tests.grader.classroom.small import packed
from tests.grader.course import Course


@pytest.fixture
def lab(desk: Course) -> Lab:
    return find_lab("desk")


def archive(*members: tarfile.TarInfo, data: bytes = b"") -> str:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for member in members:
            member.size = member.size or len(data)
            tar.addfile(member, io.BytesIO(data + bytes(member.size)))
    return base64.b64encode(made.getvalue()).decode()


def entry(name: str, kind: bytes = tarfile.REGTYPE, **fields: object) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    for field, value in fields.items():
        setattr(member, field, value)
    return member


def test_open_files_stand_in_for_the_shipped_ones(lab: Lab, tmp_path: Path) -> None:
    staged = unpack(lab, packed({"desk/main.py": b"mine", "desk/more/extra.py": b"new"}), tmp_path)
    assert (staged.path / "desk/main.py").read_bytes() == b"mine"
    assert (staged.path / "desk/more/extra.py").read_bytes() == b"new"


def test_a_file_that_was_deleted_is_missing_and_not_put_back(lab: Lab, tmp_path: Path) -> None:
    staged = unpack(lab, packed({"desk/other.py": b"instead"}), tmp_path)
    assert [str(path) for path in staged.files] == ["desk/other.py"]


BAD = {
    "not base64": ("$$$", "is not base64"),
    "no gzip": (base64.b64encode(b"hello").decode(), "bad gzip"),
    "no tar": (base64.b64encode(gzip.compress(b"hello" * 200)).decode(), "not a sound tar.gz"),
    "cut short": (base64.b64encode(base64.b64decode(packed({"desk/a": bytes(9000)}))[:-20]).decode(), "cut short"),
    "a bomb": (base64.b64encode(gzip.compress(bytes(64 << 20), 9)).decode(), f"more than {MAX_TOTAL >> 20} MiB"),
    "a link": (archive(entry("desk/link", tarfile.SYMTYPE, linkname="/etc/passwd")), "desk/link is a link"),
    "a hard link": (archive(entry("desk/link", tarfile.LNKTYPE, linkname="desk/main.py")), "is a link"),
    "a device": (archive(entry("desk/null", tarfile.CHRTYPE)), "not a regular file"),
    "a pipe": (archive(entry("desk/pipe", tarfile.FIFOTYPE)), "not a regular file"),
    "above": (archive(entry("desk/../../etc/passwd")), "outside the lab"),
    "absolute": (archive(entry("/etc/passwd")), "outside the lab"),
    "sealed": (archive(entry("compose.yaml")), "not among the files that may be edited"),
    "the description": (archive(entry("lab.yaml")), "not among the files that may be edited"),
    "twice": (archive(entry("desk/a"), entry("desk/a")), "twice"),
    "too large a file": (archive(entry("desk/a", size=MAX_FILE + 1)), "larger than 1024 KiB"),
    "too deep": (archive(entry("desk/" + "a/" * 20 + "b")), "too long a path"),
    "too long": (archive(entry("desk/" + "a" * 250)), "too long a path"),
    "too many": (archive(*(entry(f"desk/{n}") for n in range(MAX_FILES + 1))), f"more than {MAX_FILES} files"),
    "a file in a file": (archive(entry("desk/a"), entry("desk/a/b")), "cannot be unpacked"),
    "a name for terminals": (archive(entry("desk/\x1b[2J", tarfile.SYMTYPE, linkname="x")), "desk/\\x1b[2J is a link"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_examined_is_one_sentence(lab: Lab, tmp_path: Path, case: str) -> None:
    text, expected = BAD[case]
    with pytest.raises(BadInput) as caught:
        unpack(lab, text, tmp_path)
    assert expected in str(caught.value) and "\n" not in str(caught.value) and str(caught.value).isprintable()


def test_a_sparse_file_is_no_way_to_be_large(lab: Lab, tmp_path: Path) -> None:
    member = entry("desk/holes", tarfile.GNUTYPE_SPARSE)
    with pytest.raises(BadInput):
        unpack(lab, archive(member), tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_anywhere_is_a_sentence_or_harmless(lab: Lab, data: st.DataObject) -> None:
    """Bytes of a sound tar are spoilt; what is read is then either refused or small open files."""
    tar = bytearray(gzip.decompress(base64.b64decode(packed({"desk/main.py": b"x" * 600, "desk/b.py": b"y"}))))
    for _ in range(data.draw(st.integers(1, 8))):
        tar[data.draw(st.integers(0, 2600))] = data.draw(st.integers(0, 255))
    spoilt = base64.b64encode(gzip.compress(bytes(tar))).decode()
    try:
        found = list(contents(lab, spoilt))
    except BadInput:
        return
    assert all(path.parts[0] == "desk" and len(content) <= MAX_FILE for path, content, _ in found)
