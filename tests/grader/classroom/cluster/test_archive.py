"""A submission's archive: the open files and nothing else, the same bytes for the same files."""

from __future__ import annotations

import base64
import io
import os
import tarfile
from pathlib import Path, PurePosixPath

import pytest

from grader.classroom.cluster import archive
from grader.errors import BadInput
from grader.intake.submission import Submission


def submission(folder: Path, **contents: bytes) -> Submission:
    for name, content in contents.items():
        path = folder / f"code/{name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "code/sealed").write_text("beside")
    return Submission(folder, tuple(PurePosixPath(f"code/{name}") for name in contents))


def test_the_open_files_are_in_it(tmp_path: Path) -> None:
    packed = base64.b64decode(archive.pack(submission(tmp_path, b=b"\0\xff", a=b"text")))
    with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
        assert opened.getnames() == ["code/a", "code/b"]
        [a, b] = [opened.extractfile(name) for name in opened.getnames()]
        assert a is not None and b is not None and (a.read(), b.read()) == (b"text", b"\0\xff")


def test_the_same_files_are_the_same_text(tmp_path: Path) -> None:
    one = submission(tmp_path / "one", a=b"1", b=b"2")
    other = submission(tmp_path / "other", b=b"2", a=b"1")
    os.utime(other.path / "code/a", (1, 1))
    assert archive.pack(one) == archive.pack(other)


def test_a_byte_or_a_right_to_run_more_is_another(tmp_path: Path) -> None:
    one, more, runs = (submission(tmp_path / name, a=text) for name, text in (("x", b"1"), ("y", b"12"), ("z", b"1")))
    (runs.path / "code/a").chmod(0o755)
    assert len({archive.pack(each) for each in (one, more, runs)}) == 3


def test_too_much_is_refused_with_the_largest_file(tmp_path: Path) -> None:
    large = submission(tmp_path, small=b"1", large=os.urandom(700_000))
    with pytest.raises(BadInput, match="take 93. kB packed.* holds 900 kB .*code/large"):
        archive.pack(large)
