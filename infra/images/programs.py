"""The programs of an image that pip does not have: out of Debian's packages, or else this machine's own.

Beside its lock (`debs`) such an image has a `debs.in`. A line of that is a package, the least version that will do
where its programs are not Debian's, and its files.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from infra.errors import RuntimeUnavailable
from infra.images import debs

_VERSION = re.compile(r"version v?(\d+(?:\.\d+)+)")
_SAID_WITHIN_S = 20.0


@dataclass(frozen=True)
class Wanted:
    """A line of debs.in: a package, the least version from elsewhere, its files as paths in the package."""

    package: str
    least: str
    files: tuple[str, ...]


def wanted(text: str) -> list[Wanted]:
    """The lines of a debs.in.

    Raises:
        ValueError: a line that is none; names it.
    """
    return [_wanted(line) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _wanted(line: str) -> Wanted:
    match line.split():
        case [package, least, *files] if files and re.fullmatch(r"\d+(\.\d+)*", least):
            return Wanted(package, least, tuple(files))
    raise ValueError(f"not a line of debs.in (package, least version, files): {line!r}")


def provide(image: Path, environment: Path) -> None:
    """Put the programs of an image's folder, if it has any, into an environment.

    Raises:
        RuntimeUnavailable: apt does not have what is locked, nor this machine what would do; says what to do.
        OSError: the disk failed.
    """
    lock = image / "debs.txt"
    if not lock.exists():
        return
    try:
        debs.fill(debs.read(lock.read_text("utf-8")), environment)
    except debs.CannotBeHad as error:
        lines = wanted((image / "debs.in").read_text("utf-8"))
        if not _link(lines, environment):
            needed = ", ".join(f"{line.package} {line.least}" for line in lines)
            raise RuntimeUnavailable(
                f"programs of image {image.name} cannot be had from Debian's packages here ({error}): use containers "
                f"(RUNTIME=compose), or put {needed} or later on PATH"
            ) from error


def versions(environment: Path) -> Mapping[str, str]:
    """Version by package of the programs that an environment was given; empty if it has none."""
    try:
        found: dict[str, str] = json.loads((environment / debs.VERSIONS).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


def gone(environment: Path) -> bool:
    """Whether a program of this machine's own, to which an environment has a link, is no longer there."""
    return any(path.is_symlink() and not path.exists() for path in (environment / "bin").glob("*"))


def _link(lines: Iterable[Wanted], environment: Path) -> bool:
    """Link to the programs on PATH, and keep their versions; False if one is missing or too old."""
    found, links = {}, {}
    for line in lines:
        for name in (PurePosixPath(file).name for file in line.files):
            # Debian says prometheus-alertmanager where its makers say alertmanager.
            path = shutil.which(name) or shutil.which(name.removeprefix("prometheus-"))
            version = _version(path) if path else ""
            if path is None or _numbers(version) < _numbers(line.least):
                return False
            links[name], found[line.package] = path, version
    for name, path in links.items():
        (environment / "bin" / name).unlink(missing_ok=True)
        (environment / "bin" / name).symlink_to(path)
    debs.write_versions(environment, found)
    return True


def _version(program: str) -> str:
    """What a program says its version is; empty if it does not."""
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=_SAID_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    said = _VERSION.search(done.stdout + done.stderr)
    return said[1] if said else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)
