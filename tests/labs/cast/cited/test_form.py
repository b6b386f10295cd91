"""Documents and values, as they are written and shown. No query is run here."""

from __future__ import annotations

from datetime import datetime

import pytest
from cited.form import MOST_BYTES, MOST_CLAIMS, parse
from cited.formulas import Formula
from cited.values import Value, agrees, gives, read, shows

NOTE = "\n\n[^x]: `SELECT 1` gives 2114\n"
EVENING = datetime(2026, 10, 3, 19, 42, 10)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,114", 2114),
        ("So 2114", 2114),
        ("2,114 customers", 2114),
        ("**2,114**", 2114),
        ("2.1 k", 2114),
        ("2.1k EUR", 2114),
        ("EUR 2.11 k", 2114),
        ("€2,114.0", 2114),
        ("2 thousand", 2114),
        ("2.1 Thousand euros", 2114),
        ("4 dozen", 48),
        ("2.1 mn", 2_114_000),
        ("1.2 million", 1_234_567),
        ("-1.3 points", -0.013),
        ("\u22121.3", -1.3),
        ("3.2 %", 0.032),
        ("3.2%", 3.2),
        ("5-minute share of 0.03", 0.0312),
        ("0", 0),
        ("at 19:42", EVENING),
        ("19:42:10 UTC", EVENING),
        ("2026-10-03 19:42", EVENING),
        ("`dep-118`", "dep-118"),
        ('the "Payments host"', "Payments host"),
        ("Stop: yes", True),
        ("✗", False),
    ],
)
def test_a_value_is_shown_rounded_as_the_reader_likes(text: str, value: Value) -> None:
    assert shows(text, value) is True


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,400", 2114),
        ("2,115", 2114),
        ("12,114", 2114),
        ("-2,114", 2114),
        ("1,000", 1393),
        ("2.1", 2114),
        ("2.2 k", 2114),
        ("2,114 million", 2114),
        ("2,114 dozen", 2114),
        ("3.4 %", 0.032),
        ("0", 0.04),
        ("19:44", EVENING),
        ("2026-10-04 19:42", EVENING),
        ("25:42", EVENING),
        ("19:42:12", EVENING),
        ("dep-117", "dep-118"),
        ("xdep-118", "dep-118"),
        ("no", True),
    ],
)
def test_another_value_is_a_misquotation(text: str, value: Value) -> None:
    assert shows(text, value) is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 2114),
        ("two thousand one hundred and fourteen", 2114),
        ("2,114 of our customers", 2114),
        ("dep-118", 118),
        ("2114\u00b2", 2114),
        ("19:42", 42),
        ("7:42 PM", EVENING),
        ("19:42 CET", EVENING),
        ("it was the host", "n3"),
        ("it holds", True),
    ],
)
def test_where_nothing_of_its_kind_stands_nothing_is_shown(text: str, value: Value) -> None:
    assert shows(text, value) is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("So **2,114**[^x] of them", "So 2,114"),
        ("| a |\n|---|\n| 2,114[^x] |", "2,114"),
        ("So\n2,114[^x]", "So 2,114"),
        ("So [2,114](http://a.example)[^x]", "So 2,114"),
        ("So 12\u200b,114[^x]", ""),
        ("So &#x202e;4112&#x202c; 2114[^x]", ""),
        ("~~2,114~~[^x]", "\ufffc\ufffc"),
        ("![2,114](a.png)[^x]", "\ufffc"),
        ("2,114![](a.png)[^x]", "2,114\ufffc"),
        ("So <span hidden>2,114[^x]</span>", ""),
        ("<div hidden>\n\n2,114[^x]\n\n</div>", ""),
        ("<p>\n\nA paragraph.\n\nSo 2,114[^x]", ""),
    ],
)
def test_what_stands_before_a_reference_is_what_a_reader_sees(body: str, text: str) -> None:
    assert [each.text for each in parse(body + NOTE).shown] == [text]


@pytest.mark.parametrize("body", ["", "<!-- 2,114[^x] -->", "`2,114[^x]`", "    2,114[^x]", "![2,114[^x]](a.png)"])
def test_a_reference_that_nobody_sees_is_none(body: str) -> None:
    document = parse(body + NOTE)

    assert "x" in document.claims and not document.shown


def test_a_claim_is_shown_in_the_body_not_in_a_footnote() -> None:
    assert not parse("Text." + NOTE + "\n[^y]: 2,114[^x]\n").shown


def test_words_are_those_of_the_body() -> None:
    document = parse(
        "# A heading\n\nTwo words and 2,114[^x] more.\n\n| a | b |\n|---|---|\n| c | d |\n\nEnd[^x]." + NOTE
    )

    assert document.words == 6
    assert [(each.name, each.at) for each in document.shown] == [("x", 4), ("x", 6)]


