"""The commands of `lab`: names, options and help. What they do is imported when they are called, so that `lab --help`
and `lab list` answer at once."""

from __future__ import annotations

from typer.models import CommandInfo

from grader.cli import authoring_app, classroom_app, control_app, hiring_app, practice_app, receipt_app, workshop_app
from grader.cli.groups import group

ORDER = (
    "list", "start", "brief", "status", "logs", "open", "live", "check", "grade", "twist", "batch", "hint", "join",
    "leave", "submit", "export", "pack", "debrief", "diff", "reset", "restart", "stop", "watch", "report", "judge",
    "convert", "review", "render", "diff-results", "verify", "play", "audit", "lint", "doctor", "plan", "new",
)  # fmt: skip
"""Of the commands in the help: from the first that a candidate needs to those of authors."""


def _place(command: CommandInfo) -> int:
    """Raises ValueError for a command that ORDER lacks."""
    return ORDER.index(command.name or getattr(command.callback, "__name__", ""))


app = group(
    "lab",
    "Brownout: break, fix and be judged on AI systems under real traffic. Begin with `lab list`.",
    pretty_exceptions_enable=False,
)
app.add_typer(workshop_app.app)
_PARTS = (practice_app.app, hiring_app.app, classroom_app.app, authoring_app.app)
app.registered_commands = sorted((one for part in _PARTS for one in part.registered_commands), key=_place)
app.add_typer(control_app.app)
app.add_typer(receipt_app.app)
