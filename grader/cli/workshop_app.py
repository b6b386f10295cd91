"""The commands of `lab workshop`: names, options and help, as `grader.cli.app` has them for a candidate."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    name="workshop",
    help="A class on one shared cluster, for the teacher.",
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)

WorkshopId = Annotated[str, typer.Argument(metavar="ID", help="the workshop")]


@app.callback()
def workshop() -> None:
    """Keeps a lone command a command."""


@app.command()
def board(
    workshop_id: WorkshopId,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: the last one, or any")] = 0,
    only_print: Annotated[bool, typer.Option("--print", help="print the addresses, open nothing")] = False,
) -> None:
    """A live page of who is where, on this machine; Ctrl-C ends it."""
    from grader.cli import board as board_

    board_.board(workshop_id, port, only_print)
