"""From what the trials saw to the reasons of the brief's table."""

import random
import statistics
from dataclasses import dataclass, field

import limits


@dataclass
class Judgement:
    reasons: dict = field(default_factory=dict)  # reason: what was seen
    score: float | None = None
    baseline: float | None = None

    def find(self, reason, seen):
        self.reasons.setdefault(reason, seen)

    @property
    def report(self):
        said = "; ".join(f"{reason}: {seen}" for reason, seen in self.reasons.items()) or "keeps every line"
        score = "" if self.score is None else f". Right on fresh {self.score:.3f} (baseline {self.baseline:.3f})"
        return said + score


def blank(rows, schema):
    later = {column["name"] for column in schema if column["known"] == "later"}
    return [{name: None if name in later else value for name, value in row.items()} for row in rows]


def rows_of(samples):
    """The lists of rows for the trials: no labels among them, a model could read the file."""
    full = samples["fresh"]["rows"] + samples["old"]["rows"]
    bare = blank(full, samples["schema"])
    return {"full": full, "blank": bare, "fresh": bare[: len(samples["fresh"]["rows"])]}


def judge(bench, samples, rows):
    """A trial as on a lift beside the baseline; then another load, asked in other ways."""
    found = Judgement()
    lift = [["each", "fresh", limits.CALLS], ["memory"], ["batch", "fresh", None]]
    model, base = bench.again(["bundle", "baseline"], lift)
    if base.wrong:
        raise RuntimeError(f"the baseline cannot be asked: {base.wrong}")
    if model.wrong:
        answers = model.late and len(model.took) >= limits.TIMED
        if answers and model.call_s > limits.TIMES * base.call_s:
            found.find("slow", f"{model.call_s / base.call_s:.1f} times the baseline's time for a call")
        else:
            found.find("load", model.wrong)
        return found
    speed(found, bench, model, base)
    if model.more - base.more > limits.MORE_MB:
        found.find("memory", f"{model.more:.0f} MB, baseline {base.more:.0f} MB")

    order = list(range(len(rows["blank"])))
    random.Random(1).shuffle(order)
    (other,) = bench.again(["bundle"], [["batch", "blank", order], ["batch", "blank", None], ["batch", "full", None]])
    if other.wrong:
        found.find("load", other.wrong)
        return found
    steady(found, model, other)
    quality(found, model, base, samples)
    leak(found, other)
    return found


def speed(found, bench, model, base):
    ratios = [model.call_s / base.call_s]
    low, high = limits.DOUBTFUL
    while low < ratios[-1] < high and len(ratios) < 3 and bench.left() > 4:
        once = bench.run(["bundle", "baseline"], [["each", "fresh", limits.TIMED]])
        if any(notes.wrong for notes in once):
            break
        ratios.append(once[0].call_s / once[1].call_s)
    ratio = ratios[-1] if not low < ratios[-1] < high else statistics.median(ratios)
    if ratio > limits.TIMES:
        found.find("slow", f"{ratio:.1f} times the baseline's time for a call")


def most(some, others):
    """How far an answer moved, at most."""
    return max(abs(one - other) for one, other in zip(some, others, strict=False))


def steady(found, model, other):
    (fresh,), (shuffled, in_order, _) = model.batches, other.batches
    moves = {
        "in another order": most(shuffled, in_order),
        "alone and in a batch": most(model.alone, fresh),
        "after another load": most(fresh, in_order),
        "alone, and after another load": most(model.alone, shuffled),
    }
    moved = {how: move for how, move in moves.items() if move > limits.SAME}
    if moved:
        found.find("unsteady", ", ".join(f"{move:.2f} {how}" for how, move in moved.items()))


def leak(found, other):
    """Nothing can be said of an unsteady model: its answers move by themselves."""
    _, bare, full = other.batches
    move = most(bare, full)
    if move > limits.SAME and "unsteady" not in found.reasons:
        found.find("leak", f"answers move by {move:.2f} when later columns are blank")


def quality(found, model, base, samples):
    rows, labels = samples["fresh"]["rows"], samples["fresh"]["labels"]
    mine, theirs = (
        [(answer >= 0.5) == bool(label) for answer, label in zip(notes.batches[0], labels, strict=True)]
        for notes in (model, base)
    )
    found.score, found.baseline = statistics.fmean(mine), statistics.fmean(theirs)
    if "unsteady" in found.reasons:
        return
    worse = []
    if found.baseline - found.score > limits.POINTS:
        worse.append(f"{found.score:.3f} on fresh, baseline {found.baseline:.3f}")
    for column in (column["name"] for column in samples["schema"] if column["slice"]):
        slices = {}
        for place, row in enumerate(rows):
            slices.setdefault(row[column], []).append(place)
        for value, places in slices.items():
            now, before = (statistics.fmean(right[place] for place in places) for right in (mine, theirs))
            if len(places) >= limits.SLICE_ROWS and before - now > limits.SLICE_POINTS:
                worse.append(f"{now:.3f} where {column} is {value}, baseline {before:.3f}")
    if worse:
        found.find("quality", ", ".join(worse))
