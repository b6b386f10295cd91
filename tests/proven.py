"""What the tests of every day leave out: costly test files of which nothing changed since they passed.

A line of the record (proven.txt, committed) is a digest and the test file that passed at it. The digest covers the test
file, the helpers that it imports and the modules of ours that both import or name, with what lies beside them; and the
cast, if it speaks of that. A file that also reads our labs, pages or folders hangs on what no import tells, and is
never left out. Nor is a cheap one. A digest that misses something hides it for a day: CI runs all tests, whatever the
record says.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
RECORD = Path(__file__).with_name("proven.txt")
PACKAGES = ("grader", "infra", "benchmarks")
AS_PACKAGES = {"grader.cli"}
"""Modules that import others by names that are worked out."""
TESTS = ROOT / "tests"
CAST = ROOT / "labs" / "cast"
APART = ("tests/labs/", "tests/hostile/", "tests/proof/")
"""Tests that follow ledgers of their own, or are run by name."""
SETTINGS = tuple(ROOT / name for name in ("pyproject.toml", "requirements-dev.txt", "tests/conftest.py"))
COSTLY_S = 2.0
SAMPLE = 3
"""Without any record, one test in so many runs."""

_READS_CAST = re.compile(r'(REPOSITORY / "labs" / )?"cast"|labs/cast|casebook')
_READS_MORE = re.compile(r"REPOSITORY\s*/|own\.ROOT|catalog\.(root|lab_ids|ENGINE)|parents\[")


def read(record: Path = RECORD) -> dict[str, set[str]]:
    """Digests at which each test file passed; after a merge there may be more than one."""
    found: dict[str, set[str]] = {}
    for line in record.read_text("utf-8").splitlines() if record.exists() else ():
        digest, _, name = line.partition(" ")
        found.setdefault(name, set()).add(digest)
    return found


def write(passed: Mapping[str, float], failed: Iterable[str], since: float, record: Path = RECORD) -> None:
    """Note test files that passed whole, with the seconds that each took, and strike those that did not; a file that
    was edited since the tests began is left as it was."""
    held, tree = read(record), Tree()
    for name in failed:
        held.pop(name, None)
    for name, seconds in passed.items():
        if (seconds >= COSTLY_S or name in held) and not tree.reads_more(name) and tree.edited(name) < since:
            held[name] = {tree.digest(name)}
    lines = sorted(f"{digest} {name}" for name, digests in held.items() if (ROOT / name).exists() for digest in digests)
    text = "".join(f"{line}\n" for line in sorted(lines, key=lambda line: line.partition(" ")[2]))
    if lines or record.exists():
        record.write_text(text, "utf-8")


def unchanged(record: Path = RECORD) -> frozenset[str]:
    """Test files that passed as they are."""
    tree = Tree()
    held = read(record).items()
    return frozenset(
        name
        for name, digests in held
        if (ROOT / name).exists() and not tree.reads_more(name) and tree.digest(name) in digests
    )


def drawn(node_id: str, commit: str) -> bool:
    """Whether a test is in the sample of a checkout that has no record."""
    return zlib.crc32(f"{commit} {node_id}".encode()) % SAMPLE == 0


class Tree:
    """The checkout as it is now: what each test file hangs on."""

    @cached_property
    def graph(self) -> grimp.ImportGraph:
        return grimp.build_graph(*PACKAGES)

    def reads_more(self, name: str) -> bool:
        """Whether a test file reads what no import tells: it walks the checkout, or names a lab of ours."""
        if any(_READS_MORE.search(_READS_CAST.sub("", text)) for text in self._told(name)):
            return True
        text = "".join(path.read_text("utf-8") for path in self._tests(ROOT / name))
        return any(f'"{lab}"' in text for lab in self._labs)

    def _told(self, name: str) -> list[str]:
        """The texts of a test file and of those from which it imports."""
        return [path.read_text("utf-8") for path in self._tests(ROOT / name) if path.name.startswith("test_")]

    @cached_property
    def _labs(self) -> list[str]:
        return [path.name for path in (ROOT / "labs").iterdir() if path != CAST]

    @cached_property
    def _cast(self) -> list[Path]:
        return [path for path in CAST.rglob("*") if path.is_file() and "__pycache__" not in path.parts]

    def digest(self, name: str) -> str:
        """Of names and bytes of all that a test file hangs on."""
        sha = hashlib.sha256()
        for path in self.files(name):
            sha.update(f"{path.relative_to(ROOT)}\0".encode() + _sum(path))
        return sha.hexdigest()[:16]

    def edited(self, name: str) -> float:
        """When the youngest of these files was written, in seconds since the epoch."""
        return max(path.stat().st_mtime for path in self.files(name))

    def files(self, name: str) -> list[Path]:
        """Them, in order."""
        tests = self._tests(ROOT / name)
        words = {word for path in tests for word in _words(path)}
        modules = {"grader", "infra"} | {module for word in words if (module := self._module(word))}
        for module in list(modules):
            modules |= self.graph.find_upstream_modules(module, as_package=module in AS_PACKAGES)
            modules |= self.graph.find_descendants(module) if module in AS_PACKAGES else set()
        if "infra.runtime" in modules:  # finds runtimes by their folders
            modules |= {"infra.runtime"} | self.graph.find_descendants("infra")
        modules |= {above for module in modules for above in _above(module)}
        beside = {path for module in modules for path in self._beside.get(module, ())}
        shared = self._cast if any(map(_READS_CAST.search, self._told(name))) else ()
        return sorted({*tests, *SETTINGS, *beside, *shared})

    def _tests(self, path: Path) -> set[Path]:
        """A test file, the conftest.py files above it, and the helpers that they import. The topmost conftest.py leads
        to all of `lab`: what has none of its fixtures does not hang on it."""
        above = [folder / "conftest.py" for folder in path.parents if TESTS in folder.parents]
        found, new = set[Path](), {path, *(one for one in above if one.exists())}
        while new:
            found |= new
            words = {word for one in new for word in _words(one)}
            if words & {"course", "desk"}:
                words.add("tests.conftest")
            new = {helper for word in words if (helper := _helper(word))} - found
        return found

    def _module(self, word: str) -> str | None:
        """The module of ours that a dotted name is, or is in."""
        parts = word.split(".")
        if parts[0] not in PACKAGES:
            return None
        names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((name for name in names if name in self.graph.modules), None)

    @cached_property
    def _beside(self) -> dict[str, list[Path]]:
        """Of each module its file; of a package all that lies in its folder and is no module."""
        found: dict[str, list[Path]] = {}
        for path in (path for top in PACKAGES for path in (ROOT / top).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                parts = path.relative_to(ROOT).with_suffix("").parts
                module = self._module(".".join(parts[:-1] if parts[-1] in ("__init__", "__main__") else parts))
                found.setdefault(module or parts[0], []).append(path)
        return found


@cache
def _words(path: Path) -> frozenset[str]:
    """The dotted names in a file, in text too: a test may start a module by its name, or pass code that imports it."""
    text = path.read_text("utf-8")
    found = set(re.findall(r"[A-Za-z_][\w.]*", text))
    for module, names in re.findall(r"from ([\w.]+) import (\([^)]*\)|[\w, ]+)", text):
        found |= {f"{module}.{name}" for name in re.findall(r"\w+", names)}
    return frozenset(found)


def _above(module: str) -> list[str]:
    """The packages that a module is in, which are imported with it."""
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _helper(word: str) -> Path | None:
    """The file of `tests` that a dotted name is, or is in."""
    parts = word.split(".")
    paths = (ROOT.joinpath(*parts[:count]).with_suffix(".py") for count in range(len(parts), 1, -1))
    return next((path for path in paths if path.exists()), None) if parts[0] == "tests" else None


@cache
def _sum(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
