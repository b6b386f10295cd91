"""The brief: short, a story, a first step, and the promises that the exam judges, in its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.authoring.lint.lab import Looked
from grader.course.spec import DETAILS
from grader.invocation import COMMANDS

STORY_WORDS, BRIEF_WORDS, FIRST_STEP_WORDS = 40, 900, 12
SAME = 0.4
"""So many of the words of a promise, or of its title, the brief has to share where it names the objective."""

_LITTLE = frozenset(
    re.findall(r"\w+", "a an and are as at be by for from has in is it its of on or than that the to with")
)
_TEN = "## Ten minutes"


def story(at: Looked) -> Iterator[str]:
    """It begins with the title, and then tells who is hurt."""
    title, _, rest = at.brief.partition("\n")
    if title != f"# {at.lab.spec.title}":
        yield f"{at.inside('README.md')}: begin with the title of lab.yaml, '# {at.lab.spec.title}'"
    if len(rest.partition("\n## ")[0].split()) < STORY_WORDS:
        yield (
            f"{at.inside('README.md')}: tell under the title who is hurt and since when, in {STORY_WORDS} words or more"
        )


def length(at: Looked) -> Iterator[str]:
    """It is short; what is looked up stands in a page beside it, which it names."""
    if (words := len(at.brief.split())) > BRIEF_WORDS:
        yield f"{at.inside('README.md')}: has {words} words; move some to {DETAILS}, {BRIEF_WORDS} are the most"
    if at.lab.details and f"({DETAILS})" not in at.brief:
        yield f"{at.inside('README.md')}: name the page beside it, '[{DETAILS}]({DETAILS})'"


def first_step(at: Looked) -> Iterator[str]:
    """It says what to do in the first ten minutes."""
    step = at.brief.partition(f"\n{_TEN}\n")[2].partition("\n## ")[0]
    if len(step.split()) < FIRST_STEP_WORDS:
        yield (
            f"{at.inside('README.md')}: say under '{_TEN}' what to do first, in {FIRST_STEP_WORDS} words or more: "
            "one command or one place, and what to look for"
        )


def promises(at: Looked) -> Iterator[str]:
    """Each objective is promised by name, in the exam's words and with its figure; and nothing else is."""
    rows = [line for line in at.brief.splitlines() if line.startswith("|")]
    for name, slo in at.exam.slos.items():
        if f"`{name}`" not in at.brief:
            yield f"{at.inside('README.md')}: promise the objective `{name}`, by its name"
        elif not _in_words_of(at.contract, name, slo.title, slo.spec.description):
            yield (
                f"{at.inside('README.md')}: promise `{name}` in the words of slo.yaml, which a candidate reads in "
                f"reports: '{slo.spec.description}'"
            )
        said = {
            float(share) for row in rows if row.startswith(f"| `{name}`") for share in re.findall(r"([\d.]+) %", row)
        }
        wanted = {round(100 * slo.target, 6), round(100 - 100 * slo.target, 6)}
        if said and not said & wanted:
            shares = " or ".join(f"{share:g} %" for share in sorted(wanted))
            yield f"{at.inside('README.md')}: promise {shares} in the row of `{name}`"
    objectives = at.brief.partition("\n## Objectives\n")[2].partition("\n## ")[0]
    for name in re.findall(r"^\| `([\w-]+)` \|", objectives, re.MULTILINE):
        if name not in at.exam.slos:
            yield f"{at.inside('README.md')}: take the promise `{name}` out; the exam has no such objective"


def _in_words_of(contract: str, name: str, *promises: str) -> bool:
    """Whether a sentence or row that names an objective has enough words of its title or its description."""
    for part in re.split(r"\n\s*\n|\n(?=\||- )|(?<=[.;!?])\s", contract):
        if f"`{name}`" in part:
            said = _words(part)
            if any(len(said & words) >= SAME * min(len(said), len(words)) for words in map(_words, promises)):
                return True
    return False


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+|\d+(?:\.\d+)?", text.lower()) if word not in _LITTLE}


def counts(at: Looked) -> Iterator[str]:
    """How many may be bad, of how many: as the judge has it for each number of rounds that an exam may have.

    Of a decision lab: what a traffic lab sends is in no plan of draw.py, so its own tests hold that.
    """
    if not at.is_decision:
        return
    said = re.findall(r"^\| `([\w-]+)` \|.*\| ([\d, of]+) \|$", at.brief, re.MULTILINE)
    for name, cell in said:
        if name not in at.exam.slos:
            continue
        events = at.events(name)
        right = [f"{at.most_bad(name, n * events)} of {n * events:,}" for n in range(1, at.exam.spec.rounds + 1)]
        for one in cell.split(", "):
            if one not in right:
                yield (
                    f"{at.inside('README.md')}: say in the row of `{name}` '{right[0]}' or '{right[-1]}', not '{one}'"
                )


def commands(at: Looked) -> Iterator[str]:
    """Commands that it gives are there."""
    has = {"open": set(at.lab.spec.pages), "logs": set(at.system.services)}
    found = re.findall(r"(?:^|`)lab (\w[\w-]*) ?([\w-]*) ?([\w-]*)", at.contract, re.MULTILINE)
    if not found:
        yield f"{at.inside('README.md')}: say what to type, `lab check {at.lab.id}` for one"
    for verb, lab_id, name in found:
        if verb not in COMMANDS or lab_id not in ("", at.lab.id):
            yield f"{at.inside('README.md')}: mend `lab {verb} {lab_id}`: there is no such command for this lab"
        elif name and name not in has.get(verb, {name}):
            there = ", ".join(sorted(has[verb]))
            yield f"{at.inside('README.md')}: mend `lab {verb} {lab_id} {name}`: the lab has only {there}"
