"""Documents that were kept with a run, as a page shows them: text, whatever is in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from grader.safe import visible

FOLDER = "exhibits"
MOST_LINE = 4_000
MOST_BYTES = 1 << 20
_NAME, _WHY = 60, 240


@dataclass(frozen=True)
class Kept:
    """What the exam noted of a document: the SHA-256 of its bytes, which is its file's name, or why there is none.
    `cut`: it was longer than was asked for."""

    name: str
    media: str
    digest: str = ""
    cut: bool = False
    error: str = ""


@dataclass(frozen=True)
class Exhibit:
    """A document as it is shown, not escaped yet. `file` is its page beside report.html, empty where there is none."""

    name: str
    trial: str
    digest: str
    text: str
    error: str
    cut: bool

    @property
    def file(self) -> str:
        return "" if self.error else f"{FOLDER}/{self.digest}.html"


def exhibits(run_dir: Path, trial: str) -> list[Exhibit]:
    """What was kept of a trial; none of what is damaged."""
    try:
        noted = json.loads((run_dir / FOLDER / f"{trial}.json").read_text("utf-8"))
        return [_exhibit(run_dir, trial, Kept(**each)) for each in noted]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def _exhibit(run_dir: Path, trial: str, kept: Kept) -> Exhibit:
    digest = kept.digest if len(kept.digest) == 64 and set(kept.digest) <= set("0123456789abcdef") else ""
    text, error = "", kept.error
    if not error:
        text, error = _text(run_dir / FOLDER / digest, digest)
    return Exhibit(visible(kept.name, _NAME), trial, digest, text, visible(error, _WHY), bool(kept.cut))


def _text(path: Path, digest: str) -> tuple[str, str]:
    """A document's text, and why there is none."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError:
        return "", "its file is missing"
    if hashlib.sha256(data).hexdigest() != digest:
        return "", "its file is not what was read when the trial ended"
    lines = data.decode("utf-8", "replace").split("\n")
    return "\n".join(visible(line.rstrip("\r"), MOST_LINE) for line in lines), ""
