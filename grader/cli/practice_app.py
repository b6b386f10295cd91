"""Commands of who works at a lab: names, options and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import Close, CloseCall, Json, LabId, MaybeLabId, OnlyLabId, OnlyPrint, Place, Seed

app = typer.Typer()


def _lent(lab_id: str) -> bool:
    """Whether a workshop runs this lab's system for whoever uses this checkout."""
    from grader.classroom.desk.seat import seat

    return seat(lab_id).lent


@app.command("list")
def list_(json: Json = False) -> None:
    """The labs, and how far you are."""
    from grader.cli import listing

    listing.list_labs(json)


@app.command()
def start(
    lab: LabId,
    runtime: Place = "",
    rate: Annotated[float | None, typer.Option(min=1, max=200, help="requests a second; else 5")] = None,
    control: Annotated[
        str, typer.Option(metavar="NAME", help="run this known design, once you passed", show_default=False)
    ] = "",
    author: Annotated[
        bool, typer.Option("--author", help="with --control: you write the lab, and need no pass")
    ] = False,
) -> None:
    """Start a lab: workspace, system, traffic, brief."""
    from grader.cli import designs, joining, system

    if _lent(lab):
        designs.refuse_in_workshop(control)
        joining.start(lab, runtime, rate)
    else:
        system.start(lab, runtime, rate, designs.design(lab, control, author))


@app.command()
def brief(
    lab: OnlyLabId = "",
    details: Annotated[bool, typer.Option("--details", help="the page beside it: interfaces, what is known")] = False,
) -> None:
    """The lab's brief again."""
    from grader.cli import system

    system.brief(lab, details)


@app.command()
def status(lab: MaybeLabId = "") -> None:
    """What runs, and where."""
    from grader.cli import overview

    overview.status(lab)


@app.command()
def logs(
    lab: OnlyLabId = "",
    service: Annotated[str, typer.Argument(metavar="[SERVICE]", show_default=False)] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="go on until Ctrl-C")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="how many of each service")] = 20,
    find: Annotated[
        str, typer.Option("--find", metavar="TEXT", help="lines with it, also of the last runs", show_default=False)
    ] = "",
) -> None:
    """What the services wrote; finds a request by its id."""
    from grader.cli import finding
    from grader.cli import logs as logs_

    if find:
        finding.find(lab, service, find, lines)
    else:
        logs_.logs(lab, service, follow, lines)


@app.command("open")
def open_(
    lab: OnlyLabId = "",
    page: Annotated[str, typer.Argument(metavar="[PAGE]", show_default=False)] = "",
    only_print: OnlyPrint = False,
) -> None:
    """Open a page of the running lab."""
    from grader.cli import system

    system.open_page(lab, page, only_print)


@app.command()
def live(
    lab: OnlyLabId = "",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: the last one, or any")] = 0,
    only_print: OnlyPrint = False,
) -> None:
    """One page to watch and work by, until Ctrl-C."""
    from grader.cli import live as live_

    live_.live(lab, port, only_print)


@app.command()
def check(lab: OnlyLabId = "", runtime: Place = "", seed: Seed = None) -> None:
    """Try your edits in the short public rehearsal."""
    from grader.cli import grading

    grading.check(lab, runtime, seed)


@app.command()
def grade(
    lab: OnlyLabId = "",
    submission: Annotated[
        Path | None,
        typer.Option(help="a folder, a repository, a zip or a tar; default: the workspace", show_default=False),
    ] = None,
    runtime: Place = "",
    seed: Seed = None,
    candidate: Annotated[
        str, typer.Option("--for", metavar="CANDIDATE", help="draw this candidate's exam", show_default=False)
    ] = "",
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the key of `lab export`, with --for", show_default=False)
    ] = None,
    sign: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write a receipt with this key", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="folder for the results; default: results/ID/RUN", show_default=False)
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="of a stranger's code; not on process")] = False,
    stop_early: Annotated[bool, typer.Option("--stop-early", help="end at the first missed objective")] = False,
    close: Close = CloseCall.DECIDE,
    json: Json = False,
) -> None:
    """Take the exam: exit 0 pass, 1 fail, 3 invalid."""
    from grader.cli import grading, taking_home

    draw = taking_home.drawn(lab, seed, candidate, key)
    how = grading.How(runtime, strict, stop_early, json, close.word)
    grading.grade(lab, submission, out, how, draw=draw, sign=sign)


@app.command()
def hint(
    lab: OnlyLabId = "",
    all_: Annotated[bool, typer.Option("--all", help="show again all that you took")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="do not ask")] = False,
) -> None:
    """The next hint, after asking; each costs a little more."""
    from grader.cli import joining, reading

    (joining if _lent(lab) else reading).hint(lab, again=all_, yes=yes)


@app.command()
def pack(
    lab: OnlyLabId = "",
    to: Annotated[Path, typer.Option(metavar="FILE", help="the zip to write")] = Path("submission.zip"),
) -> None:
    """Pack your files into a zip, to hand in."""
    from grader.cli import taking_home

    taking_home.pack(lab, to)


@app.command()
def debrief(
    lab: OnlyLabId = "",
    notes: Annotated[bool, typer.Option("--notes", help="how sure its exam is, and what nobody looks at")] = False,
) -> None:
    """The reasoning behind the lab, once you passed."""
    from grader.cli import reading

    reading.debrief(lab, notes)


@app.command()
def diff(lab: OnlyLabId = "") -> None:
    """Your changes against what shipped."""
    from grader.cli import edits

    edits.diff(lab)


@app.command()
def reset(
    lab: OnlyLabId = "",
    files: Annotated[list[str], typer.Argument(metavar="[FILE]...", help="only these", show_default=False)] = [],  # noqa: B006
    yes: Annotated[bool, typer.Option("--yes", "-y", help="do not ask")] = False,
) -> None:
    """Put files back as shipped; keeps a copy of your edits."""
    from grader.cli import edits

    edits.reset(lab, tuple(files), yes)


@app.command()
def restart(
    lab: OnlyLabId = "", service: Annotated[str, typer.Argument(metavar="[SERVICE]", show_default=False)] = ""
) -> None:
    """Restart what runs your code, so that edits take effect."""
    from grader.cli import system

    system.restart(lab, service)


@app.command()
def stop(lab: MaybeLabId = "", all_: Annotated[bool, typer.Option("--all", help="every lab")] = False) -> None:
    """Stop a lab; your edits stay."""
    from grader.cli import system

    system.stop(lab, all_)


@app.command()
def watch(lab: OnlyLabId = "") -> None:
    """Restart and rehearse each time you save."""
    from grader.cli import watch as watch_

    watch_.watch(lab)


@app.command()
def report(
    lab: OnlyLabId = "",
    run_dir: Annotated[Path | None, typer.Argument(metavar="[RUN_DIR]", show_default=False)] = None,
    candidate: Annotated[
        Path | None,
        typer.Option("--for-candidate", metavar="DIR", help="write what they may see of it", show_default=False),
    ] = None,
    only_print: OnlyPrint = False,
) -> None:
    """The last exam's result, or another run's."""
    from grader.cli import grading, submitting

    if candidate is not None:
        grading.copy_for_candidate(lab, run_dir, candidate)
    elif run_dir is None and _lent(lab):
        submitting.report(lab, only_print)
    else:
        grading.report(lab, run_dir, only_print)


@app.command()
def doctor(clear: Annotated[bool, typer.Option("--clear", help="remove what a crash left behind")] = False) -> None:
    """What this machine can run, and what a crash left."""
    from grader.cli import doctor as doctor_

    doctor_.doctor(clear)
