"""The words of a report, as pure functions, so that the page, the terminal and JUnit say the same."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.invocation import pasteable
from grader.result import TOO_NEAR, ObjectiveResult, Reason, Result, TrialResult, Verdict, named
from grader.safe import visible

CONFIDENCE = "95 %"
"""Of the intervals, over all objectives of an exam together."""

MOST_NAMED = 3
"""Files that a sentence names."""

WORDS = {
    Verdict.PASS: "kept",
    Verdict.FAIL: "missed",
    Verdict.UNDECIDED: "undecided",
    Verdict.INVALID: "proves nothing",
}
"""What a verdict says of one objective."""

SYMBOLS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.UNDECIDED: "?", Verdict.INVALID: "!"}
PLAIN_SYMBOLS = {Verdict.PASS: "+", Verdict.FAIL: "x", Verdict.UNDECIDED: "?", Verdict.INVALID: "!"}
"""For terminals that cannot write the others."""

BANNERS = {Verdict.PASS: "Pass", Verdict.FAIL: "Fail", Verdict.UNDECIDED: "Undecided", Verdict.INVALID: "Invalid run"}


def banner(result: Result) -> str:
    """A run's verdict, as a title: "Pass", "Close fail", "Invalid run"."""
    return named(result.verdict, True).capitalize() if result.close else BANNERS[result.verdict]


@dataclass(frozen=True)
class Hotspot:
    """Where most bad events of one objective lie: trial id, phase, seconds of the worst stretch, its events, and what
    most of the bad ones looked like (`symptom`); never why."""

    objective: str
    trial: str
    phase: str
    start_s: float
    end_s: float
    bad: int
    valid: int
    symptom: str


def percent(ratio: float, apart_from: float | None = None) -> str:
    """A ratio in per cent with as few decimals as are true: 0.982 -> "98.2 %", 0.9997 -> "99.97 %", 1 -> "100 %".

    Only exactly 1 is "100 %" and only exactly 0 is "0 %"; a ratio never looks equal to `apart_from` unless it is.
    """
    value = 100 * ratio
    others = [x for x in (0.0, 100.0, 100 * apart_from if apart_from is not None else 0.0) if not _same(x, value)]
    for decimals in range(1, 8):
        text = f"{value:.{decimals}f}"
        if all(float(text) != round(other, decimals) for other in others):
            break
    exact = _same(float(f"{value:.0f}"), value)
    return f"{value:.0f} %" if exact else f"{text} %"


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=0, abs_tol=1e-9)


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 event", "1,204 events"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def seconds(value: float | None) -> str:
    """A duration for people: "840 µs", "21 ms", "1.24 s", "12.5 s", "3 min 20 s"; "no answer" for none."""
    if value is None or math.isinf(value):
        return "no answer"
    if abs(value) < 0.0009995:
        return f"{value * 1e6:.0f} µs"
    if abs(value) < 0.9995:
        return f"{value * 1e3:.0f} ms"
    if abs(value) < 99.95:
        return f"{value:.2f} s" if abs(value) < 9.995 else f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"


def bad_events(objective: ObjectiveResult) -> str:
    """ "22 of 1,204 events", or "none of 1,204 events"; "no event" where none counted."""
    bad = objective.valid - objective.good
    return f"{f'{bad:,}' if bad else 'none'} of {count(objective.valid, 'event')}" if objective.valid else "no event"


def may_be_bad(objective: ObjectiveResult) -> str:
    """ "at most 2 of 180": how many events may be bad for a pass; "too few" where no number of them passes; empty where
    that is not known."""
    if not objective.of:
        return ""
    return "too few" if objective.most_bad is None else f"at most {objective.most_bad:,} of {objective.of:,}"


def burn(objective: ObjectiveResult) -> float | None:
    """The ratio of bad events as a multiple of what the target allows; None where nothing was measured."""
    if objective.estimate is None or objective.target >= 1:
        return None
    return (1 - objective.estimate) / (1 - objective.target)


