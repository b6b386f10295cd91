"""Commands of who takes part in a workshop: names, options and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import OnlyLabId

app = typer.Typer()


@app.command()
def join(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="the kit that your teacher gave you")],
) -> None:
    """Take part in a workshop."""
    from grader.cli import joining

    joining.join(folder)


@app.command()
def leave() -> None:
    """Forget the workshop that you joined; your edits stay."""
    from grader.cli import joining

    joining.leave()


@app.command()
def submit(
    lab: OnlyLabId = "",
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="wait for the verdict")] = True,
    last: Annotated[bool, typer.Option("--last", help="go on waiting for the last one; submit nothing")] = False,
) -> None:
    """Ask the workshop for a verdict: exit 0 pass, 1 fail, 3 invalid."""
    from grader.cli import submitting

    submitting.submit(lab, wait, last)
