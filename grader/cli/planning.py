"""`lab plan`."""

from __future__ import annotations

import sys

from grader.cli.console import next_step, say
from grader.course import catalog, plans
from grader.course.casebook import drawn
from grader.errors import BadInput


def plan(lab_id: str, seed: int | None, public: bool) -> None:
    """Print the plan of a seed, or the public one without; or write the public files of a lab."""
    lab = catalog.find_lab(lab_id)
    if not public:
        sys.stdout.write(plans.text(drawn(lab.folder, seed)))
        return
    if seed is not None:
        raise BadInput("--seed is for a plan that is printed; the public one has a seed of its own, in draw.py")
    for path, said in plans.public_files(lab.folder).items():
        old = path.read_text("utf-8") if path.is_file() else None
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text(said, "utf-8")
        except OSError as error:
            raise BadInput(f"{path}: cannot be written: {error.strerror}") from error
        say(f"{path.relative_to(catalog.root())}: {'as it was' if old == said else 'written'}")
    next_step(f"lab check {lab_id}", "tries it")
