"""The commands of `lab control`: names, options and help, as `grader.cli.practice_app` has them for a candidate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.groups import group

app = group("control", "Submissions whose verdict is known, for who writes a lab.")

LabId = Annotated[str, typer.Argument(metavar="ID", help="the lab")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="the control")]


@app.command()
def new(
    lab: LabId,
    name: Name,
    source: Annotated[Path, typer.Option("--from", metavar="DIR", help="an edited copy of the lab, or changed files")],
    story: Annotated[str, typer.Option(help="who would hand this in, and why it looks fixed")],
    base: Annotated[str, typer.Option(metavar="NAME", help="the control that it changes", show_default=False)] = "",
    kind: Annotated[str, typer.Option(help="default: fake with --fails, else alternative", show_default=False)] = "",
    fails: Annotated[str, typer.Option(metavar="OBJECTIVE", help="what a fake must fail on", show_default=False)] = "",
    also: Annotated[
        list[str], typer.Option(metavar="OBJECTIVE", help="what it may fail as well", show_default=False)
    ] = [],  # noqa: B006
) -> None:
    """Make a control of an edited folder: control.yaml, change.patch, new files."""
    from grader.cli import control

    control.new(lab, name, source, story=story, base=base, kind=kind, fails=fails, also=also)


@app.command()
def copy(
    lab: LabId,
    name: Name,
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="a folder that is not there yet")],
) -> None:
    """Write the lab as a control has it, to read or to edit."""
    from grader.cli import control

    control.copy(lab, name, into)
