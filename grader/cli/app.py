"""The commands of `lab`: names, options and help. What they do is imported when they are called, so that `lab --help`
and `lab list` answer at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli import control_app, receipt_app, workshop_app
from grader.cli.groups import group

app = group(
    "lab",
    "Brownout: break, fix and be judged on AI systems under real traffic. Begin with `lab list`.",
    pretty_exceptions_enable=False,
)
app.add_typer(workshop_app.app)


def _lab_ids(incomplete: str) -> list[str]:
    from grader.course.catalog import lab_ids
    from grader.errors import BadInput

    try:
        return [lab_id for lab_id in lab_ids() if lab_id.startswith(incomplete)]
    except BadInput:
        return []


def _runtimes(incomplete: str) -> list[str]:
    from infra.runtime import runtimes

    return [name for name in runtimes() if name.startswith(incomplete)]


def _lent(lab_id: str) -> bool:
    """Whether a workshop runs this lab's system for whoever uses this checkout."""
    from grader.workshop.desk import joined

    return joined.lends(lab_id)


LabId = Annotated[str, typer.Argument(metavar="ID", help="the lab", autocompletion=_lab_ids)]
MaybeLabId = Annotated[str, typer.Argument(metavar="[ID]", help="the lab", autocompletion=_lab_ids, show_default=False)]


def _meant(lab_id: str) -> str:
    from grader.cli.which import meant

    return meant(lab_id)


OnlyLabId = Annotated[
    str,
    typer.Argument(
        metavar="[ID]",
        help="the lab; may be left out if one runs",
        autocompletion=_lab_ids,
        callback=_meant,
        show_default=False,
    ),
]
Place = Annotated[
    str, typer.Option("--runtime", help="process, compose or k8s", autocompletion=_runtimes, show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="print JSON and nothing else on stdout")]
OnlyPrint = Annotated[bool, typer.Option("--print", help="print the address, open nothing")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="draw the same trials again", show_default=False)]


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
    from grader.cli import joining, known, system

    if _lent(lab):
        known.refuse_in_workshop(control)
        joining.start(lab, runtime, rate)
    else:
        system.start(lab, runtime, rate, known.design(lab, control, author))


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
    json: Json = False,
) -> None:
    """Take the exam: exit 0 pass, 1 fail, 3 invalid."""
    from grader.cli import grading, taking_home

    draw = taking_home.drawn(lab, seed, candidate, key)
    how = grading.How(runtime, strict, stop_early, json)
    grading.grade(lab, submission, out, how, draw=draw, sign=sign)


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
        str, typer.Option("--lab", metavar="ID", help="the lab of a folder's submissions", autocompletion=_lab_ids)
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
) -> None:
    """Grade many submissions: exit 3 if one is invalid."""
    from grader.cli import batching

    how = batching.How(runtime, key, sign, strict)
    batching.batch(source, lab, how, to=to, at_once=at_once, resume=resume)


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
    labs: Annotated[list[str], typer.Argument(metavar="[ID]...", autocompletion=_lab_ids, show_default=False)] = [],  # noqa: B006
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
        list[str], typer.Argument(metavar="[ID]...", help="labs", autocompletion=_lab_ids, show_default=False)
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
        list[str], typer.Argument(metavar="[ID]...", help="labs", autocompletion=_lab_ids, show_default=False)
    ] = [],  # noqa: B006
    all_: Annotated[bool, typer.Option("--all", help="every lab")] = False,
    json: Json = False,
) -> None:
    """What does this lab lack? Exit 1 while something is found."""
    from grader.cli import linting

    linting.lint(labs, all_, json)


@app.command()
def doctor(clear: Annotated[bool, typer.Option("--clear", help="remove what a crash left behind")] = False) -> None:
    """What this machine can run, and what a crash left."""
    from grader.cli import doctor as doctor_

    doctor_.doctor(clear)


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


app.add_typer(control_app.app)
app.add_typer(receipt_app.app)
