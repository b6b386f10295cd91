"""The page, the annotations and JUnit: each read by a reader of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from junitparser import Error, JUnitXml, Properties
from markdown_it import MarkdownIt

from grader.result import Result
from grader.safe import visible
from tests.grader.formats.conftest import EVIL, hostile

Write = Callable[[str, Result], str]


def parsed(page: str) -> tuple[list[list[str]], set[str]]:
    """The cells of its table, row by row, and the kinds of things that are on the page."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)
    kinds = {child.type for token in tokens for child in token.children or []} | {token.type for token in tokens}
    rows: list[list[str]] = []
    for before, token in zip(tokens, tokens[1:], strict=False):
        if before.type == "tr_open":
            rows.append([])
        if before.type in ("td_open", "th_open"):
            rows[-1].append("".join(child.content for child in token.children or []))
    return rows, kinds


def test_page_has_a_row_an_objective(write: Write, failed: Result) -> None:
    page = write("summary", failed)

    rows, _ = parsed(page)
    assert rows[0] == ["Objective", "Verdict", "Promised", "Measured", "Between", "Bad"]
    assert rows[1] == ["Answers in time", "✗ missed", "99 %", "94.2 %", "92.8 % to 95.1 %", "248 of 4,270 events"]
    assert [row[1] for row in rows[2:]] == ["? not judged", "✓ kept"]
    assert "lab hint" not in page and "Your system missed 1 of 3 objectives" in page


def test_page_of_an_invalid_run_says_that_it_is_no_fail(write: Write, invalid: Result) -> None:
    page = write("summary", invalid)

    rows, _ = parsed(page)
    assert {row[1] for row in rows[1:]} == {"! proves nothing"}
    assert "It does not count as a fail" in page and "Next: <code>lab " in page and "missed" not in page


def test_page_of_hostile_words_is_text(write: Write, failed: Result) -> None:
    page = write("summary", hostile(failed))

    rows, kinds = parsed(page)
    assert [len(row) for row in rows] == [6, 6, 6, 6]
    assert rows[1][0] == " ".join(visible(EVIL).split())
    assert not kinds & {"link_open", "image", "code_inline", "strong_open", "em_open", "fence", "html_block"}
    assert set(re.findall(r"<\w+", page)) <= {"<br", "<code"}
    assert not [line for line in page.splitlines() if line.lstrip().startswith("::")]
    assert page.encode()


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands of some output, as GitHub's documentation says they are read."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        if match := re.fullmatch(r"\s*::([\w-]+)(?: (.*?))?::(.*)", line):
            pairs = (pair.partition("=") for pair in (match[2] or "").split(","))
            found.append((match[1], {key: decoded(value) for key, _, value in pairs}, decoded(match[3])))
        else:
            assert not line, line
    return found


def decoded(value: str) -> str:
    for code, character in {"%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%"}.items():
        value = value.replace(code, character)
    return value


def test_an_error_an_objective_that_was_missed(write: Write, failed: Result, passed: Result) -> None:
    [(kind, properties, message)] = commands(write("annotations", failed))

    assert (kind, properties) == ("error", {"title": "canary: Answers in time"})
    assert "94.2 % of 4,270 events good; promised 99 %" in message
    assert write("annotations", passed) == ""


def test_an_error_for_a_run_that_failed_otherwise(write: Write, broken: Result) -> None:
    [(kind, properties, message)] = commands(write("annotations", broken))

    assert (kind, properties) == ("error", {"title": "canary: the run as a whole"})
    assert "\nThe service gateway ended." in message


def test_a_close_call_is_a_notice_or_an_error_that_says_so(
    write: Write, close_pass: Result, close_fail: Result
) -> None:
    found = [commands(write("annotations", one)) for one in (close_pass, close_fail)]

    assert [[(kind, told["title"]) for kind, told, _ in one] for one in found] == [
        [("notice", "canary: Right answers")],
        [("error", "canary: Right answers")],
    ]
    assert all("too near to call it proven; another exam might say otherwise" in one[0][2] for one in found)


def test_a_warning_and_no_error_for_an_invalid_run(write: Write, invalid: Result) -> None:
    [(kind, properties, message)] = commands(write("annotations", invalid))

    assert (kind, properties) == ("warning", {"title": "canary: invalid run"})
    assert "It does not count as a fail" in message and "12.4 %" in message


@pytest.mark.parametrize("which", ["failed", "broken", "invalid"])
def test_hostile_words_start_no_other_command(write: Write, request: pytest.FixtureRequest, which: str) -> None:
    [(kind, properties, message)] = commands(write("annotations", hostile(request.getfixturevalue(which))))

    assert kind == ("warning" if which == "invalid" else "error")
    assert list(properties) == ["title"] and ": :set-output name=a,title=c::b" in properties["title"]
    assert not [line for line in message.splitlines() if line.lstrip().startswith("::") or "##vso[" in line]
    assert which == "failed" or "name=a,title=c::b\n" in message  # its lines, in one command


def suite(text: str) -> Any:
    [found] = JUnitXml.fromstring(text.encode())
    return found


def test_junit_of_an_invalid_run_has_only_errors(write: Write, invalid: Result) -> None:
    found = suite(write("junit", hostile(invalid)))

    assert (found.failures, found.errors) == (0, 4)
    assert all(isinstance(one, Error) for case in found for one in case.result)


def test_junit_has_close_as_a_property(write: Write, close_fail: Result, invalid: Result) -> None:
    def close(found: Any) -> list[str]:
        return [one.value for one in found.iterchildren(Properties) for one in one if one.name == "close"]

    missed, proves_nothing = suite(write("junit", close_fail)), suite(write("junit", invalid))

    assert close(missed) == ["true"] and [close(case) for case in missed] == [["false"], ["true"], ["false"], []]
    (failure,) = [case.result[0] for case in missed if case.result]
    assert "97.8 % of 4,900 events good, 98 % promised: missed, but too near to call it proven" in failure.message
    assert close(proves_nothing) == ["false"] and {word for case in proves_nothing for word in close(case)} == {"false"}


def test_junit_of_hostile_words_is_read_back(write: Write, failed: Result) -> None:
    found = suite(write("junit", hostile(failed)))

    assert (found.tests, found.failures) == (4, 1)
