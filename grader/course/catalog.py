"""Which labs there are. A lab is found because its folder is there: nothing to register.

Nothing heavy is imported before it is needed: `lab list` and shell completion must answer at once.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import BadInput

if TYPE_CHECKING:
    from grader.course.spec import Lab, Scenario

DRAFT = "draft.md"
"""In the folder of a lab whose exam is not proven yet: says what is missing. Who has seen it all removes the file."""

ENGINE = Path(__file__).resolve().parents[2]

GIVEN = (
    "lab",
    "Makefile",
    "README.md",
    "LICENSE",
    "pyproject.toml",
    "requirements.txt",
    "requirements-setup.txt",
    "docs/cli.md",
    "grader",
    "infra",
)
"""Of the engine, what a participant needs to set up and join. Named one by one: a teacher's folder also holds exams,
their controls and measurements, and lists of people."""


@dataclass(frozen=True)
class Entry:
    """One line of the list. `runtimes` are those that do not refuse the lab; `problem` says why it cannot be read; a
    `draft` is a lab whose exam is not proven yet; `minutes` is the time box, 0 of what cannot be read."""

    id: str
    title: str
    question: str
    runtimes: tuple[str, ...]
    problem: str = ""
    draft: bool = False
    level: str = ""
    minutes: int = 0


def root() -> Path:
    """The folder that holds labs/ and scenarios/: BROWNOUT_COURSE, or the repository of this engine.

    Raises:
        BadInput: it has no labs/.
    """
    home = os.environ.get("BROWNOUT_COURSE")
    folder = Path(home).resolve() if home else ENGINE
    if not (folder / "labs").is_dir():
        raise BadInput(f"{folder} has no folder labs/; set BROWNOUT_COURSE to one that has, or unset it")
    return folder


def lab_ids() -> list[str]:
    """Ids of all labs, in order."""
    return sorted(path.parent.name for path in (root() / "labs").glob("*/lab.yaml"))


def catalogue() -> list[dict[str, str]]:
    """The labs of the course in its order, also those that are only planned: `id`, `pack`, `question` of each. Nothing
    where there is no labs/catalogue.yaml, as in a candidate's checkout. `benchmarks/catalogue.py` checks the file."""
    path = root() / "labs" / "catalogue.yaml"
    if not path.is_file():
        return []
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(path.read_bytes(), loader) or []
    return [{"id": "", "pack": "", "question": "", **row} for row in rows if isinstance(row, dict)]


def is_draft(lab_id: str) -> bool:
    """Whether the exam of a lab is not proven yet."""
    return (root() / "labs" / lab_id / DRAFT).is_file()


def lab_folder(lab_id: str) -> Path:
    """The folder of a lab.

    Raises:
        BadInput: there is no such lab; suggests the nearest names.
    """
    known = lab_ids()
    if lab_id in known:
        return root() / "labs" / lab_id
    if any(row["id"] == lab_id for row in catalogue()):
        raise BadInput(f"lab {lab_id} is planned and not here yet; `lab list` shows those that are")
    raise BadInput(f"there is no lab {lab_id!r}; {suggestion(lab_id, known)}")


def suggestion(name: str, known: Sequence[str]) -> str:
    """What to say of a name that is not known: the nearest that are, or all."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(known) or 'none yet'}"


def find_lab(lab_id: str) -> Lab:
    """A lab, read and checked.

    Raises:
        BadInput: there is no such lab, or its description is malformed.
    """
    from grader.course.spec import Lab

    return Lab(lab_folder(lab_id))


def has_exam(lab_id: str) -> bool:
    """Whether the exam of a lab is here; in a candidate's or a participant's checkout it may not be."""
    return (root() / "scenarios" / lab_id).is_dir()


def find_scenario(lab: Lab) -> Scenario:
    """The exam of a lab.

    Raises:
        BadInput: it has none here, or it is malformed.
    """
    from grader.course.spec import Scenario

    folder = root() / "scenarios" / lab.id
    if not folder.is_dir():
        raise BadInput(f"lab {lab.id} has no exam here; {folder} does not exist")
    return Scenario(folder, lab)


def rehearsal(lab: Lab) -> Scenario:
    """The short public scenario that comes with a lab.

    Raises:
        BadInput: it has none, or it is malformed.
    """
    from grader.course.spec import Scenario

    folder = lab.folder / "rehearsal"
    if not folder.is_dir():
        raise BadInput(f"lab {lab.id} has no rehearsal; {folder} does not exist")
    return Scenario(folder, lab)


def entries() -> list[Entry]:
    """The list of labs. What was read is kept in .brownout/catalog.json until a file of the lab or of infra
    changes, or one that compose.yaml may extend."""
    cache = root() / ".brownout" / "catalog.json"
    kept = _read_cache(cache)
    cast = root() / "labs" / "cast"
    extended = sorted([*cast.glob("*/compose.yaml"), *cast.glob("lib/*/compose.yaml")])
    shared = [len(fields(Entry)), _newest(ENGINE / "infra"), *map(_stamp, extended)]
    result, fresh = [], {}
    for lab_id in lab_ids():
        folder = root() / "labs" / lab_id
        key = [*shared, *(_stamp(folder / name) for name in ("lab.yaml", "compose.yaml", DRAFT))]
        record = kept.get(lab_id)
        if not record or record["key"] != key:
            record = {"key": key, "entry": asdict(_read_entry(lab_id))}
        fresh[lab_id] = record
        result.append(_entry(record["entry"]))
    if fresh != kept:
        _write_cache(cache, fresh)
    return result


def _entry(data: dict[str, Any]) -> Entry:
    return Entry(**{**data, "runtimes": tuple(data["runtimes"])})


def _read_entry(lab_id: str) -> Entry:
    from infra.errors import SystemInvalid
    from infra.runtime import runtimes
    from infra.system import load_system

    try:
        lab = find_lab(lab_id)
        system = load_system(lab.folder / "compose.yaml", lab.spec.open)
    except (BadInput, SystemInvalid) as error:
        return Entry(lab_id, "(cannot be read)", "", (), str(error), is_draft(lab_id))
    fit = tuple(name for name, place in sorted(runtimes().items()) if place.refusal(system) is None)
    spec = lab.spec
    return Entry(lab_id, spec.title, spec.question, fit, draft=is_draft(lab_id), level=spec.level, minutes=spec.minutes)


def _stamp(path: Path) -> list[int]:
    try:
        status = path.stat()
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size]


def _newest(folder: Path) -> int:
    return max((path.stat().st_mtime_ns for path in folder.glob("**/*.py")), default=0)


def _read_cache(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    good = isinstance(data, dict) and all(isinstance(r, dict) and {"key", "entry"} <= set(r) for r in data.values())
    return data if good else {}


def _write_cache(path: Path, data: dict[str, Any]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):  # a read-only folder costs time, not the answer
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(data), "utf-8")
        temporary.replace(path)
