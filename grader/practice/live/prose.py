"""Markdown as a tree of plain data, which the page makes elements of: never as markup."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it.token import Token

TAGS = {
    "h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h5", "h6": "h5", "p": "p", "ul": "ul", "ol": "ol",
    "li": "li", "strong": "strong", "em": "em", "blockquote": "blockquote", "table": "table", "thead": "thead",
    "tbody": "tbody", "tr": "tr", "th": "th", "td": "td", "a": "a", "s": "s",
}  # fmt: skip
"""Elements that there are, and what becomes of each: the page has headings of its own above."""

Node = str | list[Any]


@cache
def tree(markdown: str) -> list[Node]:
    """Nodes: a text, or a list of a tag, an address (of links, else empty) and nodes."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return _nodes(parser.parse(markdown))


def _nodes(tokens: list[Token]) -> list[Node]:
    top: list[Node] = []
    stack: list[list[Node]] = [top]
    for token in tokens:
        if token.nesting > 0:
            node: list[Any] = [TAGS.get(token.tag, "span"), _address(token)]
            if not token.hidden:
                stack[-1].append(node)
            stack.append(node if not token.hidden else stack[-1])
        elif token.nesting < 0:
            stack.pop()
        else:
            stack[-1] += _leaf(token)
    return top


def _leaf(token: Token) -> list[Node]:
    match token.type:
        case "inline":
            return _nodes(token.children or [])
        case "fence" | "code_block":
            return [["pre", "", token.content.rstrip("\n")]]
        case "code_inline":
            return [["code", "", token.content]]
        case "softbreak":
            return [" "]
        case "hardbreak":
            return [["br", ""]]
        case "hr":
            return [["hr", ""]]
        case _:
            return [token.content] if token.content else []


def _address(token: Token) -> str:
    href = str(token.attrGet("href") or "")
    return href if href.startswith(("https://", "http://")) else ""
