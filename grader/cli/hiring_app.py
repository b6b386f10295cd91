"""Commands of who hires, and of CI: names, options and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import Close, CloseCall, Json, LabId, Place, Seed, matching

app = typer.Typer()


@app.command()
def twist(
    lab: LabId,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="default: one is drawn", show_default=False)] = "",
    list_: Annotated[bool, typer.Option("--list", help="show the lab's twists, start none")] = False,
    notes: Annotated[bool, typer.Option("--notes", help="for your eyes only: what good answers name")] = False,
    submission: Annotated[
        Path | None,
        typer.Option(help="a folder, a repository, a zip or a tar; default: the workspace", show_default=False),
    ] = None,
    runtime: Place = "",
    seed: Seed = None,
    out: Annotated[Path | None, typer.Option(help="default: results/ID/twist-NAME-RUN", show_default=False)] = None,
    strict: Annotated[bool, typer.Option("--strict", help="of a stranger's code; not on process")] = False,
    json: Json = False,
) -> None:
    """Change the world in the interview, live: exit as `grade`."""
    from grader.cli import twisting

    if list_:
        twisting.list_(lab)
    elif notes:
        twisting.notes(lab, name)
    else:
        twisting.twist(lab, name, twisting.How(submission, out, runtime, seed, strict, json))


@app.command()
def batch(
    source: Annotated[Path, typer.Argument(metavar="FOLDER|CSV", help="submissions, or a list of them")],
    lab: Annotated[
        str, typer.Option("--lab", metavar="ID", help="the lab of a folder's submissions", autocompletion=matching)
    ] = "",
    runtime: Place = "",
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="draw each candidate's own exam", show_default=False)
    ] = None,
    sign: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write receipts with this key", show_default=False)
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="default: batch-NAME beside SOURCE", show_default=False)
    ] = None,
    at_once: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=64, help="default: what there is room for", show_default=False)
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="go on where a batch ended")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="of strangers' code; not on process")] = False,
    close: Close = CloseCall.DECIDE,
) -> None:
    """Grade many submissions: exit 3 if one is invalid."""
    from grader.cli import batching

    how = batching.How(runtime, key, sign, strict, close.word)
    batching.batch(source, lab, how, to=to, at_once=at_once, resume=resume)


@app.command()
def export(
    lab: LabId,
    to: Annotated[Path, typer.Option(metavar="DIR", help="a new folder", show_default=False)],
    candidate: Annotated[
        str, typer.Option("--for", metavar="CANDIDATE", help="name or pseudonym", show_default=False)
    ] = "",
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="your team's key: binds the hidden draws", show_default=False)
    ] = None,
) -> None:
    """A lab as a take-home: a repository without its exam."""
    from grader.cli import taking_home

    taking_home.export(lab, to, candidate, key)


@app.command()
def convert(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="a run folder or a result.json")],
    to: Annotated[
        str,
        typer.Option(metavar="FORMAT", help="annotations, classroom50, ctrf, gradescope, junit, summary"),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write here; default, and `-`: stdout", show_default=False)
    ] = None,
) -> None:
    """A result for CI: 3 if it is invalid and FORMAT is a score."""
    from grader.cli import converting

    converting.convert(run_dir, to, out)


@app.command()
def review(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="a run folder")],
    submission: Annotated[
        Path | None, typer.Option(help="what was handed in: shows what was changed", show_default=False)
    ] = None,
    public: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the team's public key: checks the receipt", show_default=False)
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the page; default: RUN-review.html", show_default=False)
    ] = None,
) -> None:
    """A page for the person who reviews a submission, with questions to ask."""
    from grader.cli import reviewing

    reviewing.review(run, submission, public, to)
