"""Every hostile submission comes to what it says of itself, leaves nothing, and the next clean submission passes.

CI holds the quick ones by themselves (marker `proof`), some side by side, each on a machine of its own. `make
test-hostile` holds all, one after the other: what one leaves is to be seen in the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import pytest

from infra.errors import RuntimeUnavailable
from infra.runtime import runtime
from infra.system import load_system
from tests.hostile import course, table
from tests.hostile.hold import Outcome, hold, hold_clean
from tests.hostile.host import Host
from tests.hostile.suite import TOY, Hostile, found

ALL = found()
KINDS = {kind: list(members) for kind, members in groupby(ALL, key=lambda hostile: hostile.kind)}
REFUSED = [hostile for hostile in ALL if hostile.ends == "refused"]
QUICK = [hostile for hostile in ALL if hostile.quick and hostile.ends != "refused"]
IN_TURN = [(kind, each) for kind, members in KINDS.items() for each in [*members, *sorted({m.lab for m in members})]]
"""Class by class: its submissions, and then a clean one of each lab that they attacked."""


AT_ONCE = 4
"""Quick ones side by side: most of their time they wait, for containers and for a timeline."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A machine that is worth attacking."""
    folder = tmp_path_factory.mktemp("hostile")
    folder.parent.chmod(0o755)
    host = machine(folder, sorted({hostile.lab for hostile in ALL}))
    yield host
    host.close()


@pytest.fixture(scope="module")
def docker(host: Host) -> None:
    """Docker, and the images of the toy lab."""
    place = runtime("compose")
    try:
        place.check()
        place.prepare(load_system(host.course / "labs" / TOY / "compose.yaml", (TOY,)))
    except RuntimeUnavailable as error:
        pytest.skip(str(error))


def machine(folder: Path, labs: list[str]) -> Host:
    """One with a course of these labs."""
    course.make(folder / "course", labs)
    return Host(folder / "host", folder / "course")


def told(name: str, outcome: Outcome) -> list[str]:
    return [f"{name}: {problem}" for problem in outcome.problems]


def test_there_are_many_of_each_class() -> None:
    assert len(ALL) >= 40 and min(map(len, KINDS.values())) >= 5
    assert set(KINDS) == set(table.CLASSES)


@pytest.mark.slow
@pytest.mark.parametrize("hostile", REFUSED, ids=lambda hostile: hostile.id)
def test_a_refusal_needs_no_containers(hostile: Hostile, host: Host, tmp_path: Path) -> None:
    assert not told(hostile.id, hold(hostile, host, tmp_path / "one"))


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("docker")
def test_the_quick_ones_and_a_clean_one_after_them(host: Host, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path.parent):
        path.chmod(0o755)

    own = [machine(tmp_path / f"machine-{number}", [TOY]) for number in range(len(QUICK))]

    def held(hostile: Hostile, alone: Host) -> list[str]:
        return told(hostile.id, hold(hostile, alone, tmp_path / hostile.file.stem))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        problems = [problem for found in pool.map(held, QUICK, own) for problem in found]
    for alone in own:
        alone.close()
    problems += told("a clean one after them", hold_clean(TOY, host, tmp_path / "clean"))

    assert not problems, "\n".join(problems)


@pytest.mark.hostile
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("docker")
@pytest.mark.parametrize(
    ("kind", "each"), IN_TURN, ids=[getattr(each, "id", f"{kind}/{each}") for kind, each in IN_TURN]
)
def test_it_comes_to_what_it_says(kind: str, each: Hostile | str, host: Host, tmp_path: Path) -> None:
    if isinstance(each, str):
        outcome = hold_clean(each, host, tmp_path / "clean")
    else:
        outcome = hold(each, host, tmp_path / "one")
    table.keep(kind, each, outcome)

    assert not outcome.problems, "\n".join(outcome.problems)


def test_the_table_is_of_these_submissions() -> None:
    assert table.PAGE.read_text("utf-8") == table.page(table.kept()), "run `python -m tests.hostile.table`"