@pytest.mark.parametrize(
    ("note", "source", "value"),
    [
        ("`SELECT 1` gives 2114", "SELECT 1", 2114),
        ("``SELECT '`'`` gives -0.5.", "SELECT '`'", -0.5),
        ("`= a / b` gives 0.032", "= a / b", 0.032),
        ("\n    ```sql\n    SELECT 1\n    ```\n    gives 2026-10-03 19:42:10Z", "SELECT 1", EVENING),
        ('`SELECT\n    1` gives "a b"', "SELECT\n1", "a b"),
        ("gives true", "", True),
    ],
)
def test_a_footnote_is_a_claim(note: str, source: str, value: Value) -> None:
    claim = parse(f"[^x]: {note}\n").claims["x"]

    assert (claim.source, claim.written.value) == (source, value)


@pytest.mark.parametrize(
    "note",
    [
        "`SELECT 1` gives nan",
        "`SELECT 1` gives 1e999",
        "`SELECT 1` gives 2,114",
        "`SELECT 1` gives 19:42",
        "`SELECT 1` gives 2026-13-03 19:42",
        "`SELECT 1` gives",
        "`SELECT 1` 2114",
        "`SELECT 1` and more gives 2114",
        'gives ""',
        "`SELECT 1` gives 2114\n\n    And a second paragraph.",
        f"`{'x' * 9000}` gives 2114",
        f"`SELECT 1` gives {'9' * 400}",
    ],
)
def test_a_footnote_that_is_no_claim_says_why(note: str) -> None:
    document = parse(f"[^x]: {note}\n")

    assert not document.claims and document.broken["x"]


def test_a_footnote_that_is_there_twice_is_no_claim() -> None:
    assert parse("2114[^x]" + NOTE + NOTE + NOTE).broken == {"x": "this footnote is there twice"}


def test_a_document_has_an_end() -> None:
    with pytest.raises(ValueError, match="64 KiB"):
        parse("a" * (MOST_BYTES + 1))
    with pytest.raises(ValueError, match="footnotes"):
        parse("\n".join(f"[^n{number}]: gives 1" for number in range(MOST_CLAIMS + 1)))


@pytest.mark.parametrize(
    "text",
    ["", "\x00\ud800\uffff[^x]", "[" * 9000, "> " * 9000, "- " * 9000, "[^x]: " * 999, "[a](" * 5000, "`a " * 9000],
)
def test_odd_documents_have_no_claims(text: str) -> None:
    assert not parse(text).claims


@pytest.mark.parametrize(
    ("written", "found", "borne"),
    [
        ("2114", 2114, True),
        ("2114", 2130, True),
        ("2114", 2140, False),
        ("4", 5, False),
        ("4", 4.4, True),
        ("0.032", 0.0328, True),
        ("0.032", 0.035, False),
        ("2026-10-03 19:42", EVENING, True),
        ("2026-10-03 19:41", EVENING, False),
        ("2026-10-03 19:42:09", EVENING, False),
        ('"n3"', "n3", True),
        ('"n3"', "N3", False),
        ("1", True, False),
        ("true", 1, False),
    ],
)
def test_a_query_bears_a_value_to_one_per_cent_or_the_last_digit(written: str, found: Value, borne: bool) -> None:
    assert gives(read(written), found) is borne


def test_truth_is_held_to_a_bound_of_the_labs_own() -> None:
    assert agrees(98, 100, 0.02) and not agrees(97, 100, 0.02)
    assert agrees(EVENING, EVENING.replace(minute=43), seconds=60) and not agrees(
        EVENING, EVENING.replace(minute=44), seconds=60
    )
    assert agrees("a", "a") and not agrees("a", "b") and not agrees(None, None) and not agrees(True, 1)


def test_a_formula_is_arithmetic_over_claims() -> None:
    formula = Formula("= (failed-share - b) * 100 / n.2")

    assert formula.names == ["failed-share", "b", "n.2"]
    assert formula.value({"failed-share": 0.5, "b": 0.25, "n.2": 5}) == 5
    with pytest.raises(ZeroDivisionError):
        formula.value({"failed-share": 0.5, "b": 0.25, "n.2": 0})


@pytest.mark.parametrize(
    "text",
    ["=", "= 100", "= a +", "= a ** b", "= a // b", "= a * 2114", "= a * 1e5", "= a * 1.5", "= a + 1 + 1 + 1", "= f(a)"]
    + [
        "= a.b().c",
        "= a[0]",
        "= -a",
        "= a < b",
        "= __import__('os')",
        "= a if b else c",
        "=" + "(" * 500 + "a" + ")" * 500,
    ],
)
def test_anything_else_is_no_formula(text: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        Formula(text)
