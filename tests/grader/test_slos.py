"""The exam's slo.yaml says what differs from the rehearsal's, and each error names the file that it is in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.course.slo import Base, load_slos, named_slos, resolved_slos, save_slos
from grader.errors import BadInput

Document = dict[str, Any]


def document(name: str, query: str = "true", target: float = 0.8) -> Document:
    source = {"metricSource": {"type": "Brownout", "spec": {"query": query}}}
    ratio = {"counter": True, "good": source, "total": source}
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": name, "displayName": f"It is {name}"},
        "spec": {
            "description": f"Most are {name}.",
            "service": "desk",
            "indicator": {"metadata": {"name": name}, "spec": {"ratioMetric": ratio}},
            "timeWindow": [{"duration": "28d", "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"displayName": name, "target": target}],
        },
    }


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    def write(own: list[Document], public: list[Document]) -> tuple[Path, Path]:
        for name, documents in (("own", own), ("public", public)):
            (tmp_path / name).mkdir()
            if documents:
                (tmp_path / name / "slo.yaml").write_text(yaml.safe_dump_all(documents))
        return tmp_path / "own" / "slo.yaml", tmp_path / "public" / "slo.yaml"

    return write


def test_what_is_not_said_is_the_rehearsals(files: Callable[..., tuple[Path, Path]], tmp_path: Path) -> None:
    stricter = {"metadata": {"name": "fast"}, "spec": {"objectives": [{"target": 0.95}]}}
    own, public = files([document("fresh"), stricter], [document("fast"), document("right"), document("only-there")])

    found = resolved_slos(own, public, ["right", "fresh", "fast"])

    whole = document("fast", target=0.95)
    assert list(found) == ["right", "fresh", "fast"]
    assert {name: path for name, (_, path) in found.items()} == {"right": public, "fresh": own, "fast": public}
    assert found["fast"][0].model_dump(mode="json") == {**whole, "words": {}}
    save_slos({name: slo for name, (slo, _) in found.items()}, tmp_path / "kept.yaml")
    assert load_slos(tmp_path / "kept.yaml") == {name: slo for name, (slo, _) in found.items()}
    assert list(load_slos(tmp_path / "kept.yaml")) == list(found)


def test_other_queries_are_the_exams(files: Callable[..., tuple[Path, Path]]) -> None:
    said = {"metadata": {"name": "fast"}, "spec": {"indicator": document("fast", "latency < 1")["spec"]["indicator"]}}
    own, public = files([said], [document("fast")])

    [(slo, path)] = resolved_slos(own, public, ["fast"]).values()

    assert (slo.good, slo.target, path) == ("latency < 1", 0.8, own)


def test_an_exam_of_the_same_objectives_needs_no_file_of_its_own(files: Callable[..., tuple[Path, Path]]) -> None:
    own, public = files([], [document("fast")])

    assert list(resolved_slos(own, public, ["fast"])) == ["fast"]


WRONG = {"metadata": {"name": "fast"}, "spec": {"objectives": [{"target": 1.5}]}}


@pytest.mark.parametrize(
    ("own", "public", "wanted", "says"),
    [
        ([], [], ["fast"], ["own/slo.yaml: does not exist"]),
        ([WRONG], [document("fast")], ["fast"], ["own/slo.yaml: spec.objectives.0.target"]),
        ([], [document("fast") | {"kind": "SLI"}], ["fast"], ["public/slo.yaml: kind"]),
        ([WRONG], [document("fast") | {"kind": "SLI"}], ["fast"], ["public/slo.yaml: kind"]),
        ([{**WRONG, "metadata": {"name": "slow"}}], [document("fast")], ["slow"], ["own/slo.yaml: apiVersion"]),
        ([{"metadata": {}}], [document("fast")], ["fast"], ["own/slo.yaml: metadata.name"]),
        ([document("fast"), WRONG], [document("fast")], ["fast"], ["own/slo.yaml", "used twice"]),
        ([{"metadata": {"name": "fast"}, "speck": 1}], [document("fast")], ["fast"], ["own/slo.yaml: speck"]),
        ([document("slow")], [document("fast")], ["fast"], ["own: objective 'slow' must be in both"]),
        ([], [document("fast")], ["fast", "right"], ["own: objective 'right' must be in both"]),
    ],
)
def test_what_is_not_whole_is_refused_by_file_and_key(
    files: Callable[..., tuple[Path, Path]],
    own: list[Document],
    public: list[Document],
    wanted: list[str],
    says: list[str],
) -> None:
    with pytest.raises(BadInput) as caught:
        resolved_slos(*files(own, public), wanted)

    assert all(part in str(caught.value) for part in says), caught.value


SHORT: Document = {"title": "It is fast", "promise": "At least {target} % are fast.", "target": 0.8}


@pytest.fixture
def base(tmp_path: Path) -> Base:
    path = tmp_path / "base.yaml"
    path.write_text(yaml.safe_dump(document("$name", "name = '$name'")).replace("service: desk", "service: $service"))
    return Base(path, "office")


def test_an_objective_in_short_is_a_whole_one(files: Callable[..., tuple[Path, Path]], base: Base) -> None:
    own, public = files([{"fast": 0.95, "right": {"good": "answer = 'late'"}}], [{"fast": SHORT, "right": SHORT}])

    found = resolved_slos(own, public, ["fast", "right"], base)

    fast, right = found["fast"][0], found["right"][0]
    assert (fast.id, fast.title, fast.target, fast.spec.service) == ("fast", "It is fast", 0.95, "office")
    assert (fast.spec.description, right.spec.description) == ("At least 95 % are fast.", "At least 80 % are fast.")
    assert (fast.good, fast.total) == ("name = 'fast'", "name = 'fast'")
    assert (right.good, right.total) == ("answer = 'late'", "name = 'right'")
    assert named_slos(own, public) == ["fast", "right"]


@pytest.mark.parametrize(
    ("own", "public", "says"),
    [
        ({"fast": 1.5}, {"fast": SHORT}, ["own/slo.yaml: objectives.fast.target"]),
        ({"fast": 0.9}, {"fast": SHORT | {"promise": 7}}, ["public/slo.yaml: objectives.fast.promise"]),
        ({"fast": {"god": "true"}}, {"fast": SHORT}, ["own/slo.yaml: objectives.fast.god"]),
        ({"fast": 0.9, "right": 0.9}, {"fast": SHORT}, ["own/slo.yaml: objectives.right.title"]),
        ({"fast": None}, {"fast": SHORT}, ["own/slo.yaml: objectives.fast"]),
    ],
)
def test_what_is_wrong_in_short_is_named(
    files: Callable[..., tuple[Path, Path]], base: Base, own: Document, public: Document, says: list[str]
) -> None:
    with pytest.raises(BadInput) as caught:
        resolved_slos(*files([own], [public]), list(own), base)
    assert all(part in str(caught.value) for part in says), caught.value


def test_objectives_in_short_need_a_casebook(files: Callable[..., tuple[Path, Path]]) -> None:
    with pytest.raises(BadInput, match="in short, which only a scenario.yaml with `casebook`"):
        resolved_slos(*files([], [{"fast": SHORT}]), ["fast"])
