"""It is as right as the model in production, on rows that its team has not seen, and in each slice of them."""

from checks.later import blank
from checks.result import Result

WORSE, SLICE_WORSE = 0.03, 0.15
LEAST = 40


def right(box, sample, schema):
    answers = box.answers(blank(sample["rows"], schema))
    return [(answer >= 0.5) == label for answer, label in zip(answers, sample["labels"], strict=True)]


def share(flags):
    return sum(flags) / len(flags)


def check(bundle, baseline, samples):
    sample, schema = samples["fresh"], samples["schema"]
    before, now = right(baseline.one, sample, schema), right(bundle.one, sample, schema)
    passed = share(before) - share(now) <= WORSE
    for column in (column["name"] for column in schema if column["slice"]):
        for value in {row[column] for row in sample["rows"]}:
            ours = [at for at, row in enumerate(sample["rows"]) if row[column] == value]
            lost = share([before[at] for at in ours]) - share([now[at] for at in ours])
            passed = passed and (len(ours) < LEAST or lost <= SLICE_WORSE)
    return Result("quality", passed, share(now), share(before))
