"""A teacher's file: what it may say, and what is said of one that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.classroom.cluster.names import ID
from grader.classroom.planning import plan
from grader.classroom.planning.nicknames import ADJECTIVES, ANIMALS, generate
from grader.classroom.planning.people import MOST, bad_id, id_of
from grader.errors import BadInput
from tests.grader.course import Course

GOOD: dict[str, Any] = {"workshop": "spring", "labs": ["desk"], "hours": 4, "participants": ["ada", "bob"]}
Load = Callable[..., plan.Plan]


@pytest.fixture
def load(desk: Course, tmp_path: Path) -> Load:
    def loaded(**changes: Any) -> plan.Plan:
        path = tmp_path / "class.yaml"
        whole = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
        path.write_text(yaml.safe_dump(whole), "utf-8")
        return plan.load(path)

    return loaded


def test_a_short_file_is_enough(load: Load) -> None:
    found = load()
    assert (found.workshop, found.labs, found.exams_at_once, found.server) == ("spring", ("desk",), "auto", "")
    assert [person.id for person in found.people] == ["ada", "bob"]
    assert len({person.nickname for person in found.people}) == 2
    assert found.end("2026-01-31T09:00:00Z") == "2026-01-31T13:00:00Z"


def test_all_may_be_said(load: Load) -> None:
    ends = datetime.now(UTC) + timedelta(hours=3)
    found = load(
        hours=None,
        ends=ends,
        participants=[{"id": "ada", "name": "Ada L", "nickname": "Queen"}, "Åsa Öberg", 4711],
        exams_at_once=3,
        quotas={"submissions": 7},
        server="https://192.0.2.7:6443/",
    )
    assert [(p.id, p.name) for p in found.people] == [("ada", "Ada L"), ("asa-oberg", "Åsa Öberg"), ("4711", "4711")]
    assert found.people[0].nickname == "Queen"
    assert (found.exams_at_once, found.submissions, found.server) == ("3", 7, "https://192.0.2.7:6443")
    assert found.end("2026-01-31T09:00:00Z") == ends.strftime(plan.TIME)


def test_what_the_cluster_keeps_comes_back(load: Load) -> None:
    found = load(participants=["Ada Lovelace", {"id": "bob"}])
    assert plan.from_json(found.to_json()) == found
    with pytest.raises(BadInput, match="another version"):
        plan.from_json('{"labs": []}')


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labs": ["dask"]}, r"labs: there is no lab 'dask'; did you mean desk\?"),
        ({"labs": []}, "labs: list at least one lab"),
        ({"labs": ["desk", "desk"]}, "labs: desk is listed twice"),
        ({"participants": []}, "participants: nobody is named"),
        ({"participants": None}, "participants: Field required"),
        ({"participants": "ada"}, "must be a list of names"),
        ({"participants": ["ada", "bob", "ada"]}, r"participant 3: id ada is taken by .*participant 1: .* twice"),
        ({"participants": ["Ada B", {"id": "ada-b", "name": "Abe"}]}, "participant 2: .* give one of them an `id`"),
        ({"participants": [{"id": "a", "nickname": "x"}, {"id": "b", "nickname": "X"}]}, "choose another nickname"),
        ({"participants": ["ada", {"ID": "x"}]}, "entry 2 has an unknown key 'ID'"),
        ({"participants": ["ada", ["bob"]]}, "entry 2 is neither a name"),
        ({"participants": ["ada", {"nickname": "x"}]}, "participant 2: has neither an id nor a name"),
        ({"participants": [{"id": "Ada"}]}, "participant 1: the id 'Ada' is not 1 to 20"),
        ({"participants": [{"id": "a--b"}]}, "two dashes"),
        ({"participants": ["\x1b[2J"]}, "printable"),
        ({"participants": [{"id": "a", "nickname": "<b>"}]}, "the nickname '<b>' is not"),
        ({"participants": [f"p{n}" for n in range(MOST + 1)]}, "make two"),
        ({"participants": {"file": "nobody.csv"}}, "nobody.csv: does not exist"),
        ({"workshop": "Spring Term"}, "workshop: 'Spring Term' is not 1 to 20"),
        ({"workshop": 2026}, "workshop: Input should be a valid string"),
        ({"hours": None}, "say either `hours` or `ends`"),
        ({"hours": 0}, "hours: .* greater than or equal to 0.2"),
        ({"hours": None, "ends": "2020-01-01 10:00"}, "is not between 12 minutes and 14 days from now"),
        ({"exams_at_once": 0}, "exams_at_once: must be auto, or a number"),
        ({"exams_at_once": True}, "exams_at_once: must be auto, or a number"),
        ({"quotas": {"pods": 3}}, "quotas.pods: Extra inputs"),
        ({"server": "http://x"}, "server: 'http://x' is no address"),
        ({"sever": "https://x"}, "sever: Extra inputs"),
    ],
)
def test_a_wrong_entry_is_named(load: Load, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        load(**changes)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: [b\nc: d", "cannot be read as YAML: .* line 2"),
        (b"\x7fELF\xff\xfe", "cannot be read as YAML"),
        (b"", "is no description|is empty"),
        (b"- ada\n- bob\n", "is no description of a workshop"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "class.yaml"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=said):
        plan.load(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        plan.load(tmp_path / "none.yaml")
    with pytest.raises(BadInput, match="is a folder"):
        plan.load(tmp_path)


LISTS = {
    "a name a line": ("Ada Lovelace\n\nbob\n", {}, [("ada-lovelace", "Ada Lovelace"), ("bob", "bob")]),
    "a column": ("Nr,Full name\n1,Ada Lovelace\n2,bob\n", {"column": "Full name"}, [("ada-lovelace", "Ada Lovelace")]),
    "known columns": ("Name;Id;Nickname\nAda L;ada;Queen\nBob;bob;\n", {}, [("ada", "Ada L"), ("bob", "Bob")]),
    "a spreadsheet's mark": ("\ufeffname\nAda L\n", {}, [("ada-l", "Ada L")]),
}


@pytest.mark.parametrize("name", LISTS)
def test_people_come_from_a_file_beside_it(load: Load, tmp_path: Path, name: str) -> None:
    text, more, expected = LISTS[name]
    (tmp_path / "people.csv").write_text(text, "utf-8")
    found = load(participants={"file": "people.csv", **more})
    assert [(person.id, person.name) for person in found.people][: len(expected)] == expected


@pytest.mark.parametrize(
    ("data", "column", "said"),
    [
        (b"name\nAda\n\nAda\n", "", "people.csv, line 4: id ada is taken by .*people.csv, line 2"),
        (b"name,mail\nAda,a@x\n", "Name", "line 1: there is no column 'Name'; there are: name, mail"),
        (b"name,mail\nAda,a@x\n,b@x\n", "name", "line 3: the column 'name' is empty"),
        (b"\xff\xfeA\x00d\x00a\x00", "", "is not text in UTF-8"),
        (b"PK\x03\x04\x00\x00", "", "is not text"),
        (b"x" * (1 << 20) + b"\n" * 10, "", "is larger than"),
    ],
)
def test_a_wrong_line_is_named(load: Load, tmp_path: Path, data: bytes, column: str, said: str) -> None:
    (tmp_path / "people.csv").write_bytes(data)
    with pytest.raises(BadInput, match=said):
        load(participants={"file": "people.csv", **({"column": column} if column else {})})


@pytest.mark.parametrize("name", ["Ada", "Jean-Luc  Picard of the Enterprise", "Ø", "李雷", "--", "O'Neil, Bob"])
def test_every_name_becomes_an_id(name: str) -> None:
    found = id_of(name)
    assert ID.fullmatch(found) and not bad_id(found) and found == id_of(name)


def test_nicknames_differ_however_many_there_are() -> None:
    count = len(ADJECTIVES) * len(ANIMALS) + 20
    ids = [f"p{number}" for number in range(count)]
    names = generate("spring", ids, {"bold-fox"})
    assert len(set(names.values())) == count and "bold-fox" not in names.values()
    assert generate("spring", ids[:3], {"bold-fox"}) == {who: names[who] for who in ids[:3]}
