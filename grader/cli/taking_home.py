"""`lab export` and `lab pack`: a lab handed to a candidate, and what they hand in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.console import FAIL, next_step, note, say, stop_with
from grader.course import catalog
from grader.course.files import shown
from grader.errors import BadInput
from grader.intake import staging
from grader.result import named
from grader.safe import visible

if TYPE_CHECKING:
    from grader.course.spec import Scenario
    from grader.result import Result


LETTER = (
    "This is a small system that is broken. Please fix it, and stop after {minutes} minutes at most, whatever "
    "state it is in. Setting up is not part of the time. We do not measure it, and nobody gains by taking longer: "
    "we will talk about what you did, and about what is left. You may use any help, AI too. In the talk we ask "
    "you to explain your change and to change it live. If your machine is the trouble, or you need another form "
    "or more time, tell us. We do not ask why."
)
"""What the team sends with a task."""


def export(lab_id: str, to: Path, candidate: str, key_file: Path | None) -> None:
    """Write a candidate's repository, and say what to do with it."""
    from grader.hiring import seeds
    from grader.hiring.export import export as write

    if bool(candidate) != bool(key_file):
        raise BadInput("--for and --key go together: the name of the candidate, and the file with your team's key")
    key = seeds.read_key(key_file) if key_file else b""
    written = write(lab_id, to, seeds.check_name(candidate) if candidate else "", key)
    say(f"{len(written)} files in {shown(to)}: the task, its system and its rehearsal, and nothing of the exam.")
    say("Send these words with it:")
    print()
    say(f"  {LETTER.format(minutes=catalog.find_lab(lab_id).spec.minutes)}")
    print()
    more = f" --for {candidate!r} --key {key_file}" if candidate else ""
    command = f"lab grade {lab_id}{more} --runtime compose --strict --submission FILE"
    next_step(command, "judges what comes back: a zip, a tar or a folder")


@dataclass(frozen=True)
class Draw:
    """Which exam is drawn: a seed, or none for any; for whom, the commitment that their letter has, and the seed `of` a
    submission's digest, which is theirs."""

    seed: int | None = None
    candidate: str = ""
    commitment: str = ""
    of: Callable[[str], int] | None = None


def drawn(lab_id: str, seed: int | None, candidate: str, key_file: Path | None) -> Draw:
    """The exam that was asked for, or the candidate's own."""
    if not candidate and key_file is None:
        return Draw(seed)
    from grader.hiring import seeds

    if not candidate or key_file is None or seed is not None:
        raise BadInput("--for and --key go together, and without --seed: they say which exam is drawn")
    whose = seeds.read_key(key_file), seeds.check_name(candidate), lab_id, version(lab_id)
    return Draw(None, candidate, seeds.commitment(*whose), lambda submission: seeds.seed(*whose, submission))


def version(lab_id: str) -> str:
    """Digest of a lab and its exam as they are here."""
    from grader.proof.digests import lab_digest

    return lab_digest(catalog.find_scenario(catalog.find_lab(lab_id)))


def sign(scenario: Scenario, run_dir: Path, result: Result, key_file: Path, draw: Draw, submission: str) -> None:
    """Put a receipt into the run folder."""
    from grader.hiring import receipts
    from grader.proof.digests import lab_digest

    about = {"version": lab_digest(scenario), "submission": submission}
    whose = {"candidate": draw.candidate, "commitment": draw.commitment}
    note(f"signed: {receipts.write(run_dir, result, key_file, {**about, **whose})}")


def receipt_key(file: Path) -> None:
    """Make keys to sign with."""
    from grader.hiring.receipts import make_keys

    public = make_keys(file)
    say(f"{shown(file)} signs; keep it to yourselves. {shown(public)} verifies; give it to whoever asks.")
    next_step(f"lab grade ID --sign {file}", "writes a receipt into the run folder")


def receipt_verify(receipt: Path, public: Path, submission: Path | None) -> None:
    """Say what a receipt says once all is seen to be as it was signed; where it is not, name what, and exit 1."""
    from grader.hiring import receipts

    run = receipt if receipt.is_dir() else receipt.parent
    said = receipts.read(receipt / receipts.NAME if receipt.is_dir() else receipt, public)
    whole = receipt.is_dir() or any((run / name).exists() for name in said["files"])
    wrong = list(receipts.differences(said, run)) if whole else []
    if submission is not None and digest(said["lab"], submission) != said.get("submission"):
        wrong.append(f"{shown(submission)} is not what was graded")
    for sentence in wrong:
        note(f"lab: {sentence}")
    if wrong:
        note(f"lab: {shown(receipt)} does not hold; nothing of it counts")
        stop_with(FAIL)
    whose = f" for {visible(said['candidate'])}" if said.get("candidate") else ""
    verdict = named(said["verdict"], said.get("close") is True)
    say(f"Signed: {said['lab']} {verdict}{whose}, {said['graded_at']}, lab {said.get('version', 'unknown')}.")
    if not whole:
        note("only the receipt was checked: no file of its run lies beside it")


def digest(lab_id: str, source: Path) -> str:
    """Digest of a submission's open files, as a receipt has it."""
    from grader.intake.handed_in import opened
    from grader.intake.submission import stage
    from grader.proof.digests import digest_of

    with staging.folder() as folder, opened(source, lab_id, folder.with_name("in")) as handed:
        return digest_of(stage(catalog.find_lab(lab_id), handed, folder, strict=True))


def pack(lab_id: str, to: Path) -> None:
    """Write the zip that is handed in."""
    from grader.practice.packing import pack as write

    count, changed = write(lab_id, to)
    if not changed:
        note(f"work/{lab_id} changes nothing: this is the lab as shipped")
    say(f"{shown(to)} has your {count} files; hand it in, or push your work.")
