"""The brief's contract, sentence by sentence, and which of them no objective names.

A sentence promises something if it has a status, or a word such as *must*, *at most*, *within*. It is seen if an
objective is named in it, if an objective's description says mostly the same, or if audit.yaml says what sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.authoring.audit.findings import Finding
from grader.course.spec import Scenario

_CONTRACT = re.compile(r"speak|contract|expected|objective|artefact|answer|rules|promise", re.IGNORECASE)
_PROMISES = re.compile(
    r"\b(?:20[1-9]|4[0-9][0-9]|503)\b|\b(?:must|has to|have to|never|always|at most|at least|(?:no|not) more than|"
    r"within|exactly|not one|only once)\b",
    re.IGNORECASE,
)
_NO_PROMISE = re.compile(r"\bmay edit\b|\baim at\b|\bTime box\b|\bcan be imported\b|healthz", re.IGNORECASE)
_RULE = re.compile(r"^\|[|\s:-]*-[|\s:-]*$")
_STOP = frozenset(
    re.findall(r"\w+", "the a an of to is are and or in on it its be as at by for with that this than there")
)
_SAME = 0.5
"""Of a sentence's words: so many an objective's description has to share."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of the brief, or a row of a table in it, with the heading that it stands below."""

    heading: str
    text: str

    @property
    def key(self) -> str:
        """Its first words, as a key."""
        return "-".join(re.findall(r"[a-z0-9]+", self.text.lower())[:8])


def contract(brief: str) -> Iterator[Sentence]:
    """Sentences of the contract that promise something."""
    for heading, line in _lines(brief):
        if not _CONTRACT.search(heading):
            continue
        parts = [_row(line)] if line.startswith("|") else re.split(r"(?<=[.;!?])\s+", line)
        for part in parts:
            text = part.strip(" -*")
            if _PROMISES.search(text) and not _NO_PROMISE.search(text):
                yield Sentence(heading, text)


def unseen(scenario: Scenario, brief: str, named: Iterable[str]) -> Iterator[Finding]:
    """Sentences of the contract that neither an objective nor audit.yaml names.

    Args:
        scenario: the exam.
        brief: the lab's README.
        named: texts in audit.yaml; a sentence that has one of them is seen.
    """
    known = [squeezed(text) for text in named]
    told = [_words(slo.spec.description) for slo in scenario.slos.values()]
    for sentence in contract(brief):
        text = squeezed(sentence.text)
        by_name = any(f"`{name}`" in sentence.text for name in scenario.slos)
        if by_name or any(one in text for one in known) or _is_told(_words(sentence.text), told):
            continue
        yield Finding(
            f"last-look/promise/{sentence.key}",
            f'No objective sees that "{sentence.text}" ({sentence.heading}).',
            figure=0.1,
        )


def squeezed(text: str) -> str:
    """A text without what a line's end or Markdown adds."""
    return " ".join(re.sub(r"[`*]", "", text).split()).lower()


def _lines(brief: str) -> Iterator[tuple[str, str]]:
    """Paragraphs and rows of the brief, each with its heading; code is left out."""
    heading, paragraph, code = "", list[str](), False
    lines = [*brief.splitlines(), "", ""]
    for at, line in enumerate(lines[:-1]):
        if line.startswith("```"):
            code = not code
        elif code:
            continue
        elif line.startswith(("#", "|", "- ")) or not line.strip():
            if paragraph:
                yield heading, " ".join(paragraph)
            paragraph = [line.strip()] if line.startswith("- ") else []
            if line.startswith("#"):
                heading = line.strip("# ")
            elif line.startswith("|") and not (_RULE.match(line) or _RULE.match(lines[at + 1])):  # no head of a table
                yield heading, line
        else:
            paragraph.append(line.strip())


def _row(line: str) -> str:
    return ": ".join(cell.strip() for cell in line.strip("| ").split(" | "))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+|\d+(?:\.\d+)?", text.lower()) if word not in _STOP}


def _is_told(words: set[str], told: Iterable[set[str]]) -> bool:
    return any(len(words & one) >= _SAME * min(len(words), len(one)) for one in told if one and words)
