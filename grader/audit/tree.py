"""Whether features tell labels apart better than chance: a small decision tree, tried on exams that it has not seen.

scikit-learn is needed for no exam, only here and in labs' images, so it is imported when it is used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.errors import BadInput

DEPTH, LEAST_IN_LEAF, FOLDS = 3, 0.02, 5
LIFT = 0.1
"""Of the way from chance to certainty: what a tree has to gain at least."""
SURE = 4.0
"""Standard errors by which it has to be above chance."""


@dataclass(frozen=True)
class Rule:
    """What was learnt. `right` is the mean over labels of how often each is told, `chance` what guessing has."""

    right: float
    chance: float
    says: str
    features: tuple[str, ...]

    @property
    def lift(self) -> float:
        """How far from chance to certainty, 0 to 1."""
        return (self.right - self.chance) / (1 - self.chance)


def tell(rows: Sequence[Mapping[str, float]], labels: Sequence[str], groups: Sequence[int]) -> Rule | None:
    """A rule that tells labels from features better than chance; None if there is none.

    Args:
        rows: features by name; those that are missing count as -1.
        labels: what is to be told, one a row.
        groups: which exam each row is from; a rule is tried on exams that it was not learnt from.
    """
    features = sorted({name for row in rows for name in row})
    known = Counter(labels)
    wanted = [label for label, count in known.items() if count >= FOLDS]
    if len(wanted) < 2 or len(set(groups)) < FOLDS or not features:
        return None
    return _grown(rows, labels, groups, features, wanted)


def _grown(
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[str],
    groups: Sequence[int],
    features: Sequence[str],
    wanted: Sequence[str],
) -> Rule | None:
    try:
        from sklearn.model_selection import GroupKFold, cross_val_predict
        from sklearn.tree import DecisionTreeClassifier, export_text
    except ImportError as error:
        raise BadInput("lab audit needs scikit-learn; install what requirements-dev.txt names") from error
    kept = [at for at, label in enumerate(labels) if label in wanted]
    values = [[rows[at].get(name, -1.0) for name in features] for at in kept]
    truth, exams = [labels[at] for at in kept], [groups[at] for at in kept]
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=LEAST_IN_LEAF, class_weight="balanced", random_state=0
    )
    told = cross_val_predict(tree, values, truth, groups=exams, cv=GroupKFold(FOLDS))
    right, error = _right(truth, list(told))
    chance = 1 / len(wanted)
    if right - chance < max(LIFT * (1 - chance), SURE * error):
        return None
    tree.fit(values, truth)
    used = tuple(features[at] for at in dict.fromkeys(tree.tree_.feature) if at >= 0)
    return Rule(right, chance, _in_words(export_text(tree, feature_names=list(features), decimals=2)), used)


def _right(truth: Sequence[str], told: Sequence[str]) -> tuple[float, float]:
    """The mean over labels of the share that was told rightly, and its standard error as if it were by chance."""
    counts = Counter(truth)
    hits = Counter(label for label, said in zip(truth, told, strict=True) if label == said)
    many, chance = len(counts), 1 / len(counts)
    error = math.sqrt(sum(chance * (1 - chance) / count for count in counts.values())) / many
    return sum(hits[label] / count for label, count in counts.items()) / many, error


def _in_words(text: str) -> str:
    """scikit-learn's drawing of a tree as one line: what leads to each leaf."""
    path: list[str] = []
    leaves: dict[str, list[str]] = {}
    for line in text.splitlines():
        depth = line.count("|   ")
        said = line.rpartition("|--- ")[2].strip()
        if said.startswith("class: "):
            leaves.setdefault(said.removeprefix("class: "), []).append(" and ".join(path[:depth]))
        else:
            path[depth:] = [" ".join(said.split())]
    return "; ".join(f"{label} if {' or '.join(ways)}" for label, ways in leaves.items())
