"""The word for an answer."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

PAGE = {"parts": [str], "legacy_score": float, "degraded": [str]}
REFUSAL = {"errors": [{"key": str, "problem": str}]}
NEAR = {"legacy_score": 0.011, "score": 0.00011}
TOKEN = re.compile(r'"""[^"]*"""|#[^\n]*|[A-Za-z_]\w*|\d[\w.]*|"[^"\n]*"|\'[^\'\n]*\'|[^\s\w]')
if TYPE_CHECKING:
    from casebook.client import Reply

SHORTEST = 36
"""Of a body's shape: what is shorter may be anybody's."""


def taken(reply: Reply) -> str:
    """Of a push or feed in which nothing has to be refused."""
    return "right" if reply.status == 200 else "none" if reply.status == 0 or reply.status >= 500 else "status"


def page(reply: Reply, right: Mapping[str, Any], what: str) -> str:
    """Of a page: its `list`, its `number` for mail, or `both`; and always what is said to be degraded."""
    if word := reply.bad(PAGE):
        return word
    told = reply.json
    if reply.status != 200:
        return "malformed"
    if set(told["degraded"]) != set(right["degraded"]):
        return "degraded"
    if what != "number" and told["parts"] != right["parts"]:
        return "order" if sorted(told["parts"]) == sorted(right["parts"]) else "list"
    return "right" if what == "list" else near(told, right, "legacy_score")


def near(told: Mapping[str, Any], right: Mapping[str, Any], key: str) -> str:
    """Whether a number is what it always was."""
    return "right" if abs(told[key] - right[key]) <= NEAR[key] else "number"


def score(reply: Reply, right: Mapping[str, Any]) -> str:
    """Of `/internal/scores`."""
    word = reply.bad({"score": float})
    if not word and reply.status != 200:
        word = "malformed"
    return word or near(reply.json, right, "score")


def refusal(reply: Reply, right: Mapping[str, Any]) -> str:
    """Of a push that has to be refused, and its key named."""
    if 200 <= reply.status < 300:
        return "accepted"
    if word := reply.bad(REFUSAL):
        return word
    named, beside = right["keys"]
    every = {error["key"] for error in reply.json["errors"]}
    keys = {error["key"] for error in reply.json["errors"] if error["problem"].strip()}
    if reply.status != 422:
        return "malformed"
    return "right" if keys & set(named) and every <= {*named, *beside} else "unnamed"


def shape(text: str) -> str:
    """Code without its names, remarks, brackets and lines: what a new name or another form leaves as it is."""
    found = []
    for token in TOKEN.findall(text):
        if token.startswith('"""') or token[0] in "#,()":
            continue
        if token[0] in "\"'" and len(token) > 1:
            token = "s"
        elif token.isidentifier() and not keyword.iskeyword(token):
            token = "x"
        found.append(token)
    return " ".join(found)


def remains(files: Mapping[str, str], name: str, body: str) -> str:
    """The file in which a function is, by its name or, under another one, by its body; empty if there is none."""
    word, whole = re.compile(rf"\b{name}\b"), shape(body)
    for path, text in files.items():
        if word.search(text) or (len(whole) >= SHORTEST and whole in shape(text)):
            return path
    return ""
