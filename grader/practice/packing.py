"""What a candidate hands in: their open files and the letter that came with the task, in one zip.

With lab.yaml beside them they are all that there is: what was deleted is not there as shipped again.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from grader.course import catalog
from grader.course.files import LETTER, shown
from grader.errors import BadInput
from grader.intake.submission import changes_nothing, stage
from grader.practice import workspace

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a zip can hold: the same files make the same zip."""


def pack(lab_id: str, to: Path) -> tuple[int, bool]:
    """Write the workspace's open files into a zip.

    Returns:
        How many files, and whether any differs from what shipped.

    Raises:
        BadInput: no workspace, a file that may not be handed in, or `to` cannot be written.
    """
    source, lab = workspace.require(lab_id), catalog.find_lab(lab_id)
    with tempfile.TemporaryDirectory(prefix="brownout-pack-") as scratch:
        submission = stage(lab, source, Path(scratch) / "files")
        paths = {str(path): submission.path / path for path in submission.files}
        paths["lab.yaml"] = lab.folder / "lab.yaml"
        if (letter := catalog.root() / LETTER).is_file():
            paths[LETTER] = letter
        try:
            with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
                for name in sorted(paths):
                    packed.writestr(zipfile.ZipInfo(name, EPOCH), paths[name].read_bytes(), zipfile.ZIP_DEFLATED)
        except OSError as error:
            raise BadInput(f"{shown(to)}: cannot be written ({error.strerror}); name another file with --to") from error
        return len(submission.files), not changes_nothing(lab, submission)
