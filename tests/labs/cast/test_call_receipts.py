"""Receipts: whom they fit, and whom not."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from call_receipts import Receipt, checked, issue, read

from tests.labs.cast.conftest import CAST

KEY = "a-key-that-nobody-has"
ITEM, ANSWER = {"route": "Z3-1142", "seats": 4}, {"price": 61.5}
TEXT = issue(KEY, ITEM, ANSWER, who="large", version="2", issued_ms=1_785_312_000_123)


def test_a_receipt_says_who_which_version_and_when() -> None:
    said = checked(KEY, TEXT, ITEM, ANSWER)

    assert said == Receipt(1_785_312_000_123, "large", "2") == read(TEXT)
    assert said.issued == pytest.approx(1_785_312_000.123)


@pytest.mark.parametrize(
    ("key", "subject", "answer"),
    [
        ("another-key", ITEM, ANSWER),
        ("", ITEM, ANSWER),
        (KEY, {**ITEM, "seats": 5}, ANSWER),
        (KEY, {**ITEM, "seats": "4"}, ANSWER),
        (KEY, {**ITEM, "seats": True}, ANSWER),
        (KEY, ITEM, {"price": 61.500001}),
        (KEY, ITEM, {"price": None}),
        (KEY, ITEM, {}),
        (KEY, ANSWER, ITEM),
    ],
)
def test_it_fits_no_other_key_subject_or_answer(key: str, subject: Any, answer: Any) -> None:
    assert checked(key, TEXT, subject, answer) is None


@pytest.mark.parametrize("part", range(4))
def test_no_part_of_it_can_be_changed(part: int) -> None:
    parts = TEXT.split(".")
    parts[part] = {0: "1785312000124", 1: "small", 2: "3", 3: "0" * 16}[part]

    assert checked(KEY, ".".join(parts), ITEM, ANSWER) is None


@pytest.mark.parametrize(
    "text",
    ["", "a", None, 7, b"x", ["x"], TEXT + "\n", " " + TEXT, TEXT.upper(), TEXT + ".x", "." * 3, "9" * 5000,
     f"٣.large.2.{'0' * 16}", f"-1.large.2.{'0' * 16}", f"007.large.2.{'0' * 16}", f"1.large.\ud800.{'0' * 16}"],
)  # fmt: skip
def test_what_has_another_form_is_none(text: Any) -> None:
    assert read(text) is None and checked(KEY, text, ITEM, ANSWER) is None


def deep(levels: int) -> Any:
    found: Any = 1
    for _ in range(levels):
        found = [found]
    return found


@pytest.mark.parametrize(
    "odd",
    [
        float("nan"),
        float("inf"),
        deep(100_000),
        10**5000,
        {1: 2},
        {(): 1},
        object(),
        {"\ud800": "\ud800"},
        b"x",
        {1, 2},
    ],
    ids=["nan", "inf", "deep", "digits", "number-key", "tuple-key", "object", "half", "bytes", "set"],
)
def test_nothing_that_a_stranger_hands_in_raises(odd: Any) -> None:
    assert checked(KEY, TEXT, ITEM, odd) is None
    assert checked(KEY, TEXT, odd, ANSWER) is None


def test_it_covers_json_however_that_was_written() -> None:
    text = issue(KEY, {"b": [1.0, 2.5], "a": "ü"}, (1, -0.0), who="m", version="1", issued_ms=0)

    assert checked(KEY, text, json.loads('{"a": "\\u00fc", "b": [1, 2.5]}'), [1, 0])


@pytest.mark.parametrize(
    "wrong",
    [{"who": "a.b"}, {"who": ""}, {"version": "1.2"}, {"version": "x" * 61}, {"issued_ms": -1}, {"issued_ms": 10**16}],
)
def test_what_cannot_stand_in_a_receipt_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cannot stand|no time"):
        issue(KEY, ITEM, ANSWER, **{"who": "m", "version": "1", "issued_ms": 1, **wrong})


@pytest.mark.parametrize("answer", [float("nan"), object(), deep(100_000)])
def test_what_is_no_json_has_no_receipt(answer: Any) -> None:
    with pytest.raises(ValueError):
        issue(KEY, ITEM, answer, who="m", version="1", issued_ms=1)


def test_nobody_signs_without_a_key() -> None:
    with pytest.raises(ValueError, match="needs a key"):
        issue("", ITEM, ANSWER, who="m", version="1", issued_ms=1)


def test_another_process_writes_the_same() -> None:
    code = (
        "import json, sys; from call_receipts import issue; "
        "print(issue(*json.load(sys.stdin), who='large', version='2', issued_ms=1785312000123))"
    )
    found = subprocess.run(
        [sys.executable, "-S", "-c", code],
        input=json.dumps([KEY, ITEM, ANSWER]),
        env={"PYTHONPATH": str(CAST / "lib"), "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == TEXT
