"""Is a bundle fit? Each line of the table, from what its model does when it is run beside the baseline's."""

import random
from dataclasses import dataclass, field
from statistics import median, quantiles

from probe import Probe, Unfit

TIMES = 3
TIMED = 40  # calls with one row
SURE = 2.0  # no fit model is slower; above it, more calls are made
AGAIN = 20
TURN = 4  # calls of one model before the other's turn
CALLS = 100  # after which memory counts
MORE_MB = 20
POINTS = 0.03
SLICE_POINTS = 0.15
SLICE_ROWS = 40
SAME = 0.01


@dataclass
class Finding:
    score: float | None = None
    baseline: float | None = None
    notes: str = ""  # what was measured, for the log
    broken: dict = field(default_factory=dict)  # reason -> why, in words


def blank(rows, later):
    return [{name: None if name in later else value for name, value in row.items()} for row in rows]


def spread(rows, names):
    """Places of rows, so that each value of each slice column comes early: the first hundred have some of all."""
    seen, keyed = {}, []
    for place, row in enumerate(rows):
        ranks = []
        for name in names:
            key = (name, str(row.get(name)))
            seen[key] = rank = seen.get(key, -1) + 1
            ranks.append(rank)
        keyed.append((min(ranks, default=place), place))
    return [place for _, place in sorted(keyed)]


def right(answers, labels, places):
    return sum((answers[place] >= 0.5) == bool(labels[place]) for place in places) / len(places)


def apart(one, other):
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


class Judge:
    def __init__(self, folder, baseline_folder, samples):
        self.folder, self.baseline_folder = folder, baseline_folder
        later = {column["name"] for column in samples["schema"] if column["known"] == "later"}
        self.slices = [column["name"] for column in samples["schema"] if column.get("slice")]
        self.full = samples["fresh"]["rows"]
        self.rows = blank(self.full, later)
        self.labels = samples["fresh"]["labels"]
        self.old = samples["old"]["rows"]
        self.old_blank = blank(self.old, later)
        self.places = spread(self.rows, self.slices)
        self.finding = Finding()

    def judge(self):
        """What breaks first ends it: there is no more to learn of a model that does not answer or is slow."""
        try:
            with Probe(self.folder) as new, Probe(self.baseline_folder) as old:
                old.load()
                new.load()
                alone = self.cost(new, old)
                if self.finding.broken:
                    return self.finding
                with Probe(self.folder, anew=True) as other:  # starts while the first one answers
                    before, now, filled = self.together(new, old)
                    other.load()
                    observed = [*alone.items(), *enumerate(now), *self.otherwise(other)]
        except Unfit as unfit:
            self.finding.broken[unfit.reason] = unfit.why
            return self.finding
        self.quality(before, now)
        if not self.steady(observed):  # else blank columns prove nothing
            self.leaks(filled)
        return self.finding

    def cost(self, new, old):
        """Time and memory, over the model's first hundred calls, each with one row. Returns the answers by place."""
        alone, seconds, before = {}, [], []

        def ask(calls):
            """Both, turn by turn: what else the box does then hits both."""
            todo = [place for place in self.places if place not in alone][:calls]
            for begin in range(0, len(todo), TURN):
                turn = todo[begin : begin + TURN]
                rows = [[self.rows[place]] for place in turn]
                before.extend(old.ask(rows)["seconds"])
                reply = new.ask(rows)
                seconds.extend(reply["seconds"])
                alone.update((place, answer) for place, (answer,) in zip(turn, reply["answers"], strict=True))

        ask(TIMED)
        times = median(seconds) / median(before)
        if times > SURE:
            # A busy box makes a call longer, never shorter. A slow model is slow in its quietest calls too.
            ask(AGAIN)
            quiet = quantiles(seconds[TIMED:])[0] / quantiles(before[TIMED:])[0]
            times = min(times, quiet)
        if times > TIMES:
            self.finding.broken["slow"] = f"{times:.1f} times the baseline's {median(before) * 1e3:.1f} ms for one row"
        ask(CALLS - len(alone))
        more = [
            new.more_mb(new.loaded["mb"]) - old.more_mb(old.loaded["mb"]),
            new.more_mb(new.ask([], memory=True)["mb"]) - old.more_mb(old.ask([], memory=True)["mb"]),
        ]
        if max(more) > MORE_MB:
            told = f"{more[0]:.0f} MB more than the baseline, {more[1]:.0f} after {CALLS} calls"
            self.finding.broken["memory"] = told
        self.finding.notes = f"{times:.1f} times the time, {more[0]:.0f} and {more[1]:.0f} MB more"
        return alone

    def together(self, new, old):
        """Answers to all fresh rows: the baseline's, the model's; then the model's to filled and blank rows."""
        new.send([self.rows, self.full, self.rows, self.old, self.old_blank])
        before = old.ask([self.rows])["answers"][0]
        now, full, again, past, past_blank = new.reply()["answers"]
        return before, now, [(now, again, full), (past_blank, past_blank, past)]

    def otherwise(self, other):
        """The same rows in another load: in another order, in batches of another size, and alone."""
        mixed = list(range(len(self.rows)))
        random.Random(7).shuffle(mixed)
        groups = [mixed, *([mixed[at : at + 25] for at in range(0, len(mixed), 25)])]
        groups += [[place] for place in reversed(self.places[: CALLS // 2])]
        groups.append(list(range(len(self.rows))))
        answers = other.ask([[self.rows[place] for place in group] for group in groups])["answers"]
        return [pair for group, reply in zip(groups, answers, strict=True) for pair in zip(group, reply, strict=True)]

    def quality(self, before, now):
        everywhere = range(len(now))
        self.finding.score, self.finding.baseline = (right(each, self.labels, everywhere) for each in (now, before))
        lost = self.finding.baseline - self.finding.score
        if lost > POINTS:
            self.finding.broken["quality"] = f"{lost * 100:.1f} points less often right"
        for name in self.slices:
            parts = {}
            for place, row in enumerate(self.rows):
                parts.setdefault(str(row.get(name)), []).append(place)
            for value, places in parts.items():
                lost = right(before, self.labels, places) - right(now, self.labels, places)
                if len(places) >= SLICE_ROWS and lost > SLICE_POINTS:
                    told = f"{lost * 100:.0f} points less often right at {name} {value}"
                    self.finding.broken.setdefault("quality", told)

    def steady(self, observed):
        low, high = {}, {}
        for place, answer in observed:
            low[place], high[place] = min(answer, low.get(place, 1.0)), max(answer, high.get(place, 0.0))
        moved = [place for place in low if high[place] - low[place] > SAME]
        if moved:
            most = max(high[place] - low[place] for place in moved)
            self.finding.broken["unsteady"] = f"answers to {len(moved)} of {len(low)} rows move, by up to {most:.2f}"
        return moved

    def leaks(self, filled):
        """Triples of answers: to blank rows, to blank rows again, to the same rows filled in."""
        if any(apart(first, again) > SAME for first, again, _ in filled):
            self.finding.broken["unsteady"] = "answers to the same rows move from call to call"
            return
        most = max(apart(again, full) for _, again, full in filled)
        if most > SAME:
            self.finding.broken["leak"] = f"answers move by up to {most:.2f} when columns known later are blank"
