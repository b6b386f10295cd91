"""The commands of `lab receipt`: names, options and help, as `grader.cli.practice_app` has them for a candidate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.groups import group

app = group("receipt", "Signed receipts of gradings, for a team that hires.")


@app.command()
def key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the private key; FILE.pub is the public one")],
) -> None:
    """Make a pair of keys."""
    from grader.cli import taking_home

    taking_home.receipt_key(file)


@app.command()
def verify(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="receipt.json, or its run folder")],
    public: Annotated[Path, typer.Option(metavar="FILE", help="the team's public key")],
    submission: Annotated[
        Path | None, typer.Option(help="hold this against it: a folder, a zip or a tar", show_default=False)
    ] = None,
) -> None:
    """Whether a receipt is as it was signed, and what lies beside it too: exit 0 yes, 1 no."""
    from grader.cli import taking_home

    taking_home.receipt_verify(receipt, public, submission)
