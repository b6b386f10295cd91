"""What PARTNERS may say."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest
from partner_ports.settings import partners

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST

GOOD = {"name": "scan", "listen": "0.0.0.0:1", "kind": "call"}


def test_what_is_left_out_has_a_default() -> None:
    [one] = partners([GOOD])

    assert (one.seconds, one.slots, one.visible_s) == (0.05, 0, 30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Scan"},
        {"name": 1},
        {"listen": "nowhere"},
        {"kind": "shop"},
        {"kind": "book"},
        {"key": "order"},
        {"item": "box"},
        {"seconds": -1},
        {"seconds": float("nan")},
        {"seconds": True},
        {"slots": 1.5},
        {"slots": -1},
        {"visible_s": 601},
        {"more": 1},
    ],
)
def test_one_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="PARTNERS"):
        partners([GOOD | wrong])


@pytest.mark.parametrize("raw", [[], {}, None, [1], [GOOD, GOOD], [GOOD, GOOD | {"name": "other"}]])
def test_a_list_that_makes_no_sense_is_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match="PARTNERS"):
        partners(raw)


def test_it_ends_with_one_sentence() -> None:
    done = subprocess.run(
        [str(environment("core") / "bin" / "python"), "-m", "partner_ports"],
        env={**os.environ, "PYTHONPATH": str(CAST / "lib"), "PARTNERS": "[]", "CONTROL": "127.0.0.1:1"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.startswith("partner_ports: PARTNERS") and done.stderr.count("\n") == 1
