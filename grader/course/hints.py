"""The hints of a lab, as an assessor wrote them."""

from __future__ import annotations

from pathlib import Path

from grader.errors import BadInput


def hints(path: Path) -> list[str]:
    """The hints of a hints.md: each `##` heading begins one; text before the first is for assessors.

    Raises:
        BadInput: there is no such file, or no hint in it.
    """
    found: list[list[str]] = []
    for line in read_text(path).splitlines():
        if line.startswith("## "):
            found.append([line])
        elif found:
            found[-1].append(line)
    if not found:
        raise BadInput(f"{path} holds no hint; each begins with a heading '## '")
    return ["\n".join(lines).strip() for lines in found]


def read_text(path: Path) -> str:
    """What a file says.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error
