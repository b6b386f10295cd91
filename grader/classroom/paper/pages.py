"""Pages for people: Markdown, and HTML that prints on one sheet, opens anywhere and asks no network for anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from grader.classroom.planning.plan import parse_time

_TEMPLATES = Path(__file__).with_name("templates")
_MARKDOWN = str.maketrans({mark: "\\" + mark for mark in "\\`*_{}[]<>#|"})


def markdown(template: str, **values: Any) -> str:
    """The template `<template>.md.j2`; texts are escaped so that they show as they are."""
    return _environment(escaped=False).get_template(f"{template}.md.j2").render(values)


def html(template: str, **values: Any) -> str:
    """The template `<template>.html.j2`."""
    css = Markup((_TEMPLATES / "page.css").read_text("utf-8"))
    return _environment(escaped=True).get_template(f"{template}.html.j2").render(values, css=css)


def when(time: str) -> str:
    """A time for people, in the zone of this machine."""
    moment = parse_time(time).astimezone()
    return moment.strftime("on %A, %-d %B %Y at %H:%M (%Z)")


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return " ".join(text.split()).translate(_MARKDOWN)


def _environment(*, escaped: bool) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=escaped,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=not escaped,
    )
