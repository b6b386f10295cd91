"""Which services share a pod, and what cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.k8s.pods import pods, problems
from infra.system import System, load_system

TOY = Path(__file__).parents[1] / "systems" / "toy" / "compose.yaml"


def system(folder: Path, services: str, open_files: tuple[str, ...] = ()) -> System:
    (folder / "code").mkdir(exist_ok=True)
    (folder / "compose.yaml").write_text(f"services:\n{services}\nvolumes: {{v: , w: }}\nnetworks: {{lab: , back: }}\n")
    return load_system(folder / "compose.yaml", open_files)


def service(name: str, **keys: str) -> str:
    lines = "".join(f"\n    {key}: {value}" for key, value in keys.items())
    return f"  {name}:\n    image: brownout/core\n    command: [x]{lines}"


def test_services_that_share_a_volume_share_a_pod() -> None:
    found = pods(load_system(TOY, ("code",)))
    assert [[one.name for one in pod.services] for pod in found] == [["front", "back"], ["shop"]]
    assert [pod.open for pod in found] == [False, True]


def test_sharing_is_passed_on(tmp_path: Path) -> None:
    services = [
        service("a", volumes='["v:/d"]'),
        service("b", volumes='["w:/d"]'),
        service("c", volumes='["v:/d", "w:/e"]'),
    ]
    (pod,) = pods(system(tmp_path, "\n".join(services)))
    assert [one.name for one in pod.services] == ["a", "b", "c"]
    assert len({pod.control(one.name) for one in pod.services}) == 3


V = '["v:/d"]'


def test_sealed_services_may_share_a_candidates_pod_if_that_leads_nowhere_new(tmp_path: Path) -> None:
    services = [
        service("a", volumes='["v:/d", "./code:/c:ro"]', networks="[lab]"),
        service("b", volumes=V, networks="[lab, back]"),
        service("c", networks="[lab, back]"),
    ]
    made = system(tmp_path, "\n".join(services), ("code",))
    assert [(pod.open, len(pod.services)) for pod in pods(made)] == [(True, 2), (False, 1)]
    assert list(problems(made)) == []


REFUSED = {
    "same port": [service("a", volumes=V, expose='["80"]'), service("b", volumes=V, expose='["80"]')],
    "a candidate's code would reach b and c": [
        service("a", volumes='["v:/d", "./code:/c:ro"]', networks="[lab]"),
        service("b", volumes=V, networks="[back]"),
        service("c", networks="[back]"),
    ],
    "15900 to 15999": [service("a", expose='["15900"]')],
}


@pytest.mark.parametrize("says", REFUSED)
def test_what_cannot_be_kept_apart_is_refused(tmp_path: Path, says: str) -> None:
    (problem,) = problems(system(tmp_path, "\n".join(REFUSED[says]), ("code",)))
    assert says in problem


def test_the_toy_is_not_refused() -> None:
    assert list(problems(load_system(TOY, ("code",)))) == []
