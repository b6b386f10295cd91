"""The contract of a bundle, one rule a function; each raises `Unfit` where it is broken."""

import math
import random
import statistics

from adapter import Unfit

RULES = []


def rule(function):
    RULES.append(function)
    return function


def known(rows, schema):
    """What is known when a lift asks."""
    later = [column["name"] for column in schema if column["known"] == "later"]
    return [row | dict.fromkeys(later) for row in rows]


@rule
def answers(case):
    """Each row has one number from 0 to 1, whatever is in the row."""
    for rows in (case.fresh, case.fresh[:1], case.known):
        found = case.new.predict(rows)
        if len(found) != len(rows):
            raise Unfit("load", f"{len(found)} answers to {len(rows)} rows")
        if not all(isinstance(one, (int, float)) and 0 <= one <= 1 for one in found):
            raise Unfit("load", "an answer is no number from 0 to 1")


@rule
def calls(case):
    """One row takes at most three times as long as in production; calls take turns, in an order that changes."""
    took = {case.new: [], case.old: []}
    for row in random.sample(case.known, 40):
        for model in random.sample(list(took), 2):
            took[model].append(model.call([row])["seconds"])
    new, old = (statistics.median(took[model]) for model in (case.new, case.old))
    if new > 3 * old:
        raise Unfit("slow", f"a call takes {1000 * new:.1f} ms, in production {1000 * old:.1f} ms")


@rule
def memory(case):
    """20 MB more than in production at most, when it is loaded and a hundred calls later."""
    rows = case.known[:1] * 2
    for times in (1, 100):
        held = case.new_traced.call(rows, times)["held"]
        if held - case.old.held > 20:
            raise Unfit("memory", f"{held:.0f} MB are held, {case.old.held:.0f} in production")


@rule
def future(case):
    """What is known later moves no answer."""
    with_it, without = case.new.predict(case.fresh), case.new.predict(case.known)
    if max(abs(one - other) for one, other in zip(with_it, without, strict=True)) > 0.01:
        raise Unfit("leak", "answers move when what is known later is taken away")


@rule
def steadiness(case):
    """Same row, same answer: again, in another load, in other company."""
    rows = case.known[:120]
    first = case.new.predict(rows)
    order = random.sample(range(len(rows)), len(rows))
    shuffled = dict(zip(order, case.new.predict([rows[at] for at in order]), strict=True))
    for again in (
        case.new.predict(rows),
        case.new_traced.predict(rows),
        [shuffled[at] for at in range(len(rows))],
        [case.new.predict([row])[0] for row in rows[:12]],
    ):
        if max(abs(one - other) for one, other in zip(first, again, strict=False)) > 0.01:
            raise Unfit("unsteady", "the same row has another answer")


@rule
def quality(case):
    """No worse than in production: in all, and in no slice by more than chance would have it."""
    new, old = (
        [(answer >= 0.5) == label for answer, label in zip(model.predict(case.known), case.labels, strict=True)]
        for model in (case.new, case.old)
    )
    lost = [before - now for before, now in zip(old, new, strict=True)]
    case.score = sum(new) / len(new)
    if statistics.fmean(lost) > 0.03:
        raise Unfit("quality", f"{case.score:.3f} are right, in production {sum(old) / len(old):.3f}")
    for column in (column["name"] for column in case.schema if column["slice"]):
        for value in {row[column] for row in case.known}:
            ours = [one for one, row in zip(lost, case.known, strict=True) if row[column] == value]
            if len(ours) >= 40 and _at_least(ours) > 0.10:
                raise Unfit("quality", f"{column} {value} loses {statistics.fmean(ours):.2f}")


def _at_least(lost):
    """Lower end of what a slice loses."""
    return statistics.fmean(lost) - statistics.stdev(lost) / math.sqrt(len(lost))