def margin(objective: ObjectiveResult) -> str:
    """ "62 % of what may be bad" or "2.4 times what may be bad"; empty where nothing was."""
    burnt = burn(objective)
    if not burnt:
        return ""
    share = f"{burnt:.1f} times" if burnt >= 1.05 else f"{100 * burnt:.0f} %" if burnt >= 0.01 else "under 1 %"
    return f"{share}{'' if burnt >= 1.05 else ' of'} what may be bad"


def measured(objective: ObjectiveResult, result: Result | None = None) -> str:
    """The ratio measured, "nothing", or, where the exam of `result` stopped before the first event, "not reached"."""
    if objective.estimate is not None:
        return percent(objective.estimate, objective.target)
    return "not reached" if result and left_open(objective, result) else "nothing"


def interval(objective: ObjectiveResult) -> str:
    """ "97.3 % to 98.9 %"; empty when nothing was measured."""
    if objective.estimate is None:
        return ""
    return f"{percent(objective.low, objective.target)} to {percent(objective.high, objective.target)}"


def sentence(objective: ObjectiveResult, result: Result | None = None) -> str:
    """One objective in one sentence, with promise, measurement, interval and confidence; of an exam that stopped before
    it was judged, also that; of a close call, that it is one."""
    if result and left_open(objective, result):
        return f"Not judged, the exam stopped before. {sentence(objective)}"
    promised = percent(objective.target)
    if objective.estimate is None or not objective.valid:
        return f"Nothing was measured, no event counted; promised {promised}"
    found = f"{measured(objective)} of {count(objective.valid, 'event')} good"
    if objective.close:
        return f"{found}, {promised} promised: {WORDS[objective.verdict]}, but {TOO_NEAR}"
    low, high = (percent(end, objective.target) for end in (objective.low, objective.high))
    return f"{found}; promised {promised}; between {low} and {high} with {CONFIDENCE} confidence over the whole exam"


def headline(result: Result, system: str = "Your system", code: str = "your code") -> str:
    """What the run means, for a tired person, and what of it was as shipped; `system` and `code`: whose it is."""
    return _headline(result, system, code) + _put_back(result.put_back)


def _put_back(files: Sequence[str]) -> str:
    if not files:
        return ""
    named = ", ".join(visible(file, 80) for file in files[:MOST_NAMED])
    more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
    return (
        f" {count(len(files), 'file')} {'was' if len(files) == 1 else 'were'} as shipped, not handed in: {named}{more}."
    )


def _headline(result: Result, system: str, code: str) -> str:
    if result.verdict is Verdict.INVALID:
        return f"This run proves nothing about {code}{_because(result.reasons, result)}."
    if result.verdict is Verdict.PASS:
        return f"{system} kept {_all_of(len(result.objectives))}{_narrowly(result)}."
    tally = Counter(objective.verdict for objective in result.objectives)
    if not tally[Verdict.FAIL]:
        started = all(reason.code != "not-started" for reason in result.reasons)
        return f"{system} did not {'hold up, whatever its objectives say' if started else 'start'}."
    missed = f"{system} missed {tally[Verdict.FAIL]} of {count(len(result.objectives), 'objective')}{_narrowly(result)}"
    return missed + _left(tally[Verdict.UNDECIDED], result)


def _narrowly(result: Result) -> str:
    return ", but too near to call it proven" if result.close else ""


def in_the_way(result: Result) -> list[Reason]:
    """Of a fail that left objectives undecided: why trials that could have told them do not count, causes first."""
    if result.verdict is not Verdict.FAIL or all(o.verdict is not Verdict.UNDECIDED for o in result.objectives):
        return []
    told = [reason for trial in result.trials if trial.verdict is Verdict.INVALID for reason in trial.reasons]
    return sorted(told, key=lambda reason: _order(reason.code))


def told(result: Result) -> list[Reason]:
    """Reasons that the headline says, and advice on which is beside it."""
    return list(result.reasons[:1]) if result.verdict is Verdict.INVALID else []


