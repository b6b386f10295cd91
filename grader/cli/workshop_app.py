"""The commands of `lab workshop`: names, options and help, as `grader.cli.practice_app` has them for a candidate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.groups import group

app = group("workshop", "A class on one shared cluster, for the teacher. Begin with `lab workshop size FILE`.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="the workshop's YAML; see docs/workshop.md")]
WorkshopId = Annotated[str, typer.Argument(metavar="ID", help="the workshop")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="do not ask")]


@app.command()
def create(
    file: File,
    anyway: Annotated[bool, typer.Option("--anyway", help="also where `size` says that they do not fit")] = False,
) -> None:
    """Make a workshop, or go on making it: desks, systems, kits."""
    from grader.cli import workshop

    workshop.create(file, anyway)


@app.command()
def size(file: File) -> None:
    """Whether everybody fits into the cluster: exit 0 yes, 1 no."""
    from grader.cli import workshop

    workshop.size(file)


@app.command()
def status(workshop_id: WorkshopId) -> None:
    """Who is where, in a table."""
    from grader.cli import workshop

    workshop.status(workshop_id)


@app.command()
def resume(
    workshop_id: WorkshopId,
    hours: Annotated[
        float | None, typer.Option("--hours", min=0.2, help="it ends so many hours from now", show_default=False)
    ] = None,
) -> None:
    """Go on with a workshop on this machine: kits, hand-outs, what broke."""
    from grader.cli import workshop

    workshop.resume(workshop_id, hours)


@app.command()
def stop(
    workshop_id: WorkshopId,
    into: Annotated[
        Path | None,
        typer.Option(help="folder for what is exported; default: results/workshop-ID-TIME", show_default=False),
    ] = None,
    no_export: Annotated[bool, typer.Option("--no-export", help="keep nothing")] = False,
    keep_kinds: Annotated[bool, typer.Option("--keep-kinds", help="leave the kinds in the cluster")] = False,
    yes: Yes = False,
) -> None:
    """Export all work, verdicts and certificates, then remove everything."""
    from grader.cli import workshop

    workshop.stop(workshop_id, into, no_export=no_export, keep_kinds=keep_kinds, yes=yes)


@app.command()
def board(
    workshop_id: Annotated[str, typer.Argument(metavar="[ID]", show_default=False)] = "",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: the last one, or any")] = 0,
    only_print: Annotated[bool, typer.Option("--print", help="print the addresses, open nothing")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="of a workshop that is made up; needs no cluster")] = False,
) -> None:
    """A live page of who is where, on this machine; Ctrl-C ends it."""
    from grader.cli import board as board_

    board_.board(workshop_id, port, only_print, demo)
