"""Passages and questions in JSON and in XML tags, taken out of a text."""

from __future__ import annotations

import ast
import html
import json
import re
from typing import Any

QUESTION_NAMES = frozenset(
    ("question", "query", "user_question", "user_query", "user question", "user query", "customer question")
)
_ASIDE = frozenset((
    "id", "ids", "source", "sources_used", "url", "uri", "score", "rank", "index", "page", "title_id",
    "metadata", "instruction", "instructions", "system", "rules", "role", "task", "format", "example",
    "examples", "answer", "output", "language",
))  # fmt: skip
_OPENING = re.compile(r"(?:^|[\n:`])\s*(?:json\s*)?([\[{])|\s([\[{])(?=['\"{])")
_ELEMENT = re.compile(r"<([A-Za-z][\w.-]{0,40})(?:\s[^<>]*)?>((?:[^<]|<(?![/A-Za-z]))*)</\1\s*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_DECODER = json.JSONDecoder()
MOST_TRIES = 30
LONGEST_PRINTED = 50_000
SHORTEST_WORDS = 3


def take_json(text: str, passages: list[str], questions: list[str]) -> str:
    """Move the strings of JSON values to `passages` and `questions`; the text without those values."""
    if "{" not in text and "[" not in text:
        return text
    kept, at = "", 0
    for _ in range(MOST_TRIES):
        opening = _OPENING.search(text, at)
        if opening is None:
            break
        begin = opening.end() - 1
        value, end = _decode(text, begin)
        found: list[str] = []
        _walk(value, "", found, questions)
        kept += text[at:begin] + ("\n\n" if found or end > begin + 1 and isinstance(value, dict) else text[begin:end])
        passages += found
        at = end
    return kept + text[at:]


def _decode(text: str, begin: int) -> tuple[Any, int]:
    """The value there and its end, as JSON or as Python prints it; None and the next character if there is none."""
    try:
        return _DECODER.raw_decode(text, begin)
    except (ValueError, RecursionError):
        return _printed(text, begin)


def _printed(text: str, begin: int) -> tuple[Any, int]:
    end = text.rfind("]" if text[begin] == "[" else "}") + 1
    if text[begin + 1 : begin + 2] not in "'\"{[" or not 0 < end - begin <= LONGEST_PRINTED:
        return None, begin + 1
    try:
        return ast.literal_eval(text[begin:end]), end
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None, begin + 1


def _walk(value: Any, key: str, passages: list[str], questions: list[str], depth: int = 0) -> None:
    if isinstance(value, str):
        if key in QUESTION_NAMES:
            questions.append(value)
        elif key not in _ASIDE and len(value.split()) >= SHORTEST_WORDS:
            passages.append(value)
    elif depth < 20 and isinstance(value, dict):
        for name, each in value.items():
            _walk(each, name.lower(), passages, questions, depth + 1)
    elif depth < 20 and isinstance(value, list):
        for each in value:
            _walk(each, key, passages, questions, depth + 1)


def take_xml(text: str, passages: list[str], questions: list[str]) -> str:
    """Move what stands in innermost tags to `passages` and `questions`; the text without tags."""
    if "</" not in text:
        return text

    def take(match: re.Match[str]) -> str:
        name, inner = match[1].lower(), html.unescape(match[2]).strip()
        if name in QUESTION_NAMES:
            questions.append(inner)
        elif name not in _ASIDE and inner:
            passages.append(inner)
        return "\n\n"

    return _TAG.sub("\n\n", _ELEMENT.sub(take, text))
