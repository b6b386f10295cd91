"""A tree tells what features tell, by the fewest of them, and nothing where there is only chance."""

from __future__ import annotations

import random

from grader.authoring.audit.tree import tell

EXAMS = [n // 10 for n in range(400)]


def rows(seed: int) -> list[dict[str, float]]:
    rng = random.Random(seed)
    return [{"rate": rng.choice([60.0, 100.0]), "bytes": rng.uniform(0, 1), "first": rng.uniform(0, 1)} for _ in EXAMS]


def test_chance_is_no_rule() -> None:
    rng = random.Random(2)

    assert all(tell(rows(seed), [rng.choice("abc") for _ in EXAMS], EXAMS) is None for seed in range(5))


def test_a_rule_names_the_feature_that_tells_and_no_other() -> None:
    seen = rows(1)

    rule = tell(seen, ["good" if row["rate"] > 80 else "bad" for row in seen], EXAMS)

    assert rule is not None
    assert rule.features == ("rate",)
    assert rule.says == "bad where rate <= 80; good where rate > 80"
    assert rule.right > 0.99


def test_a_rule_that_tells_half_is_a_rule() -> None:
    seen, rng = rows(3), random.Random(4)
    labels = ["good" if row["rate"] > 80 or rng.random() < 0.5 else "bad" for row in seen]

    rule = tell(seen, labels, EXAMS)

    assert rule is not None
    assert rule.features[0] == "rate"


def test_what_is_learnt_of_one_exam_alone_is_no_rule() -> None:
    seen = [{"id": float(exam)} for exam in EXAMS]
    rng = random.Random(5)
    drawn = {exam: rng.choice(["good", "bad"]) for exam in set(EXAMS)}

    assert tell(seen, [drawn[exam] for exam in EXAMS], EXAMS) is None


def test_one_label_is_nothing_to_tell() -> None:
    assert tell(rows(6), ["good"] * len(EXAMS), EXAMS) is None
