"""Locks the programs that images take out of Debian's packages: `python -m infra.images.lock_debs`.

For each package of a `debs.in`, the versions that this machine's sources have become lines of the `debs.txt` beside
it, for both architectures. Lines of other versions stay: another release of Debian may have them. A line that nobody
needs any more is removed by hand. Where there is no apt, locks stay as they are.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from infra.images import tags
from infra.images.debs import ARCHITECTURES, Deb, read
from infra.images.programs import Wanted, wanted

HEADER = "# Programs out of Debian's packages, a line a version and architecture. Locked by: make locks\n"


class Apt:
    """This machine's sources, read into a folder of our own: no root is needed, and nothing here changes."""

    def __init__(self, folder: Path) -> None:
        self._options = [
            "-o",
            f"Dir::State={folder}",
            "-o",
            f"Dir::Cache={folder}",
            "-o",
            "Dir::State::status=/dev/null",
        ]
        self._options += ["-o", "APT::Sandbox::User=root"]  # apt's own user may not write into our folder
        for name in sorted(set(ARCHITECTURES.values())):
            self._options += ["-o", f"APT::Architectures::={name}"]
        (folder / "lists" / "partial").mkdir(parents=True)
        self._say("apt-get", "update", "--quiet=2")

    def show(self, package: str, architecture: str) -> str:
        """What `apt-cache show` says of all versions of a package; empty if there is none."""
        return self._say("apt-cache", "show", f"{package}:{architecture}")

    def _say(self, *command: str) -> str:
        return subprocess.run([command[0], *self._options, *command[1:]], stdout=subprocess.PIPE, text=True).stdout


def shown(said: str, line: Wanted) -> Iterator[Deb]:
    """The versions that `apt-cache show` tells of, in its order: the newest first."""
    for part in said.split("\n\n"):
        fields = dict(row.split(": ", 1) for row in part.splitlines() if ": " in row and not row.startswith(" "))
        if fields.get("Package") == line.package and "SHA256" in fields:
            yield Deb(line.package, fields["Version"], fields["Architecture"], fields["SHA256"], line.files)


def renewed(wanted: Iterable[Wanted], found: Iterable[Deb], before: Iterable[Deb]) -> list[Deb]:
    """The lines of a lock: those found, then those that it had of the same packages, by package and architecture."""
    order = [line.package for line in wanted]
    lines: dict[tuple[str, str, str], Deb] = {}
    for deb in (*found, *before):
        lines.setdefault((deb.name, deb.version, deb.architecture), deb)
    kept = [deb for deb in lines.values() if deb.name in order]
    return sorted(kept, key=lambda deb: (order.index(deb.name), deb.architecture))


def lock(folder: Path, apt: Apt) -> None:
    """Renew the lock in an image's folder."""
    lines = wanted((folder / "debs.in").read_text("utf-8"))
    path = folder / "debs.txt"
    before = read(path.read_text("utf-8")) if path.exists() else []
    names = sorted(set(ARCHITECTURES.values()))
    found = [deb for line in lines for name in names for deb in shown(apt.show(line.package, name), line)]
    path.write_text(HEADER + "".join(f"{deb}\n" for deb in renewed(lines, found, before)), "utf-8")


def main() -> int:
    """Exit code 0."""
    folders = [path.parent for path in sorted(tags.FOLDER.glob("*/debs.in"))]
    with tempfile.TemporaryDirectory(prefix="brownout-apt-") as scratch:
        try:
            apt = Apt(Path(scratch))
        except FileNotFoundError:
            print("there is no apt here: every debs.txt stays as it is", file=sys.stderr)
            return 0
        for folder in folders:
            lock(folder, apt)
    return 0


if __name__ == "__main__":
    sys.exit(main())
