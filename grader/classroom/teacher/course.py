"""What travels: the course with its exams to the examiner, and the course without them to the participants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from grader.course import catalog
from infra.k8s import bundle

TOP = "brownout"


def for_examiner(labs: Sequence[str]) -> bytes:
    """The course with the exams of these labs, as an archive.

    Raises:
        PlatformBroken: a file cannot be read, or all are too much for the cluster.
    """
    exams = ((f"scenarios/{lab}", catalog.root() / "scenarios" / lab) for lab in labs)
    engine = ((name, catalog.ENGINE / name) for name in ("grader", "infra"))
    return bundle.pack([*_labs(labs), *exams, *engine])


def for_participants(labs: Sequence[str]) -> bytes:
    """A checkout for participants, as an archive with one folder.

    Raises:
        PlatformBroken: a file cannot be read.
    """
    engine = ((name, catalog.ENGINE / name) for name in catalog.GIVEN if (catalog.ENGINE / name).exists())
    return bundle.pack((PurePosixPath(TOP) / name, path) for name, path in (*engine, *_labs(labs)))


def _labs(labs: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """The labs, and what labs share: folders beside them that are none."""
    top = catalog.root() / "labs"
    for path in sorted(top.iterdir()):
        if path.name in labs or _shared(path):
            yield f"labs/{path.name}", path


def _shared(path: Path) -> bool:
    hidden = path.name.startswith(".") or path.name in bundle.SKIPPED
    return path.is_dir() and not hidden and not (path / "lab.yaml").exists()
