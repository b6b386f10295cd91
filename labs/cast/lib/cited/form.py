"""A document as Markdown: its claims, where each is shown, how many words it has. Nothing is run here."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from cited.values import Written, read

MOST_BYTES = 64 * 1024
MOST_CLAIMS = 100
LONGEST_SOURCE = 8 * 1024

_SPAN = re.compile(r"(?:(?P<ticks>`+)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)\s+)?gives\s+(?P<value>\S.*?)\.?", re.DOTALL)
_FORM = "a claim is `SELECT ...` gives VALUE, or `= a / b` gives VALUE"
_ASIDE = "heading", "table"


@dataclass(frozen=True)
class Claim:
    """One footnote. `source`: a query, or a formula that begins with `=`; empty where none is given."""

    name: str
    source: str
    written: Written


@dataclass(frozen=True)
class Shown:
    """A reference to a claim. `text`: what a reader sees before it in that block; `at`: words of the body before it."""

    name: str
    text: str
    at: int


@dataclass
class Document:
    """What a document says. `broken`: footnotes that are no claims, and why. `words`: of its body, without headings,
    tables and footnotes."""

    claims: dict[str, Claim] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    words: int = 0
    html: bool = False


def parse(text: str) -> Document:
    """Read a document.

    Raises:
        ValueError: it is too long, or has too many footnotes. One sentence.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise ValueError(f"the document is longer than {MOST_BYTES // 1024} KiB")
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    reader.disable(["footnote_tail", "footnote_inline"])
    document = Document()
    notes: list[tuple[str, list[Token]]] = []
    inside = Counter[str]()
    for token in reader.parse(text):
        kind = token.type
        if kind == "footnote_reference_open":
            notes.append((token.meta["label"], []))
        inside[kind.removesuffix("_open").removesuffix("_close")] += token.nesting
        if inside["footnote_reference"]:
            notes[-1][1].append(token)
        elif kind == "html_block":
            document.html = True
        elif kind == "inline":
            _read_block(token.children or [], document, counted=not any(inside[each] for each in _ASIDE))
    if len(notes) > MOST_CLAIMS:
        raise ValueError(f"the document has more than {MOST_CLAIMS} footnotes")
    _read_notes(notes, document)
    return document


def _read_block(tokens: Sequence[Token], document: Document, counted: bool) -> None:
    """From the first HTML on nothing is shown, since a browser may hide it; nor is what stands behind invisible
    letters in its block."""
    seen, struck = "", 0
    for token in tokens:
        document.html |= token.type == "html_inline"
        struck += token.nesting if token.type in ("s_open", "s_close") else 0
        if token.type == "footnote_ref":
            visible = "" if document.html or any(map(_invisible, seen)) else seen
            at = document.words + (len(seen.split()) if counted else 0)
            document.shown.append(Shown(token.meta["label"], visible, at))
        elif token.type in ("softbreak", "hardbreak"):
            seen += " "
        elif struck or token.type in ("image", "html_inline"):
            seen += "\ufffc"  # so that what stands before it does not stand right before a reference
        else:
            seen += token.content
    document.words += len(seen.split()) if counted else 0


def _invisible(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cn", "Co") and letter not in "\t\n"


def _read_notes(notes: Iterable[tuple[str, list[Token]]], document: Document) -> None:
    for name, tokens in notes:
        if name in document.claims or name in document.broken:
            document.claims.pop(name, None)
            document.broken[name] = "this footnote is there twice"
            continue
        try:
            document.claims[name] = _claim(
                name, [each for each in tokens if each.type in ("inline", "fence", "html_block")]
            )
        except ValueError as error:
            document.broken[name] = str(error)


def _claim(name: str, parts: Sequence[Token]) -> Claim:
    fenced = [part.content for part in parts[:1] if part.type == "fence" and part.info.strip() in ("sql", "")]
    texts = parts[1:] if fenced else parts
    if len(texts) != 1 or texts[0].type != "inline":
        raise ValueError(_FORM)
    found = _SPAN.fullmatch(texts[0].content.strip())
    if not found or (fenced and found["code"]):
        raise ValueError(_FORM)
    source = (fenced[0] if fenced else found["code"] or "").strip()
    if len(source) > LONGEST_SOURCE:
        raise ValueError(f"its query is longer than {LONGEST_SOURCE // 1024} KiB")
    return Claim(name, source, read(found["value"]))


def order(document: Document) -> Iterator[Claim]:
    """Claims with queries first, so that formulas find what they lean on."""
    yield from sorted(document.claims.values(), key=lambda claim: claim.source.startswith("="))
