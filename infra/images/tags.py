"""Which shared images there are, and the tags that name their exact contents. Pure: no Docker, no network."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
DOCKERFILE = FOLDER / "Dockerfile"
DEBS = ("Dockerfile.debs", "debs.py")
"""What an image with a `debs.txt` is made with, beside the Dockerfile."""
DEFAULT_BASE = "python:3.11-slim"
FALLBACK_BASE = "brownout/base:debian"
USER = 10001
"""User and group id that every image's services run as."""


def names(folder: Path = FOLDER) -> tuple[str, ...]:
    """Short names of all shared images: the folders with a locked requirements.txt."""
    return tuple(sorted(lock.parent.name for lock in folder.glob("*/requirements.txt")))


def tag(name: str, base: str, folder: Path = FOLDER) -> str:
    """`brownout/<name>:<hash>`, the hash being that of the locks, the recipe and the base image's name.

    Raises:
        FileNotFoundError: there is no such image.
    """
    digest = hashlib.sha256()
    made_of = [folder / name / "requirements.txt", folder / "Dockerfile"]
    if has_debs(name, folder):
        made_of += [folder / name / "debs.txt", *(folder / part for part in DEBS)]
    for part in (*(path.read_bytes() for path in made_of), base.encode()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return f"brownout/{name}:{digest.hexdigest()[:16]}"


def has_debs(name: str, folder: Path = FOLDER) -> bool:
    """Whether an image has programs out of Debian's packages."""
    return (folder / name / "debs.txt").is_file()


def wanted_base() -> str:
    """The base image that was asked for: environment variable BASE_IMAGE, else the default."""
    return os.environ.get("BASE_IMAGE") or DEFAULT_BASE


def candidates(name: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """Tags under which an image that is up to date may be found, best first (the fallback base is the last)."""
    return tuple(dict.fromkeys(tag(name, base, folder) for base in (wanted_base(), FALLBACK_BASE)))
