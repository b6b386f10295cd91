"""Programs out of Debian's packages, for images whose folder has a `debs.txt`: `python debs.py DEBS.TXT ENVIRONMENT`.

A line of that lock is a package in one version for one architecture: its name, version, architecture, `sha256:` and the
digest of the package, and the files that are taken from it. A package may have several lines for an architecture, since
no two releases of Debian have the same version. The first that apt has here is taken. Nothing is installed, and root is
not needed: what is named is put into the environment's `bin`.

The build of a container image runs this file alone, so it imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
VERSIONS = "programs.json"
"""In an environment: version by package of what was put into it."""

_PREFIX = "sha256:"


class CannotBeHad(Exception):
    """The programs cannot be had from Debian's packages here; the message says why, without a remedy."""


@dataclass(frozen=True)
class Deb:
    """A line of a lock. `files` are paths in the package, without a slash before them."""

    name: str
    version: str
    architecture: str
    sha256: str
    files: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.version} {self.architecture} {_PREFIX}{self.sha256} {' '.join(self.files)}"


def read(text: str) -> list[Deb]:
    """The lines of a lock.

    Raises:
        ValueError: a line that is none; names it.
    """
    return [_deb(line) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _deb(line: str) -> Deb:
    match line.split():
        case [name, version, architecture, digest, *files] if files and digest.startswith(_PREFIX):
            return Deb(name, version, architecture, digest.removeprefix(_PREFIX), tuple(files))
    raise ValueError(f"not a line of debs.txt (package, version, architecture, sha256:digest, files): {line!r}")


def fill(debs: Iterable[Deb], environment: Path) -> None:
    """Put the programs of this machine's architecture into `environment/bin`, and their versions into `VERSIONS`.

    Raises:
        CannotBeHad: no line fits this machine, apt has none of the versions, or what came is not what was locked.
        OSError: the disk failed.
    """
    fitting: dict[str, list[Deb]] = {}
    machine = platform.machine()
    for deb in debs:
        lines = fitting.setdefault(deb.name, [])
        if deb.architecture in (ARCHITECTURES.get(machine), "all"):
            lines.append(deb)
    taken = {}
    for name, lines in fitting.items():
        if not lines:
            raise CannotBeHad(f"the lock has no {name} for {machine}")
        taken[name] = _fetch(lines, environment / "bin").version
    write_versions(environment, taken)


def write_versions(environment: Path, versions: Mapping[str, str]) -> None:
    """Keep what was put into an environment: version by package."""
    (environment / VERSIONS).write_text(json.dumps(versions))


def _fetch(lines: Iterable[Deb], into: Path) -> Deb:
    """The first of these that can be had, unpacked into the folder."""
    why = []
    for deb in lines:
        with tempfile.TemporaryDirectory(prefix="brownout-deb-") as scratch:
            said = _download(deb, Path(scratch))
            archive = next(Path(scratch).glob("*.deb"), None)
            if archive is None:
                why.append(f"{deb.name} {deb.version}: {said}")
                continue
            if hashlib.sha256(archive.read_bytes()).hexdigest() != deb.sha256:
                raise CannotBeHad(
                    f"apt's {deb.name} {deb.version} for {deb.architecture} is not the one that is locked"
                )
            _unpack(deb, archive, into)
            return deb
    raise CannotBeHad("; ".join(why))


def _download(deb: Deb, scratch: Path) -> str:
    """Fetch a package into the folder, or say in a line why not."""
    command = ["apt-get", "download", "--quiet=2", f"{deb.name}={deb.version}"]
    try:
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return "there is no apt-get here"
    told = [line for line in done.stderr.splitlines() if line.startswith("E:")] or ["apt-get does not have it"]
    return told[0].removeprefix("E:").strip()


def _unpack(deb: Deb, archive: Path, into: Path) -> None:
    """The files of a package that its line names, as programs in the folder."""
    try:
        with (
            subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as unpacking,
            tarfile.open(fileobj=unpacking.stdout, mode="r|") as tar,
        ):
            found = _copy(tar, deb.files, into)
    except (FileNotFoundError, tarfile.TarError) as error:
        raise CannotBeHad(f"{deb.name} {deb.version} cannot be unpacked: {error}") from error
    if missing := sorted(set(deb.files) - found):
        raise CannotBeHad(f"{deb.name} {deb.version} has no {', '.join(missing)}")


def _copy(tar: tarfile.TarFile, wanted: Iterable[str], into: Path) -> set[str]:
    found = set()
    for member in tar:
        name = member.name.removeprefix("./")
        if name in wanted and member.isfile() and (data := tar.extractfile(member)) is not None:
            program = into / PurePosixPath(name).name
            with program.open("wb") as file:
                while chunk := data.read(1 << 20):
                    file.write(chunk)
            program.chmod(0o755)
            found.add(name)
    return found


def main() -> int:
    """Exit code 0 when all programs are there, 1 when they cannot be had; says why."""
    lock, environment = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        fill(read(lock.read_text("utf-8")), environment)
    except (CannotBeHad, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
