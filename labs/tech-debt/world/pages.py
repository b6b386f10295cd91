"""What people look at: how the kinds of steps went, and each step with what was sent, what is right, what was told."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from casebook.page import Html, heading, link, table, text_of

if TYPE_CHECKING:
    from casebook.client import Reply
    from steps import Call
    from world import Step, World

Calls = Sequence[tuple["Call", str, str]]
"""Of a step, what was sent, what is kept of the answer, and the word for it."""

LISTED, CHARACTERS = 12, 1500


def kept(reply: Reply) -> str:
    """What is kept of an answer, of bounded size."""
    return f"{reply.status or reply.error} {reply.body[:CHARACTERS].decode('utf-8', 'replace')}"


def page_of(world: World, what: str) -> Html:
    """All steps, or one; empty if there is none of that name."""
    if what:
        return one(*world.seen[what]) if what in world.seen else Html("")
    words: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    links: dict[tuple[str, str], list[tuple[bool, str]]] = defaultdict(list)
    for id, (case, calls) in world.seen.items():
        told = [word for call, _, word in calls if word]
        wrong = next((word for word in told if word != "right"), "right")
        words[case["kind"], case.get("way", "")][wrong] += 1
        links[case["kind"], case.get("way", "")].append((wrong == "right", id))
    rows = [
        [*which, ", ".join(f"{count} {word}" for word, count in counts.most_common()), _links(links[which])]
        for which, counts in sorted(words.items())
    ]
    return Html(size(world.files) + table(["step", "way", "", "those that went wrong first"], rows))


def size(files: Mapping[str, str]) -> Html:
    """How much code there is. Shown, not judged."""
    code = [text for path, text in files.items() if path.endswith(".py")]
    lines = sum(bool(line.strip()) for text in code for line in text.splitlines())
    return text_of(f"The recommender has {len(code)} modules and {lines} lines that are not empty.")


def one(case: Step, calls: Calls) -> Html:
    """A step, call by call."""
    parts = [heading(f"{case['kind']} {case.get('way', '')} {case.get('flag', '')}")]
    for call, answer, word in calls:
        parts.append(heading(f"{call.method} {call.path} {word}"))
        parts += [_pre("sent", _sent(call.body)), _pre("right", call.right), _pre("told", answer)]
    return Html("".join(parts))


def _links(ids: Iterable[tuple[bool, str]]) -> Html:
    return Html(" ".join(link(f"/pages/{id}", id) for _, id in sorted(ids)[:LISTED]))


def _sent(body: Any) -> Any:
    """A feed has five of its rows here."""
    return body | {"rows": [*body["rows"][:5], "..."]} if body and "rows" in body else body


def _pre(title: str, what: object) -> Html:
    text = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False)
    return Html(f"<p>{title}</p><pre style='white-space:pre-wrap'>{escape(text)}</pre>")
