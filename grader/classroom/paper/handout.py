"""The page that a participant gets with their kit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.classroom.desk import kit as kits
from grader.classroom.desk.kit import Kit
from grader.classroom.paper import pages
from grader.course.spec import Lab

MARKDOWN, HTML = "handout.md", "handout.html"
SETUP = "tar xzf course.tar.gz\ncd brownout\nmake setup\n. .venv/bin/activate"


def write(folder: Path, kit: Kit, name: str, labs: Sequence[Lab], server: str, ends: str) -> None:
    """Write `handout.md` and `handout.html` into a kit's folder, for its owner alone.

    Args:
        name: of the person.
        server: address of the API server, as participants reach it.
        ends: of the workshop.

    Raises:
        BadInput: the folder cannot be written.
    """
    values = {
        "title": f"Workshop {kit.workshop}",
        "kit": kit,
        "labs": labs,
        "server": server,
        "ends": pages.when(ends),
        "setup": SETUP,
        "commands": commands(labs[0].id),
        "systems": [(lab, record["namespace"]) for lab, record in kit.labs.items()],
    }
    kits.keep(folder / MARKDOWN, pages.markdown("handout", **values, name=pages.escaped(name)))
    kits.keep(folder / HTML, pages.html("handout", **values, name=name))


def commands(lab: str) -> list[tuple[str, str]]:
    """The five commands that a participant needs, and what each does."""
    return [
        ("lab join FOLDER", "once; FOLDER is the one with your file kubeconfig in it"),
        (f"lab start {lab}", f"opens your desk: the brief, the addresses, and the code to edit in work/{lab}/"),
        (f"lab hint {lab}", "the next hint, when you are stuck; your teacher sees how many you took"),
        (f"lab submit {lab}", "asks for a verdict; the queue is fair, and you may go on working"),
        (f"lab report {lab}", "the last verdict, with what users saw second by second"),
    ]
