"""Each candidate's draw: theirs alone, the same each time, and bound before they begin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.errors import BadInput
from grader.hiring import seeds

KEY = bytes(range(32))
ADA = (KEY, "Ada", "canary", "v1")


def test_a_seed_is_the_same_each_time() -> None:
    assert seeds.seed(*ADA, "s1") == seeds.seed(*ADA, "s1") == 1656449966


def test_another_byte_handed_in_is_another_draw_under_the_same_commitment() -> None:
    assert seeds.seed(*ADA, "s1") != seeds.seed(*ADA, "s2")


@pytest.mark.parametrize(
    "other",
    [(bytes(32), "Ada", "canary", "v1"), (KEY, "Bob", "canary", "v1"), (KEY, "Ada", "drift", "v1"), (*ADA[:3], "v2")],
)
def test_a_seed_hangs_on_key_name_lab_and_version(other: tuple[bytes, str, str, str]) -> None:
    assert seeds.seed(*other, "s1") != seeds.seed(*ADA, "s1")


def test_names_that_read_the_same_one_after_another_have_seeds_of_their_own() -> None:
    assert seeds.seed(KEY, "Adac", "anary", "v1", "s1") != seeds.seed(*ADA, "s1")


def test_a_commitment_is_no_function_of_the_seed() -> None:
    assert re.fullmatch("[0-9a-f]{64}", seeds.commitment(*ADA))
    assert f"{seeds.seed(*ADA, 's1'):x}" not in seeds.commitment(*ADA)


def test_a_thousand_people_have_a_thousand_seeds() -> None:
    assert len({seeds.seed(KEY, f"person {n}", "canary", "v1", "s1") for n in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("size", "mode", "says"), [(8, 0o600, "16 to"), (5000, 0o600, "16 to"), (32, 0o644, "chmod 600")]
)
def test_a_key_that_protects_nothing_is_refused(tmp_path: Path, size: int, mode: int, says: str) -> None:
    file = tmp_path / "team.key"
    file.write_bytes(bytes(size))
    file.chmod(mode)

    with pytest.raises(BadInput, match=says):
        seeds.read_key(file)


def test_a_key_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        seeds.read_key(tmp_path / "none")


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\nb"])
def test_a_name_that_cannot_be_printed_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="1 to 64"):
        seeds.check_name(name)
