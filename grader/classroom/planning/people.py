"""Who takes part: entries of the teacher's file, or of a list or CSV beside it, as people with ids."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from grader.classroom.cluster.names import ID
from grader.classroom.planning import nicknames
from grader.course.files import shown
from grader.errors import BadInput

MOST = 300
LONGEST_NAME = 60
MAX_BYTES = 1 << 20
NICKNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,29}")


@dataclass(frozen=True)
class Person:
    """One participant. `nickname` is empty until one is generated."""

    id: str
    name: str
    nickname: str = ""


@dataclass(frozen=True)
class Entry:
    """What was written of one person, and where, for messages."""

    where: str
    id: str = ""
    name: str = ""
    nickname: str = ""


def people(workshop: str, entries: Iterable[Entry], source: object) -> tuple[Person, ...]:
    """Everybody, with ids from names and nicknames where none was given. `source` is named in errors.

    Raises:
        BadInput: nobody, too many, a bad id, name or nickname, or somebody twice; names the entries.
    """
    found: dict[str, Person] = {}
    at: dict[str, str] = {}
    for entry in entries:
        person = _person(entry)
        for key in filter(None, (f"id {person.id}", person.nickname and f"nickname {person.nickname.lower()}")):
            if key in at:
                raise BadInput(f"{entry.where}: {key} is taken by {at[key]}: {_remedy(entry, found, person)}")
            at[key] = entry.where
        found[person.id] = person
    if not found:
        raise BadInput(f"{source}: participants: nobody is named; list at least one")
    if len(found) > MOST:
        raise BadInput(f"{source}: participants: {len(found)} are more than the {MOST} of a workshop: make two")
    wanted = [who for who, person in found.items() if not person.nickname]
    given = {person.nickname.lower() for person in found.values() if person.nickname}
    made = nicknames.generate(workshop, wanted, given)
    return tuple(replace(one, nickname=one.nickname or made[one.id]) for one in found.values())


def _remedy(entry: Entry, found: dict[str, Person], person: Person) -> str:
    twin = found.get(person.id)
    if twin is not None and twin.name != person.name:
        return "give one of them an `id` of their own"
    return "a participant is listed twice" if twin is not None else "choose another nickname"


def _person(entry: Entry) -> Person:
    name = " ".join((entry.name or entry.id).split())
    if not name:
        raise BadInput(f"{entry.where}: has neither an id nor a name")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(f"{entry.where}: the name {shown(name[:80])!r} is not 1 to {LONGEST_NAME} printable characters")
    if entry.nickname and not NICKNAME.fullmatch(entry.nickname):
        raise BadInput(f"{entry.where}: the nickname {shown(entry.nickname[:80])!r} is not 1 to 30 letters and digits")
    who = entry.id or id_of(name)
    if problem := bad_id(who):
        raise BadInput(f"{entry.where}: the id {shown(who[:80])!r} {problem}")
    return Person(who, name, entry.nickname)


def bad_id(text: str) -> str:
    """Why a text is no id, as the rest of a sentence, or nothing."""
    if not ID.fullmatch(text):
        return "is not 1 to 20 of a-z, 0-9 and -, beginning and ending with a letter or digit"
    return "has two dashes in a row, which would be read as the end of the workshop's name" if "--" in text else ""


def id_of(name: str) -> str:
    """An id that looks like a name; for one without a Latin letter, one that is always the same for it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:20].strip("-")
    return found or f"p-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def from_file(path: Path, column: str) -> Iterator[Entry]:
    """Entries of a CSV with a heading, or of a list with a name a line.

    Args:
        column: heading of the column of names; empty for a plain list, or a CSV with the columns id, name or nickname.

    Raises:
        BadInput: missing, not text, or without that column; names file and line.
    """
    text = _text(path)
    try:
        rows = [(number, row) for number, row in _rows(text) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadInput(f"{path}: is not CSV: {error}") from error
    heading = [cell.strip() for cell in rows[0][1]] if rows else []
    if column:
        yield from _of_column(path, rows, heading, column)
    elif {cell.lower() for cell in heading} & {"id", "name"}:
        yield from _of_columns(path, rows, [cell.lower() for cell in heading])
    else:
        for number, row in rows:
            yield entry_of(",".join(row).strip(), f"{path}, line {number}")


def entry_of(text: str, where: str) -> Entry:
    """One person of whom only an id or a name is written."""
    return Entry(where, id=text) if ID.fullmatch(text) else Entry(where, name=text)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise BadInput(f"{path}: is larger than {MAX_BYTES >> 10} KiB, which is no list of participants")
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"{path}: does not exist; it is named by `participants`") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: is not text in UTF-8 (byte {error.start}): save it as CSV in UTF-8") from error
    if "\0" in text:
        raise BadInput(f"{path}: is not text: save it as CSV in UTF-8")
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.splitlines()[0] if text.strip() else ""
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    for row in reader:
        yield reader.line_num, row


def _of_column(path: Path, rows: list[tuple[int, list[str]]], heading: list[str], column: str) -> Iterator[Entry]:
    if column not in heading:
        raise BadInput(f"{path}, line 1: there is no column {column!r}; there are: {', '.join(heading) or 'none'}")
    at = heading.index(column)
    for number, row in rows[1:]:
        text = row[at].strip() if at < len(row) else ""
        if not text:
            raise BadInput(f"{path}, line {number}: the column {column!r} is empty")
        yield entry_of(text, f"{path}, line {number}")


def _of_columns(path: Path, rows: list[tuple[int, list[str]]], heading: list[str]) -> Iterator[Entry]:
    for number, row in rows[1:]:
        cells = dict(zip(heading, (cell.strip() for cell in row), strict=False))
        yield Entry(f"{path}, line {number}", cells.get("id", ""), cells.get("name", ""), cells.get("nickname", ""))
