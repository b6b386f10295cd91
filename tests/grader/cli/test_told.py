"""Commands that people are told, in the README, docs, briefs, hints and messages: each is there and takes it."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from grader import invocation
from grader.cli.app import app
from tests.grader.course import REPOSITORY

LAB = rf"(?:\$ )?(?:\./|\.venv/bin/)?lab ((?:{'|'.join(invocation.COMMANDS)})(?![\w-])[^`\n]*)"
WITHIN, ALONE = re.compile(rf"`{LAB}`"), re.compile(rf"^\s*{LAB}$", re.MULTILINE)
MESSAGE = re.compile(rf"(?<![\w/.-])lab ((?:{'|'.join(invocation.COMMANDS)})(?![\w-])[^`\n(;,:]*)")
MAKE = re.compile(r"(?:^|`)make ([a-z][\w-]*)(?=`|$|  | [A-Z]+=)", re.MULTILINE)
EXPORTED = {"start", "check", "submit"}  # targets of what `lab export` makes, of which candidate.md tells, tested there
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "benchmarks/*.md", "labs/*/*.md", "scenarios/*/*.md", "recipes/**/*.md")
    for path in REPOSITORY.glob(pattern)
    if path.name not in {"CHANGELOG.md", "attacks.md"}
)
SOURCES = sorted(path for path in (REPOSITORY / "grader").rglob("*.py") if "templates" not in path.parts)


def wrong(told: str) -> str:
    """What click says of a command as it is told: `[--a B]` is an option, one that
    is only named needs no value, and a comment ends it. Nothing if it is well."""
    words = shlex.split(re.sub(r"[\[\]()]", " ", told.split(" #")[0]).replace("'", ""))
    command: Any = typer.main.get_group(app)
    while hasattr(command, "commands"):
        if not words or words[0] not in command.commands:
            return f"`{told}`: no such command" if words else ""
        command = command.commands[words.pop(0)]
    try:
        context = typer.Context(command)
        _, left, _ = command.make_parser(context).parse_args([word for word in words if word not in "|…..."])
    except Exception as error:  # Typer has classes of its own for each way to call it amiss
        named = str(error).endswith("requires an argument.") and f"'{words[-1]}'" in str(error)
        return "" if named else f"`{told}`: {error}"
    return f"`{told}`: what is {left}?" if left else ""


def messages(path: Path) -> Iterator[str]:
    """Commands within texts of a source; what is filled in is X. A text that goes on after one may be prose: of it only
    the options count."""
    tree = ast.parse(path.read_text())
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        text = ""
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            text = node.value
        for told in MESSAGE.findall(text):
            verb, *words = told.split()
            yield " ".join([verb, *(word for word in words if re.fullmatch(r"--[a-z-]+", word))])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_pages_tell_commands_that_are_there(path: Path) -> None:
    text = path.read_text()

    assert [said for told in {*WITHIN.findall(text), *ALONE.findall(text)} if (said := wrong(told))] == []


def test_messages_tell_commands_that_are_there() -> None:
    said = {told: path for path in SOURCES for told in messages(path)}

    options = {told: [word for word in told.split() if word.startswith("--")] for told in said}
    group = typer.main.get_group(app)
    known = {name: _options(command) for name, command in group.commands.items()}
    assert [(told, said[told]) for told in said if not set(options[told]) <= known[told.split()[0]]] == []
    assert len(said) > 40


def _options(command: Any) -> set[str]:
    """All options of a command and of those below it."""
    found = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    below = getattr(command, "commands", {}).values()
    return found.union(*(_options(one) for one in below))


def test_targets_that_are_told_are_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = {line.split(":")[0].strip() for line in makefile.splitlines() if re.match(r"[\w%. -]+:", line)}
    patterns = [name.replace("%", r"[\w-]+") for line in targets for name in line.split()]
    pages = [path for path in PAGES if path.name != "candidate.md"]
    told = {(name, path) for path in pages for name in MAKE.findall(path.read_text()) if name not in EXPORTED}

    assert [(name, path) for name, path in told if not any(re.fullmatch(p, name) for p in patterns)] == []


def test_every_command_is_run_by_a_test() -> None:
    """As the first word of a call, in any test."""
    called_with = set()
    for path in (REPOSITORY / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call | ast.List | ast.Tuple):
                values = node.args if isinstance(node, ast.Call) else node.elts
                called_with |= {value.value for value in values if isinstance(value, ast.Constant)}

    assert set(invocation.COMMANDS) <= called_with
