"""What a prompt asks and what it gives to answer from, however it is written. The README lists the shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markup import QUESTION_NAMES, take_json, take_xml
from words import sentences, words

_MARK = re.compile(
    r"^\s*(?:[-*\u2022]\s+|[\[(]?\d{1,3}[\]).:]+\s+|\#{1,6}\s+"
    r"|(?:passage|document|doc|source|context|excerpt|chunk|snippet|result|text|fact)\s*\#?\[?\d{1,3}\]?\s*[:.)\u2013-]?\s*)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^\W*(?:retrieved\s+|search\s+|relevant\s+|reference\s+)?"
    r"(?:contexts?|passages?|documents?|sources?|excerpts?|snippets?|chunks?|results|background|knowledge|facts|information)"
    r"\W*(?::\W*?(?:\s+|$)|$)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    rf"(?<![\w\"])(?:{'|'.join(sorted(QUESTION_NAMES, key=len, reverse=True))})[*_]*\s*:[*_]*[ \t]*(?:\n\s*)?([^\n]*)",
    re.IGNORECASE,
)
_QUESTION_TITLE = re.compile(
    r"^[#*_= ]{0,20}(?:user |customer )?(?:question|query)[#*_= :]{0,20}\n{1,3}([^\n]+)", re.IGNORECASE | re.MULTILINE
)
_ANSWER_CUE = re.compile(r"(?:^|\s)[*_]*(?:final |your )?(?:answer|a|response|assistant)[*_]*\s*:\s*$", re.IGNORECASE)
_QUESTION_CUE = re.compile(r"^\s*[*_]*(?:q|user|customer|human)[*_]*\s*:\s*", re.IGNORECASE)
_NOT_SAID = re.compile(r"^\W*$|^\W*(?:source|url|uri|id|score|file|page)\s*:\s*\S+\W*$", re.IGNORECASE)
_SPACES, _LINES = re.compile(r"[^\S\n]+"), re.compile(r"\n\s*\n")
_FENCE = re.compile(r"```\w*")
_TO_THE_MODEL = re.compile(
    r"^(?:you are|you're|act as|answer|respond|reply|here (?:is|are)\b)"
    r"|^(?:please|cite|do not|don't|never|always|only|be|keep|if|use|using|based on|given|from|read|say|the following"
    r"|below)\b.*\b(?:answers?|passages?|contexts?|questions?|sentences?|sources?|excerpts?|documents (?:above|below)"
    r"|(?:given|provided|following) documents?|concise|brief|guess|invent|make up|don't know|do not know)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Message:
    """One message of a chat: its role, and its text parts joined."""

    role: str
    text: str


@dataclass(frozen=True)
class Prompt:
    """A question, and the passages to answer it from, in the order in which they stand."""

    question: str
    passages: tuple[str, ...]


@dataclass
class _Parts:
    """One message taken apart: labelled questions, passages with markup, and paragraphs with and without a number."""

    role: str
    questions: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    blocks: list[tuple[bool, str]] = field(default_factory=list)


def read(messages: Sequence[Message]) -> Prompt:
    """The prompt in a conversation. What the assistant said is neither asked nor given."""
    parts = [_take_apart(message) for message in messages if message.role != "assistant"]
    asked = next((each for each in reversed(parts) if each.role == "user"), parts[-1] if parts else _Parts("user"))
    question = _question(asked, parts)
    passages: list[str] = []
    for each in parts:
        passages += each.marked
        passages += [text for text in map(_without_orders, (text for _, text in each.blocks)) if text]
    return Prompt(question, tuple(passage for passage in passages if passage != question))


def _take_apart(message: Message) -> _Parts:
    parts = _Parts(message.role)
    text = _LINES.sub("\n\n", _SPACES.sub(" ", message.text))
    rest = _FENCE.sub("\n", take_json(text, parts.marked, parts.questions))
    given: list[str] = []
    rest = take_xml(rest, given, parts.questions)
    parts.marked += [text for passage in given for _, text in _blocks(passage)]
    for labelled in (_QUESTION_TITLE, _QUESTION):
        rest = labelled.sub(lambda match: _label(match, parts), rest)
    parts.blocks = list(_blocks(rest))
    return parts


def _label(match: re.Match[str], parts: _Parts) -> str:
    question = _ANSWER_CUE.sub("", match[1]).strip(" \t*_\"'")
    if words(question):
        parts.questions.append(question)
    return "\n\n"


def _blocks(text: str) -> Iterator[tuple[bool, str]]:
    """Paragraphs and numbered or bulleted items, each with whether it had a number or bullet."""
    lines: list[str] = []
    marked = False
    for line in [*text.split("\n"), ""]:
        line = _NOT_SAID.sub("", _HEADING.sub("", line))
        mark = _MARK.match(line)
        if mark or not line.strip():
            if lines:
                yield marked, " ".join(lines)
            marked = bool(mark) or (marked and not lines)
            lines = []
        line = line[mark.end() :] if mark else line
        if line.strip() and not _ANSWER_CUE.search(line):
            lines.append(line.strip())


def _question(asked: _Parts, parts: Sequence[_Parts]) -> str:
    """Labelled, or with a question mark, or the last paragraph of the last message of the user, in this order."""
    if asked.questions:
        return _asking(asked.questions[-1])
    free = [_QUESTION_CUE.sub("", text) for marked, text in asked.blocks if not marked]
    if not free and len(asked.blocks) == 1:
        free = [asked.blocks[0][1]]
    for text in [*free[-1:], *free[:1], *reversed(free)]:
        if "?" in text:
            return _asking(text)
    for each in reversed(parts):
        if each.questions:
            return _asking(each.questions[-1])
    return free[-1] if free else ""


def _asking(text: str) -> str:
    """The sentences with a question mark; with those around them, when they alone ask about nothing."""
    every = [sentence for sentence in sentences(text) if not _TO_THE_MODEL.match(sentence) or sentence.endswith("?")]
    question = " ".join(sentence for sentence in every if sentence.endswith("?"))
    return question if len(words(question)) > 1 else " ".join(every) or text


def _without_orders(text: str) -> str:
    """A paragraph without the sentences that tell the model what to do."""
    return " ".join(sentence for sentence in sentences(text) if not _TO_THE_MODEL.match(sentence))
