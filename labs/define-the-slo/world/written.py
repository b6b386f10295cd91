"""The promise as somebody wrote it: OpenSLO documents, read and put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openslo import KINDS, SHORT, AlertPolicy, Slo, minutes
from plainyaml import MOST_BYTES, NotPlain, checked, documents


@dataclass(frozen=True)
class Policy:
    """Fires while the burn rate is at least `threshold` over both windows, once it has been so for `after` minutes."""

    name: str
    tells: frozenset[str]
    threshold: float
    long: int
    short: int
    after: int


@dataclass(frozen=True)
class Promise:
    """What the documents say."""

    good: str
    total: str
    target: float
    policies: list[Policy]


def is_document(path: str) -> bool:
    """Whether a file is one of those that are read."""
    return path.endswith((".yaml", ".yml"))


def read(files: Mapping[str, str]) -> Promise:
    """The promise in the files of a folder, by name; NotPlain, in a sentence, if there is none."""
    found, paths = [], sorted(filter(is_document, files))
    if sum(len(files[path]) for path in paths) > MOST_BYTES:
        raise NotPlain(f"more than {MOST_BYTES >> 10} KiB in all")
    for path in paths:
        try:
            found += [(path, document) for document in documents(files[path])]
        except NotPlain as error:
            raise NotPlain(f"{path}: {error}") from None
    return promise(found)


def promise(found: Iterable[tuple[str, Any]]) -> Promise:
    """The promise in some documents, each with the path of its file."""
    named: dict[str, dict[str, Any]] = {"SLO": {}, "AlertPolicy": {}}
    for path, document in found:
        try:
            one = _document(document)
        except NotPlain as error:
            raise NotPlain(f"{path}: {error}") from None
        if named[one.kind].setdefault(one.metadata.name, one) is not one:
            raise NotPlain(f"{path}: there are two of the kind {one.kind} and the name {one.metadata.name}")
    if len(named["SLO"]) != 1:
        raise NotPlain(f"one promise has one document of the kind SLO, not {len(named['SLO'])}")
    [slo] = named["SLO"].values()
    return _promise(slo, named["AlertPolicy"])


def _document(document: Any) -> Slo | AlertPolicy:
    kind = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise NotPlain("kind: has to be SLO or AlertPolicy")
    name = document["metadata"].get("name") if isinstance(document.get("metadata"), dict) else None
    try:
        one: Slo | AlertPolicy = checked(KINDS[kind], document)
    except NotPlain as error:
        raise NotPlain(f"{kind} {name[:40]}: {error}" if isinstance(name, str) else f"{kind}: {error}") from None
    return one


def _promise(slo: Slo, policies: Mapping[str, AlertPolicy]) -> Promise:
    named = slo.spec.alertPolicies
    if missing := [name for name in named if name not in policies]:
        raise NotPlain(f"SLO {slo.metadata.name}: there is no AlertPolicy {missing[0]}")
    if unused := [name for name in policies if name not in named]:
        raise NotPlain(f"AlertPolicy {unused[0]}: the SLO does not name it in alertPolicies")
    ratio = slo.spec.indicator.spec.ratioMetric
    return Promise(
        good=ratio.good.metricSource.spec.query,
        total=ratio.total.metricSource.spec.query,
        target=slo.spec.objectives[0].target,
        policies=[_policy(policies[name]) for name in dict.fromkeys(named)],
    )


def _policy(policy: AlertPolicy) -> Policy:
    name, holder = policy.metadata.name, policy.spec.conditions[0]
    condition, notes = holder.spec.condition, holder.metadata.annotations
    try:
        short = minutes(notes[SHORT]) if SHORT in notes else condition.lookbackWindow
    except ValueError as error:
        raise NotPlain(f"AlertPolicy {name}: {SHORT}: {error}") from None
    tells = frozenset(target.targetRef for target in policy.spec.notificationTargets)
    return Policy(name, tells, condition.threshold, condition.lookbackWindow, short, condition.alertAfter)
