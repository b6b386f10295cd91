"""The hostile submissions, as they are found: a file each in `submissions/<class>/`, which says of itself what it is.

A file begins with comments, `# key: value`:

    tries    in a sentence, what is attempted
    ends     `fail CODE...`, with all codes that a reason may have (`suspect` among them: or it is that);
             `refused WORDS`, words of the refusal; or `suspect`
    misses   the objective that has to be missed, if it must be a certain one
    lab      default desk
    at       where the file is put in the submission. Without it, it is put beside the code of the lab, as shipped,
             whose first import it becomes
    makes    yes: the file is ours; its `make(into, host)` makes what is handed in, and returns its path
    quick    yes: held with the slow tests, at each push
    silent   why nothing of it can be read in a log
    twice    yes: it is graded twice, since it looks for what it left
    once     yes: a run that proves nothing is not held again, for that is what it wants; nor does any sealed part end

What stands between at signs in them (`@CANARY@`, see `host.py`) is filled in: what somebody who knows this machine
would know. `attempts.py` is laid beside each.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.hostile.host import Host

HERE = Path(__file__).resolve().parent
SUBMISSIONS = HERE / "submissions"
KIT = HERE / "attempts.py"
TOY = "desk"
ENTRY = {
    TOY: "desk/main.py",
    "canary": "controller/main.py",
    "drift": "monitor/main.py",
    "hostile-input": "guard/main.py",
    "latency-spike": "api/main.py",
    "phased-rollout": "plan/plan.yaml",
    "rag-chaos": "api/main.py",
    "stale-pipeline": "pipeline/flow.py",
}
"""Of each lab that is attacked, the code that runs first."""

_KEYS = {"tries", "ends", "misses", "lab", "at", "makes", "quick", "silent", "twice", "once"}
_WORDS = (b"# tries: ", b"# quick: ")
_IMPORT = re.compile(r"^(?!from __future__)(?:import|from) ", re.MULTILINE)


@dataclass(frozen=True)
class Hostile:
    """One submission. `ends` is the first word of what must come of it, `words` the others."""

    file: Path
    tries: str
    ends: str
    words: tuple[str, ...]
    misses: str = ""
    lab: str = TOY
    at: str = ""
    makes: bool = False
    quick: bool = False
    silent: str = ""
    twice: bool = False
    once: bool = False

    @property
    def kind(self) -> str:
        """Its class."""
        return self.file.parent.name

    @property
    def id(self) -> str:
        return f"{self.kind}/{self.file.stem}"

    @property
    def digest(self) -> str:
        """Of the file, but for what says nothing of what is handed in and what comes of it."""
        lines = self.file.read_bytes().splitlines(keepends=True)
        return hashlib.sha256(b"".join(line for line in lines if not line.startswith(_WORDS))).hexdigest()[:16]

    def build(self, into: Path, labs: Path, host: Host) -> Path:
        """Make what is handed in, in a new folder; returns its path. `labs`: where the labs are."""
        into.mkdir(parents=True)
        if self.makes:
            return Path(_module(self.file).make(into, host))
        text, entry = host.filled(self.file.read_text("utf-8")), Path(ENTRY[self.lab])
        (into / entry).parent.mkdir(parents=True)
        if self.at:
            (into / self.at).parent.mkdir(parents=True, exist_ok=True)
            (into / self.at).write_text(text, "utf-8")
        else:
            (into / entry).with_name("attack.py").write_text(text, "utf-8")
            shipped = (labs / self.lab / entry).read_text("utf-8")
            code = _IMPORT.sub(lambda found: f"import attack\n{found[0]}", shipped, count=1)
            (into / entry).write_text(code, "utf-8")
        if entry.suffix == ".py":
            (into / entry).with_name("attempts.py").write_text(KIT.read_text("utf-8"), "utf-8")
        return into


def found() -> list[Hostile]:
    """All of them, class by class."""
    return [read(path) for path in sorted(SUBMISSIONS.glob("*/*")) if path.is_file()]


def read(path: Path) -> Hostile:
    """One of them; ValueError if what it says of itself is not understood."""
    lines = takewhile(lambda line: line.startswith("# "), path.read_text("utf-8").splitlines())
    said: dict[str, Any] = dict(line.removeprefix("# ").split(": ", 1) for line in lines)
    if not {"tries", "ends"} <= set(said) <= _KEYS:
        raise ValueError(f"{path}: begins with comments of the keys {', '.join(sorted(_KEYS))}; tries and ends for all")
    ends, *words = said.pop("ends").split()
    if ends not in ("fail", "refused", "suspect") or (ends == "suspect") == bool(words):
        raise ValueError(f"{path}: ends is `fail CODE...`, `refused WORDS` or `suspect`")
    switches = {key: said.pop(key) == "yes" for key in ("makes", "quick", "twice", "once") if key in said}
    return Hostile(path, ends=ends, words=tuple(words), **said, **switches)


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"hostile_{path.stem.replace('-', '_')}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
