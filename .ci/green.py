"""Which long parts of CI are due: `green.py due PART` exits 0 if one is, `green.py passed PART` notes that it ran well,
and `green.py all` exits 0 for the commits, one in ten, on which no test is left out.

A part is due when a byte changed, since its last green run, of its packages, of what these import, or of its tests;
otherwise at about every fourth commit. The record is green.json beside this file: who runs a part and commits the
record spares others the run.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).with_name("green.json")
EVERY = 4
ALL_EVERY = 10
PARTS = {
    "workshop": (("grader.classroom", "infra.k8s"), ("tests/grader/classroom", "tests/proof/test_workshop.py")),
}
"""Of each part its packages and its tests."""


def files(part: str) -> list[Path]:
    """All that a part depends on, in order."""
    packages, tests = PARTS[part]
    graph = grimp.build_graph("grader", "infra")
    modules = {name for name in graph.modules if name.startswith(packages)}
    for package in packages:
        modules |= graph.find_upstream_modules(package, as_package=True)
    found = {path for name in modules if (path := _file(name)).exists()}
    for test in tests:
        found |= {ROOT / test} if test.endswith(".py") else set((ROOT / test).rglob("*.py"))
    return sorted(found)


def digest(part: str) -> str:
    """Of names and bytes of what a part depends on."""
    sha = hashlib.sha256()
    for path in files(part):
        sha.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()[:16]


def _file(module: str) -> Path:
    base = ROOT.joinpath(*module.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


def record() -> dict[str, str]:
    """Digest of each part at its last green run."""
    return dict(json.loads(RECORD.read_text("utf-8"))) if RECORD.exists() else {}


def why(part: str, commit: str) -> str:
    """Why a part is due; empty if it is not."""
    if record().get(part) != digest(part):
        return "what it depends on changed since its last green run"
    return f"one commit in {EVERY} runs it anyway" if int(commit[:8] or "0", 16) % EVERY == 0 else ""


def all_due(root: Path = ROOT) -> bool:
    """Whether this commit is a tenth one of its branch; where the branch's length is not known, each is."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False).stdout.strip()

    count = git("rev-list", "--first-parent", "--count", "HEAD")
    return git("rev-parse", "--is-shallow-repository") != "false" or int(count or 0) % ALL_EVERY == 0


def main(action: str, part: str) -> int:
    """The exit code."""
    if action == "passed":
        RECORD.write_text(json.dumps({**record(), part: digest(part)}, indent=2, sort_keys=True) + "\n", "utf-8")
        return 0
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    reason = why(part, head.stdout.strip())
    print(f"{part}: {reason or 'nothing that it depends on changed, and this commit is not drawn: not run'}")
    return 0 if reason else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["all"]:
        sys.exit(0 if all_due() else 1)
    if len(sys.argv) != 3 or sys.argv[1] not in ("due", "passed") or sys.argv[2] not in PARTS:
        sys.exit(f"usage: green.py all, or due|passed {'|'.join(PARTS)}")
    sys.exit(main(*sys.argv[1:]))