def _order(code: str) -> int:
    from grader.judge.evidence import CAUSES

    return [*CAUSES, code].index(code)


def _because(reasons: Sequence[Reason], result: Result) -> str:
    """ ", because the machine was too busy: work took ..."; empty without a reason."""
    from grader.judge.evidence import CAUSES, MACHINE

    if not reasons:
        return ""
    words = f"{CAUSES[reasons[0].code]}: " if reasons[0].code in MACHINE else ""
    return f", because {words}{titled(_inside(reasons[0].message), result)}"


def since(result: Result, before: Result | None) -> str:
    """ "4 of 7 objectives kept, 2 more than last time: A; B are kept now." Empty where either proves nothing, or they
    have other objectives."""
    if before is None or Verdict.INVALID in (result.verdict, before.verdict):
        return ""
    now, then = ({o.id for o in one.objectives if o.verdict is Verdict.PASS} for one in (result, before))
    titles = {o.id: visible(o.title, 60) for o in result.objectives}
    if titles.keys() != {o.id for o in before.objectives}:
        return ""
    more = len(now) - len(then)
    told = f"{abs(more)} {'more' if more > 0 else 'fewer'} than" if more else "as many as"
    changed = [("Kept now", now - then), ("No longer kept", then - now)]
    words = [
        f"{what}: {'; '.join(titles[name] for name in titles if name in which)}." for what, which in changed if which
    ]
    return " ".join([f"{len(now)} of {count(len(titles), 'objective')} kept, {told} last time.", *words])


def _left(undecided: int, result: Result) -> str:
    if not undecided:
        return "."
    if _stopped_early(result):
        others = "other was" if undecided == 1 else "others were"
        return f"; the exam stopped there, before {undecided} {others} judged."
    return f" and left {undecided} undecided{_because(in_the_way(result), result)}."


def _all_of(number: int) -> str:
    return "its one objective" if number == 1 else f"all {number} objectives"


def left_open(objective: ObjectiveResult, result: Result) -> bool:
    """Whether the exam failed on something else before it had judged this objective: not the same as too close to
    tell."""
    failed = result.verdict is Verdict.FAIL and objective.verdict is Verdict.UNDECIDED
    missed = any(other.verdict is Verdict.FAIL for other in result.objectives)
    return failed and (_stopped_early(result) or not missed)


def _stopped_early(result: Result) -> bool:
    return any(trial.stopped_early for trial in result.trials)


def verdict_word(objective: ObjectiveResult, result: Result) -> str:
    """What a report says of an objective in a word or two."""
    if left_open(objective, result):
        return "not judged"
    if is_close(objective, result):
        return named(objective.verdict, True)
    unseen = objective.verdict is Verdict.UNDECIDED and not objective.valid
    return "not measured" if unseen else WORDS[shown_verdict(objective, result)]


def shown_verdict(objective: ObjectiveResult, result: Result) -> Verdict:
    """What a report says of an objective: its verdict, or that it proves nothing when the run does not."""
    return Verdict.INVALID if result.verdict is Verdict.INVALID else objective.verdict


def is_close(objective: ObjectiveResult, result: Result) -> bool:
    """Whether a report says of an objective that its verdict is a close call: not where the run proves nothing."""
    return objective.close and result.verdict is not Verdict.INVALID


def too_close(result: Result) -> bool:
    """Whether a run proves nothing only because an objective was measured too close to its promise: nothing is wrong
    with the machine, and the events say where the objective was nearly missed."""
    return result.verdict is Verdict.INVALID and {reason.code for reason in result.reasons} == {"undecided"}


def to_look_at(result: Result) -> list[ObjectiveResult]:
    """Objectives whose bad events say where to look: the missed ones, or those that were too close to tell; of a pass
    those that a close call decides."""
    if too_close(result):
        return [objective for objective in result.objectives if objective.verdict is Verdict.UNDECIDED]
    missed = [o for o in result.objectives if o.verdict is Verdict.FAIL and result.verdict is Verdict.FAIL]
    return missed or [objective for objective in result.objectives if is_close(objective, result)]


