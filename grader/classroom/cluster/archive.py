"""The open files of a submission as one text, the same for the same files."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile

from grader.classroom.cluster.model import MOST_ARCHIVE
from grader.course.files import shown
from grader.errors import BadInput
from grader.intake.submission import Submission


def pack(submission: Submission) -> str:
    """Base64 of a tar.gz of the open files, paths relative to the lab; times and owners are left out.

    Raises:
        BadInput: they are more than a submission to a workshop holds; names the largest.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(submission.files):
            content = (submission.path / path).read_bytes()
            entry = tarfile.TarInfo(str(path))
            entry.size = len(content)
            entry.mode = 0o755 if (submission.path / path).stat().st_mode & 0o100 else 0o644
            archive.addfile(entry, io.BytesIO(content))
    text = base64.b64encode(gzip.compress(packed.getvalue(), 9, mtime=0)).decode("ascii")
    if len(text) > MOST_ARCHIVE:
        largest = max(submission.files, key=lambda path: (submission.path / path).stat().st_size)
        raise BadInput(
            f"your files take {len(text) // 1000} kB packed, and a submission holds {MOST_ARCHIVE // 1000} kB "
            f"(the largest is {shown(largest)}): remove what the lab does not need"
        )
    return text
