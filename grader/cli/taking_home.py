"""`lab export` and `lab pack`: a lab handed to a candidate, and what they hand in."""

from __future__ import annotations

from pathlib import Path

from grader.cli.console import next_step, note, say
from grader.course import catalog
from grader.course.files import shown
from grader.errors import BadInput


def export(lab_id: str, to: Path, candidate: str, key_file: Path | None) -> None:
    """Write a candidate's repository, and say what to do with it."""
    from grader.takehome import seeds
    from grader.takehome.export import export as write

    if bool(candidate) != bool(key_file):
        raise BadInput("--for and --key go together: the name of the candidate, and the file with your team's key")
    key = seeds.read_key(key_file) if key_file else b""
    written = write(lab_id, to, seeds.check_name(candidate) if candidate else "", key)
    say(f"{len(written)} files in {shown(to)}: the task, its system and its rehearsal, and nothing of the exam.")
    more = f" --for {candidate!r} --key {key_file}" if candidate else ""
    next_step(f"lab grade {lab_id}{more} --submission FILE", "judges what comes back: a zip, a tar or a folder")


def seed(lab_id: str, seed: int | None, candidate: str, key_file: Path | None) -> int | None:
    """The seed to grade with: the one asked for, the candidate's own, or none."""
    if not candidate and key_file is None:
        return seed
    from grader.proof.digests import lab_digest
    from grader.takehome import seeds

    if not candidate or key_file is None or seed is not None:
        raise BadInput("--for and --key go together, and without --seed: they say which exam is drawn")
    version = lab_digest(catalog.find_scenario(catalog.find_lab(lab_id)))
    return seeds.seed(seeds.read_key(key_file), seeds.check_name(candidate), lab_id, version)


def pack(lab_id: str, to: Path) -> None:
    """Write the zip that is handed in."""
    from grader.candidate.packing import pack as write

    count, changed = write(lab_id, to)
    if not changed:
        note(f"work/{lab_id} changes nothing: this is the lab as shipped")
    say(f"{shown(to)} has your {count} files; hand it in, or push your work.")