def counting(result: Result) -> list[str]:
    """Ids of the trials whose events count; none of an invalid run, unless it was too close to tell."""
    if result.verdict is Verdict.INVALID and not too_close(result):
        return []
    return [trial.id for trial in result.trials if trial.verdict is not Verdict.INVALID]


def advice(result: Result) -> str:
    """What to do with the verdict, in one sentence."""
    if too_close(result):
        return "It does not count as a fail. The machine is not to blame: what cost most is named with the objective."
    if result.verdict is Verdict.INVALID:
        remedies = [remedy(reason) for reason in told(result)]
        return " ".join(["It does not count as a fail.", *filter(None, remedies)])
    if result.close:
        return "What was measured decides; another exam might say otherwise."
    if result.verdict is Verdict.PASS:
        return f"Each was met, with {CONFIDENCE} confidence in all of them together."
    missed = sum(objective.verdict is Verdict.FAIL for objective in result.objectives)
    if missed:
        which = "it" if missed == 1 else "each; begin with the one that was missed by most"
        return f"The place to look is named with {which}."
    return "The reasons say what happened and in which trial."


def next_command(result: Result) -> str:
    """The command that helps most now."""
    commands = {Verdict.PASS: "lab debrief {}", Verdict.INVALID: "lab grade {}" if too_close(result) else "lab doctor"}
    return pasteable(commands.get(result.verdict, "lab hint {}").format(result.lab))


def reason_text(reason: Reason, result: Result) -> str:
    """A reason with its trial by title; safe to show. The end of a log keeps its lines."""
    title = trial_titles(result.trials).get(reason.trial, "")
    text = titled("\n".join(visible(line, 600) for line in reason.message.splitlines()), result)
    return f"{title}: {text}" if title else text


def remedy(reason: Reason) -> str:
    """What to do about a reason; empty for a code this version does not know."""
    from grader.judge.evidence import REASONS

    return REASONS.get(reason.code, "")


def reason_texts(result: Result) -> tuple[str, ...]:
    """All reasons of the run as sentences; for an invalid run without any, one that says so."""
    texts = tuple(reason_text(reason, result) for reason in result.reasons)
    return texts or (("The run gave no reason",) if result.verdict is Verdict.INVALID else ())


def trial_titles(trials: Iterable[TrialResult]) -> Mapping[str, str]:
    """What each trial id is called in reports: its title, numbered where several share one; never the id."""
    trials = tuple(trials)
    plain = {t.id: visible(t.title, 80).strip() or f"Trial {n}" for n, t in enumerate(trials, start=1)}
    shared, seen = Counter(plain.values()), Counter[str]()
    for trial_id, title in plain.items():
        seen[title] += 1
        if shared[title] > 1:
            plain[trial_id] = f"{title}, sample {seen[title]}"
    return plain


def titled(text: str, result: Result) -> str:
    """`text` with every trial id replaced by the trial's title."""
    titles = trial_titles(result.trials)
    if not titles:
        return text
    ids = "|".join(re.escape(trial_id) for trial_id in sorted(titles, key=len, reverse=True))
    return re.sub(rf"(?<![\w.])(?:{ids})(?![\w])", lambda match: titles[match[0]], text)


def look_next(spot: Hotspot, titles: Mapping[str, str]) -> str:
    """Where to look, in one sentence without a cause."""
    phase = f"phase {visible(spot.phase, 40)}" if spot.phase else ""
    where = ", ".join(part for part in (titles.get(spot.trial, ""), phase) if part)
    bad = f"{spot.bad:,} of {count(spot.valid, 'event')} bad"
    mostly = f", mostly {visible(spot.symptom, 80)}" if spot.symptom else ""
    return f"{where}, {spot.start_s:g} s to {spot.end_s:g} s: {bad}{mostly}"


def _inside(message: str) -> str:
    """A sentence to go on with after a comma."""
    text = visible(" ".join(message.split()), 600).rstrip(".")
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
