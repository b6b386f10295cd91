"""A teacher's file: what `lab workshop create FILE` is to make.

workshop: spring                # 1 to 20 of a-z, 0-9 and -
labs: [canary]
hours: 4                        # or  ends: 2026-01-31 17:00
participants: [Ada Lovelace, {id: bob, nickname: brave-otter}]
# participants: {file: people.csv, column: Name}     a CSV, or a list with a name a line
# exams_at_once: auto           # or a number
# quotas: {submissions: 20}     # of each participant
# server: https://192.168.1.20:6443     the API server, as participants reach it
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator

from grader.classroom.planning.people import Entry, Person, bad_id, entry_of, from_file, people
from grader.course import catalog
from grader.course.reading import read_yaml
from grader.course.strict import Strict
from grader.errors import BadInput

MOST_HOURS = 14 * 24
TIME = "%Y-%m-%dT%H:%M:%SZ"


class _Person(Strict):
    id: str = ""
    name: str = ""
    nickname: str = ""


class _List(Strict):
    file: str
    column: str = ""


class Quotas(Strict):
    """Of each participant. 20 submissions, each with its result, are 40 MB of the cluster's memory of objects at most,
    and some 100 KB usually."""

    submissions: int = Field(default=20, ge=1, le=200)


class _File(Strict):
    workshop: str
    labs: tuple[str, ...]
    participants: tuple[_Person | str, ...] | _List
    hours: float | None = Field(default=None, ge=0.2, le=MOST_HOURS)
    ends: datetime | None = None
    exams_at_once: str = "auto"
    quotas: Quotas = Quotas()
    server: str = ""

    @field_validator("workshop")
    @classmethod
    def _an_id(cls, text: str) -> str:
        if problem := bad_id(text):
            raise ValueError(f"{text!r} {problem}")
        return text

    @field_validator("labs")
    @classmethod
    def _some_labs(cls, labs: tuple[str, ...]) -> tuple[str, ...]:
        if not labs:
            raise ValueError("list at least one lab")
        return labs

    @field_validator("participants", mode="before")
    @classmethod
    def _entries(cls, given: Any) -> Any:
        if isinstance(given, dict):
            return given
        if not isinstance(given, list):
            raise ValueError("must be a list of names, or {file: people.csv, column: Name}")
        return tuple(_entry(number, one) for number, one in enumerate(given, 1))

    @field_validator("exams_at_once", mode="before")
    @classmethod
    def _some(cls, count: Any) -> str:
        if count != "auto" and (type(count) is not int or not 1 <= count <= 100):
            raise ValueError("must be auto, or a number from 1 to 100")
        return str(count)

    @field_validator("server")
    @classmethod
    def _an_address(cls, text: str) -> str:
        parts = urlsplit(text)
        if text and (parts.scheme != "https" or not parts.hostname or parts.path.strip("/")):
            raise ValueError(f"{text!r} is no address such as https://192.168.1.20:6443")
        return text.rstrip("/")

    @model_validator(mode="after")
    def _one_end(self) -> _File:
        if (self.hours is None) == (self.ends is None):
            raise ValueError("say either `hours` or `ends`")
        return self


def _entry(number: int, one: Any) -> Any:
    """An entry of the list of participants; a number is one's id."""
    if isinstance(one, str | int) and not isinstance(one, bool):
        return str(one)
    if not isinstance(one, dict):
        raise ValueError(f"entry {number} is neither a name nor {{id, name, nickname}}")
    if unknown := one.keys() - _Person.model_fields:
        raise ValueError(f"entry {number} has an unknown key {sorted(map(str, unknown))[0]!r}")
    return {key: "" if value is None else str(value) for key, value in one.items()}


@dataclass(frozen=True)
class Plan:
    """A workshop, ready to be made.

    Attributes:
        hours: of the time box, None where `ends` fixes it (ISO 8601 in UTC, else empty).
        exams_at_once: a number, or `auto`.
        submissions: quota of each participant.
        server: address of the API server for participants, empty for the one in the teacher's kubeconfig.
    """

    workshop: str
    labs: tuple[str, ...]
    people: tuple[Person, ...]
    hours: float | None
    ends: str
    exams_at_once: str
    submissions: int
    server: str

    def end(self, began: str) -> str:
        """When it ends, having begun then; both as everything in a workshop writes times."""
        if self.hours is None:
            return self.ends
        return (parse_time(began) + timedelta(hours=self.hours)).strftime(TIME)

    def to_json(self) -> str:
        """As text, for the cluster to keep."""
        return json.dumps(asdict(self))


def from_json(text: str) -> Plan:
    """A plan that the cluster kept.

    Raises:
        BadInput: another version wrote it.
    """
    try:
        raw = json.loads(text)
        raw |= {"labs": tuple(raw["labs"]), "people": tuple(Person(**one) for one in raw["people"])}
        return Plan(**raw)
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput("the cluster's record of this workshop is of another version of this program") from error


def load(path: Path) -> Plan:
    """Read a teacher's file.

    Raises:
        BadInput: missing, not YAML, or wrong; names the file and the entry.
    """
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; name the workshop's YAML file")
    documents = read_yaml(path)
    if len(documents) > 1 or not isinstance(documents[0], dict):
        raise BadInput(f"{path}: is no description of a workshop; docs/workshop.md shows one")
    try:
        file = _File.model_validate(documents[0])
    except ValidationError as error:
        raise BadInput(f"{path}: {_first(error)}") from error
    _check_labs(path, file.labs)
    return Plan(
        workshop=file.workshop,
        labs=file.labs,
        people=people(file.workshop, _entries(path, file.participants), path),
        hours=file.hours,
        ends=_fixed_end(path, file.ends),
        exams_at_once=file.exams_at_once,
        submissions=file.quotas.submissions,
        server=file.server,
    )


def _first(error: ValidationError) -> str:
    """The first problem: where, and what."""
    problem: Any = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    said = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {said}" if where else said


def _check_labs(path: Path, labs: tuple[str, ...]) -> None:
    for lab_id in labs:
        try:
            lab = catalog.find_lab(lab_id)
            catalog.find_scenario(lab)
        except BadInput as error:
            raise BadInput(f"{path}: labs: {error}") from error
    if twice := {lab_id for lab_id in labs if labs.count(lab_id) > 1}:
        raise BadInput(f"{path}: labs: {sorted(twice)[0]} is listed twice")


def _entries(path: Path, given: tuple[_Person | str, ...] | _List) -> Iterator[Entry]:
    if isinstance(given, _List):
        yield from from_file(path.parent / given.file, given.column)
        return
    for number, one in enumerate(given, 1):
        where = f"{path}, participant {number}"
        yield entry_of(one.strip(), where) if isinstance(one, str) else Entry(where, one.id, one.name, one.nickname)


def _fixed_end(path: Path, ends: datetime | None) -> str:
    if ends is None:
        return ""
    moment = ends.astimezone(UTC)  # one without a zone is of this machine's
    left = moment - datetime.now(UTC)
    if not timedelta(minutes=12) <= left <= timedelta(hours=MOST_HOURS):
        raise BadInput(f"{path}: ends: {ends} is not between 12 minutes and {MOST_HOURS // 24} days from now")
    return moment.strftime(TIME)


def parse_time(text: str) -> datetime:
    """A time as everything in a workshop writes it."""
    return datetime.strptime(text, TIME).replace(tzinfo=UTC)
