"""What every lab must have. A check looks at a lab and says in a sentence each what it lacks, and where to add it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from urllib.parse import urlsplit

import typer

from grader.audit.bounds import Bounds
from grader.chaos.check import check_experiment
from grader.cli.app import app
from grader.course import catalog, plans
from grader.course.casebook import drawn as drawn_plan
from grader.course.hints import hints
from grader.course.spec import DETAILS, drawn
from grader.errors import BadInput
from grader.load.plan import LoadPlan
from infra.system import load_system

STORY_WORDS, BRIEF_WORDS, ANSWER_WORDS = 40, 900, 25
HINTS = 3
KINDS = ("shipped", "reference", "alternative", "fake")
VERBS = frozenset(typer.main.get_group(app).commands)


class Looked:
    """A lab with its exam, its rehearsal and its system, each read and checked."""

    def __init__(self, lab_id: str) -> None:
        self.lab = catalog.find_lab(lab_id)
        self.exam, self.rehearsal = catalog.find_scenario(self.lab), catalog.rehearsal(self.lab)
        self.system = load_system(self.lab.folder / "compose.yaml", self.lab.spec.open)

    @cached_property
    def brief(self) -> str:
        return self.lab.brief

    def events(self, id: str) -> int:
        """How many events of an objective a plan has that draw.py makes."""
        cases = drawn_plan(self.lab.folder, 1)["cases"]
        return sum(case["asked"].get(id, 0) for case in cases)

    def most_bad(self, id: str, events: int) -> int:
        """The most bad ones of so many events with which an objective is passed."""
        once = self.exam.spec.model_copy(update={"rounds": 1})
        return Bounds(once, len(self.exam.slos)).forgiven(events, self.exam.slos[id].target)


Check = Callable[[Looked], Iterator[str]]


def brief_tells_a_story(at: Looked) -> Iterator[str]:
    title, _, rest = at.brief.partition("\n")
    if title != f"# {at.lab.spec.title}":
        yield f"README.md: begin with the title of lab.yaml, '# {at.lab.spec.title}'"
    if len(rest.partition("\n## ")[0].split()) < STORY_WORDS:
        yield f"README.md: tell under the title who is hurt and since when, in {STORY_WORDS} words or more"


def brief_promises_what_is_judged(at: Looked) -> Iterator[str]:
    rows = [line for line in at.brief.splitlines() if line.startswith("|")]
    for id, slo in at.exam.slos.items():
        if f"`{id}`" not in at.brief:
            yield f"README.md: promise the objective `{id}`, by its name"
        said = {float(share) for row in rows if row.startswith(f"| `{id}`") for share in re.findall(r"([\d.]+) %", row)}
        wanted = {round(100 * slo.target, 6), round(100 - 100 * slo.target, 6)}
        if said and not said & wanted:
            yield f"README.md: promise {' or '.join(f'{share:g} %' for share in sorted(wanted))} in the row of `{id}`"
    objectives = at.brief.partition("\n## Objectives\n")[2].partition("\n## ")[0]
    for id in re.findall(r"^\| `([\w-]+)` \|", objectives, re.MULTILINE):
        if id not in at.exam.slos:
            yield f"README.md: take the promise `{id}` out; the exam has no such objective"


def brief_is_short(at: Looked) -> Iterator[str]:
    if (words := len(at.brief.split())) > BRIEF_WORDS:
        yield f"README.md: has {words} words; move some to {DETAILS}, {BRIEF_WORDS} are the most"
    if "\n## Ten minutes\n" not in at.brief:
        yield "README.md: say under '## Ten minutes' what to do first: one command or one place, and what to look for"
    if at.lab.details and f"({DETAILS})" not in at.brief:
        yield f"README.md: name the page beside it, '[{DETAILS}]({DETAILS})'"


def brief_counts_as_the_judge_does(at: Looked) -> Iterator[str]:
    """How many may be bad, of how many: as it is said, and as it is for each number of rounds that an exam may have."""
    said = re.findall(r"^\| `([\w-]+)` \|.*\| ([\d, of]+) \|$", at.brief, re.MULTILINE)
    for id, cell in said:
        events = at.events(id)
        right = [f"{at.most_bad(id, n * events)} of {n * events:,}" for n in range(1, at.exam.spec.rounds + 1)]
        for one in cell.split(", "):
            if one not in right:
                yield f"README.md: say in the row of `{id}` '{right[0]}' or '{right[-1]}', not '{one}'"


def brief_gives_commands_that_exist(at: Looked) -> Iterator[str]:
    has = {"open": set(at.lab.spec.pages), "logs": set(at.system.services)}
    commands = re.findall(r"(?:^|`)lab (\w[\w-]*) ?([\w-]*) ?([\w-]*)", at.lab.contract, re.MULTILINE)
    if not commands:
        yield f"README.md: say what to type, `lab check {at.lab.id}` for one"
    for verb, lab_id, name in commands:
        if verb not in VERBS or lab_id not in ("", at.lab.id):
            yield f"README.md: mend `lab {verb} {lab_id}`: there is no such command for this lab"
        elif name and name not in has.get(verb, {name}):
            yield f"README.md: mend `lab {verb} {lab_id} {name}`: the lab has only {', '.join(sorted(has[verb]))}"


def hints_help(at: Looked) -> Iterator[str]:
    found = hints(at.exam.folder / "hints.md")
    if len(found) < HINTS:
        yield f"hints.md: give {HINTS} hints or more, a heading '## ' each"
    for hint in found:
        if "\n" not in hint:
            yield f"hints.md: write what helps below '{hint}'"


def debrief_answers_the_interview(at: Looked) -> Iterator[str]:
    text = (at.exam.folder / "debrief.md").read_text("utf-8")
    answer = re.search(r'\bin an interview\b.*?"(.*?)"', text, re.IGNORECASE | re.DOTALL)
    if answer is None or len(answer[1].split()) < ANSWER_WORDS:
        yield f"debrief.md: give, under 'In an interview', an answer in double quotes, {ANSWER_WORDS} words or more"
    if "further reading" not in text.lower():
        yield "debrief.md: name further reading"


def controls_judge_every_objective(at: Looked) -> Iterator[str]:
    controls = at.exam.controls.values()
    for kind in KINDS:
        if kind not in {control.kind for control in controls}:
            yield f"controls/: add a control of kind {kind}"
    for id in at.exam.slos:
        if id not in {control.fails for control in controls}:
            yield f"controls/: add a fake that `fails: {id}`; nothing shows that it can be missed"


def open_files_reach_a_service(at: Looked) -> Iterator[str]:
    mounted = {mount.source for service in at.system.services.values() for mount in service.mounts if mount.open}
    for path in at.exam.edited("shipped"):
        full = (at.lab.folder / path).resolve()
        drill = at.lab.spec.drill is not None and str(path) == at.lab.spec.drill.file
        if not drill and mounted.isdisjoint((full, *full.parents)):
            yield f"compose.yaml: mount {path} into a service, or take it out of `open` in lab.yaml"
    for service in at.system.services.values():
        if service.open and not at.system.internal.issuperset(service.networks):
            yield f"compose.yaml: leave {service.name}, which runs the candidate's code, on internal networks only"


def pages_are_published(at: Looked) -> Iterator[str]:
    for page, url in at.lab.spec.pages.items():
        service = at.system.services.get(urlsplit(url).hostname or "")
        if service is None or urlsplit(url).port not in service.published:
            yield f"lab.yaml: page {page}: {url} is no port that a service of compose.yaml publishes"


def actions_do_what_practice_does(at: Looked) -> Iterator[str]:
    drill = at.lab.spec.drill
    told = {each.path for each in (*drill.faults.values(), *drill.lifts)} if drill else set()
    files = [path for path in (at.lab.folder / "rehearsal").iterdir() if path.suffix in (".yaml", ".py")]
    practised = at.brief + "".join(path.read_text("utf-8") for path in files)
    for action in at.lab.spec.actions:
        for step in action.steps:
            service = at.system.services.get(step.service)
            if service is None or step.port not in service.published:
                yield f"compose.yaml: publish {step.service}:{step.port}, which action {action.id} calls"
            if step.path not in told and step.path not in practised:
                yield f"lab.yaml: action {action.id} calls {step.path}; neither brief, rehearsal nor drill does so"


def experiments_can_run(at: Looked) -> Iterator[str]:
    for scenario in (at.exam, at.rehearsal):
        for trial in scenario.spec.trials:
            try:
                known = {**scenario.configuration(trial.id), **drawn(trial.parameters, random.Random(1))}
                check_experiment(scenario.folder / trial.experiment, known, scenario.folder)
            except BadInput as error:
                yield f"trial {trial.id}: {error}"


def public_files_are_drawn(at: Looked) -> Iterator[str]:
    yield from plans.old_plan(at.lab.folder)
    yield from plans.old_files(at.lab.folder)


def worlds_tell_what_is_asked(at: Looked) -> Iterator[str]:
    yield from plans.untold(at.lab.folder)


def questions_may_all_wait(at: Looked) -> Iterator[str]:
    """Users who only wait for answers are no more than may wait at once: on a slow machine all of them do."""
    most = LoadPlan.model_fields["outstanding"].default
    for scenario in (at.exam, at.rehearsal):
        for phases in {scenario.spec.phases(trial.id) for trial in scenario.spec.trials}:
            asked = sum(phase.rate * phase.seconds for phase in phases)
            if phases[-1].rate == 0 and asked > most:
                yield f"{scenario.folder.name}/scenario.yaml: ask {most} questions or fewer, not {asked:g}"


CHECKS: tuple[Check, ...] = (
    brief_tells_a_story,
    brief_promises_what_is_judged,
    brief_is_short,
    brief_counts_as_the_judge_does,
    brief_gives_commands_that_exist,
    hints_help,
    debrief_answers_the_interview,
    controls_judge_every_objective,
    open_files_reach_a_service,
    pages_are_published,
    actions_do_what_practice_does,
    experiments_can_run,
    public_files_are_drawn,
    worlds_tell_what_is_asked,
    questions_may_all_wait,
)
