"""The pages: a list of traces, and one trace as a waterfall. No script, nothing from elsewhere, everything escaped."""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape

from spans import Span

MOST = 60
STYLE = """
body{font:14px/1.4 system-ui,sans-serif;margin:1.5rem auto;max-width:72rem;padding:0 1rem;color:#1b2330;background:#fff}
a{color:#0b57a4}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.15rem .5rem;vertical-align:top}
th{border-bottom:1px solid #9aa5b5}tr:nth-child(even){background:#f4f6f9}.n{text-align:right;white-space:nowrap}
.lane{position:relative;height:1.1rem;min-width:20rem}.bar{position:absolute;top:.15rem;height:.8rem;background:#3b78b5}
.bar.bad{background:#b3372f}.mark{position:absolute;top:0;height:1.1rem;border-left:2px solid #10202f}
.small{font-size:12px;color:#4b5768;overflow-wrap:anywhere}form{margin:.6rem 0}input{padding:.2rem}
@media (prefers-color-scheme:dark){body{background:#12161c;color:#dde4ee}a{color:#7db7ef}
tr:nth-child(even){background:#1a2029}
.mark{border-color:#fff}.small{color:#9fb0c4}}
"""


def index(roots: Sequence[Span], order: str, words: str) -> bytes:
    """The list of traces.

    Args:
        roots: the first span of each, newest first.
        order: `slowest`, or anything else for newest first.
        words: only traces whose name or attributes hold each of these words.
    """
    wanted = words.lower().split()
    chosen = [span for span in roots if all(word in _described(span).lower() for word in wanted)]
    if order == "slowest":
        chosen.sort(key=lambda span: -span.seconds)
    rows = "".join(_row(span) for span in chosen[:MOST])
    other = "newest" if order == "slowest" else "slowest"
    body = f"""<h1>Traces</h1>
<form>{len(chosen)} of {len(roots)} kept, {order if order == "slowest" else "newest"} first ·
<a href="?order={other}&amp;q={escape(words)}">{other} first</a> ·
<input type="hidden" name="order" value="{escape(order)}">
<label>with the words <input name="q" value="{escape(words)}"></label> <button>show</button></form>
<table><tr><th>began</th><th class="n">ms</th><th>trace</th><th>what is known</th></tr>{rows}</table>"""
    return _page("Traces", body if roots else "<h1>Traces</h1><p>None has arrived yet.</p>")


def waterfall(spans: Sequence[Span]) -> bytes:
    """One trace; each span below its parent, on one scale of time."""
    first = min(span.start for span in spans)
    whole = max(max(span.end for span in spans) - first, 1e-6)
    rows = "".join(_bar(span, depth, first, whole) for span, depth in nested(spans))
    heads = '<th>span</th><th class="n">from ms</th><th class="n">ms</th><th>time</th><th>what is known</th>'
    body = f"""<p><a href="/?order=slowest">all traces</a></p><h1>{escape(spans[0].name)}, {1000 * whole:.0f} ms</h1>
<p class="small">trace {escape(spans[0].trace)}; a line inside a bar is an event</p>
<table><tr>{heads}</tr>{rows}</table>"""
    return _page("Trace", body)


def nested(spans: Sequence[Span]) -> list[tuple[Span, int]]:
    """Spans with their depth, each after its parent; those whose parent is missing stand at the top."""
    known = {span.id for span in spans}
    below: dict[str, list[Span]] = {}
    for span in spans:
        below.setdefault(span.parent if span.parent in known and span.parent != span.id else "", []).append(span)
    found: list[tuple[Span, int]] = []
    waiting = [(span, 0) for span in reversed(below.pop("", []))]
    while waiting:
        span, depth = waiting.pop()
        found.append((span, depth))
        waiting += [(child, depth + 1) for child in reversed(below.pop(span.id, []))]
    return found + [(span, 0) for rest in below.values() for span in rest]


def _bar(span: Span, depth: int, first: float, whole: float) -> str:
    left, width = 100 * (span.start - first) / whole, max(0.3, 100 * span.seconds / whole)
    marks = "".join(
        f'<span class="mark" style="left:{left + 100 * min(max(at, 0.0), span.seconds) / whole:.2f}%" '
        f'title="{escape(name)} at {1000 * at:.1f} ms"></span>'
        for at, name in span.events
    )
    events = "".join(f"<br>{1000 * at:.1f} ms: {escape(name)}" for at, name in span.events)
    bad = " bad" if span.failed else ""
    return (
        f'<tr><td style="padding-left:{0.5 + min(depth, 20)}rem">{escape(span.name)} '
        f'<span class="small">{escape(span.service)}</span></td>'
        f'<td class="n">{1000 * (span.start - first):.1f}</td><td class="n">{1000 * span.seconds:.1f}</td>'
        f'<td><div class="lane"><span class="bar{bad}" '
        f'style="left:{left:.2f}%;width:{min(width, 100 - left):.2f}%"></span>'
        f'{marks}</div></td><td class="small">{escape(_known(span))}{events}</td></tr>'
    )


def _row(span: Span) -> str:
    began = time.strftime("%H:%M:%S", time.localtime(span.start))
    return (
        f'<tr><td>{began}</td><td class="n">{1000 * span.seconds:.0f}</td>'
        f'<td><a href="/trace/{escape(span.trace)}">{escape(span.name)}</a></td>'
        f'<td class="small">{escape(_known(span))}</td></tr>'
    )


def _known(span: Span) -> str:
    return ", ".join(f"{key}={value}" for key, value in span.attributes)


def _described(span: Span) -> str:
    return f"{span.name} {span.service} {_known(span)}"


def _page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>{body}</body></html>'
    ).encode()
