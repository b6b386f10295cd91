"""Whether features tell labels apart better than chance: a small decision tree, tried on exams that it has not seen.

scikit-learn is needed for no exam, only here and in labs' images, so it is imported when it is used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.course.catalog import ENGINE
from grader.errors import BadInput

DEPTH, LEAST_IN_LEAF, FOLDS = 3, 0.02, 5
LIFT = 0.1
"""Of the way from chance to certainty: what a tree has to gain at least."""
MOSTLY = 0.8
"""Of a label's rows: so many have to be at a leaf that is said to be its own."""
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
        from sklearn.tree import DecisionTreeClassifier
    except ImportError as missing:
        raise BadInput(f"lab audit needs scikit-learn; to install it: make -C {ENGINE} .venv/.ready-dev") from missing
    kept = [at for at, label in enumerate(labels) if label in wanted]
    values = [[rows[at].get(name, -1.0) for name in features] for at in kept]
    truth, exams = [labels[at] for at in kept], [groups[at] for at in kept]
    chance, best = 1 / len(wanted), None
    for depth in range(1, DEPTH + 1):
        tree = DecisionTreeClassifier(
            max_depth=depth, min_samples_leaf=LEAST_IN_LEAF, class_weight="balanced", random_state=0
        )
        told = cross_val_predict(tree, values, truth, groups=exams, cv=GroupKFold(FOLDS))
        right, error = _right(truth, list(told))
        enough = right - chance >= max(LIFT * (1 - chance), SURE * error)
        if enough and (best is None or right > best[0] + SURE * error):  # the shallowest that tells as much
            best = right, tree.fit(values, truth)
    if best is None:
        return None
    right, tree = best
    used = _used(tree, features)
    for weak in used[1:] if len(used) > 1 else ():
        rest = [name for name in used if name != weak]
        less = _grown(rows, labels, groups, rest, wanted)
        if less is not None and less.right >= right - error:
            return less
    return Rule(right, chance, _in_words(tree, features, values, truth), used)


def _used(tree: Any, features: Sequence[str]) -> tuple[str, ...]:
    """Features that a tree asks about, the first one first."""
    return tuple(features[at] for at in dict.fromkeys(tree.tree_.feature) if at >= 0)


def _right(truth: Sequence[str], told: Sequence[str]) -> tuple[float, float]:
    """The mean over labels of the share that was told rightly, and its standard error as if it were by chance."""
    counts = Counter(truth)
    hits = Counter(label for label, said in zip(truth, told, strict=True) if label == said)
    many, chance = len(counts), 1 / len(counts)
    error = math.sqrt(sum(chance * (1 - chance) / count for count in counts.values())) / many
    return sum(hits[label] / count for label, count in counts.items()) / many, error


def _in_words(tree: Any, features: Sequence[str], values: Sequence[Sequence[float]], truth: Sequence[str]) -> str:
    """What each leaf means: the labels that are mostly found there, and the way to it."""
    counts, at = Counter(truth), [int(leaf) for leaf in tree.apply(values)]
    found = Counter(zip(at, truth, strict=True))
    said = []
    for leaf, way in _ways(tree.tree_, features):
        labels = [label for label in counts if found[leaf, label] >= MOSTLY * counts[label]]
        likely = max(counts, key=lambda label: found[leaf, label] / counts[label])
        said.append(f"{', '.join(sorted(labels)) or f'rather {likely}'} where {way}")
    return "; ".join(said)


def _ways(tree: Any, features: Sequence[str]) -> list[tuple[int, str]]:
    """Leaves, each with what leads to it."""
    found, left = [], [(0, "")]
    while left:
        node, way = left.pop(0)
        if tree.children_left[node] < 0:
            found.append((node, way))
            continue
        name, edge = features[tree.feature[node]], f"{tree.threshold[node]:.4g}"
        more = f"{way} and " if way else ""
        left.append((int(tree.children_left[node]), f"{more}{name} <= {edge}"))
        left.append((int(tree.children_right[node]), f"{more}{name} > {edge}"))
    return found
