"""Commands of who writes labs: names, options and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import Json, LabId, Place, Seed, matching

app = typer.Typer()


@app.command()
def judge(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR")],
    slo: Annotated[
        Path | None, typer.Option(metavar="FILE", help="other objectives; result.json stays", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write here; default: result.json", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Judge a recorded run again."""
    from grader.cli import grading

    grading.judge(run_dir, slo, out, json)


@app.command()
def render(lab: LabId, runtime: Place = "") -> None:
    """What a runtime makes of the lab's compose.yaml, as it shipped."""
    from grader.cli import rendering

    rendering.render(lab, runtime)


@app.command("diff-results")
def diff_results(
    a: Annotated[Path, typer.Argument(metavar="A", help="a result.json or a run folder")],
    b: Annotated[Path, typer.Argument(metavar="B", help="another")],
    json: Json = False,
) -> None:
    """Where two results differ: exit 0 same verdict, 1 not."""
    from grader.cli import comparing

    comparing.diff_results(a, b, json)


@app.command()
def verify(
    labs: Annotated[list[str], typer.Argument(metavar="[ID]...", autocompletion=matching, show_default=False)] = [],  # noqa: B006
    all_: Annotated[bool, typer.Option("--all", help="every lab that is no draft")] = False,
    runtime: Place = "",
    json: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="write rows here; `-`: stdout, with --status", show_default=False),
    ] = None,
    changed: Annotated[bool, typer.Option("--changed", help="only rows that the ledger does not hold")] = False,
    sample: Annotated[
        float | None, typer.Option("--sample", metavar="MINUTES", help="held rows, again", show_default=False)
    ] = None,
    keys: Annotated[bool, typer.Option("--keys", help="only the three key controls of each lab")] = False,
    twists: Annotated[bool, typer.Option("--twists", help="prove the labs' twists instead")] = False,
    status: Annotated[bool, typer.Option("--status", help="examine nothing, show how rows stand")] = False,
    seed: Seed = None,
    control: Annotated[
        list[str], typer.Option("--control", metavar="NAME", help="only this one; again for more", show_default=False)
    ] = [],  # noqa: B006
) -> None:
    """Prove graders: every control must get its verdict."""
    from grader.cli import proving

    choice = proving.Choice(labs, all_, changed, sample, keys, control)
    if twists:
        proving.twists(choice, runtime, json, seed)
    elif status:
        proving.status(choice, json)
    else:
        proving.verify(choice, runtime, json, seed)


@app.command()
def play(
    lab: LabId,
    control: Annotated[str, typer.Option(metavar="NAME", help="a control of the lab", show_default=False)] = "",
    submission: Annotated[
        Path | None, typer.Option(help="a folder or an archive; default: the workspace", show_default=False)
    ] = None,
    compare: Annotated[
        tuple[str, str], typer.Option(metavar="A B", help="two of either, side by side", show_default=False)
    ] = ("", ""),
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="how many plans")] = 20,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="how many at once")] = 2,
    case: Annotated[str, typer.Option(metavar="CASE", help="show this one only", show_default=False)] = "",
    json: Json = False,
) -> None:
    """Play drawn plans without an exam: how much of each budget is burnt."""
    from grader.cli import playing

    playing.play(lab, playing.What(control, submission, compare), seeds, jobs, case, json)


@app.command()
def audit(
    labs: Annotated[
        list[str], typer.Argument(metavar="[ID]...", help="labs", autocompletion=matching, show_default=False)
    ] = [],  # noqa: B006
    all_: Annotated[bool, typer.Option("--all", help="every lab")] = False,
    record: Annotated[bool, typer.Option("--record", help="hold an exam of the reference first, and keep it")] = False,
    run_dir: Annotated[
        Path | None,
        typer.Option("--from", metavar="RUN_DIR", help="keep this exam that was passed", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """What could this exam not see? Exit 1 while a finding is open."""
    from grader.cli import auditing

    auditing.audit(labs, all_, json, record, run_dir)


@app.command()
def lint(
    labs: Annotated[
        list[str], typer.Argument(metavar="[ID]...", help="labs", autocompletion=matching, show_default=False)
    ] = [],  # noqa: B006
    all_: Annotated[bool, typer.Option("--all", help="every lab")] = False,
    json: Json = False,
) -> None:
    """What does this lab lack? Exit 1 while something is found."""
    from grader.cli import linting

    linting.lint(labs, all_, json)


@app.command()
def plan(
    lab: LabId,
    seed: Annotated[
        int | None, typer.Option(min=0, help="of an exam; else the public plan", show_default=False)
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="write the lab's public files, print none")] = False,
) -> None:
    """The plan of cases that draw.py draws, printed or written."""
    from grader.cli import planning

    planning.plan(lab, seed, public)


@app.command()
def new(
    lab: Annotated[str, typer.Argument(metavar="ID")],
    shape: Annotated[
        str, typer.Option(help="traffic: users are judged; decision: answers about hidden cases")
    ] = "traffic",
) -> None:
    """Make a new lab: two folders that hold a small working one."""
    from grader.cli import author

    author.new(lab, shape)
