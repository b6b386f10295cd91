"""The season of a decision lab: laps as the casebook tells them, however odd; what an edit changed; the words."""

from __future__ import annotations

import http.server
import json
import math
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from grader.cli import author
from grader.course import casebook, catalog, systems
from grader.errors import BadInput
from grader.laps import NOTE, Lap, read
from grader.practice.live import season
from grader.practice.live.season import Judge, Season, change, objectives, rows
from grader.practice.live.table import Events
from tests.grader.course import REPOSITORY, Course
from tests.grader.practice.live.events import ALWAYS, slo

ODD = "<script>1</script>\u202e"


def lap(number: int = 0, began: float = 100.0, *words: str, over: bool = True, **more: Any) -> dict[str, Any]:
    """A lap as the casebook tells it, a word a case, a second apart."""
    told = [
        {"case": f"c{n}", "aspect": "paged", "word": word, "note": f"why {n}", "at": began + 1 + n}
        for n, word in enumerate(words)
    ]
    facts = {"cases": len(words), "closed": len(words), "asked": len(words), "told": len(words), "broken": ""}
    return {"lap": number, "began": began, "over": over, **facts, "outcomes": told, **more}


def seen(*args: Any, **more: Any) -> Lap:
    found = read(lap(*args, **more))
    assert found is not None
    return found


@pytest.fixture
def judge() -> Iterator[Judge]:
    events = Events()
    promise = slo("answer = 'right'", "name = 'paged' and answer <> 'void'", name="paged")
    yield Judge(events, [events.understood(promise.model_copy(update={"words": {"late": "no page in time"}}), ALWAYS)])
    events.close()


def test_a_lap_that_is_none_is_refused_and_text_is_made_plain() -> None:
    for odd in ({}, lap(began="x"), lap(began=math.nan), lap(outcomes=[{}]), lap(outcomes=3), lap(cases=None)):  # type: ignore[arg-type]
        assert read(odd) is None
    [told] = seen(outcomes=[{"case": ODD, "aspect": "a", "word": "w" * 99, "note": ODD * 99, "at": None}]).told.items()
    assert told[0][0].endswith("[U+202E]")
    assert "more characters" in told[1].word and len(told[1].note) < 2 * NOTE


def test_objectives_by_word(judge: Judge) -> None:
    [told] = objectives(seen(0, 100.0, "right", "late", "late", "void"), judge)

    assert (told["good"], told["valid"]) == (1, 3)
    assert told["words"] == [["right", 1, True, ""], ["late", 2, False, "no page in time"], ["void", 1, None, ""]]


def test_rows_newest_first_and_only_wrong(judge: Judge) -> None:
    found = rows(seen(0, 100.0, "right", "late", "void"), judge)

    assert [row[:4] for row in found["wrong"]] == [["c1", "paged", "late", "why 1"]]
    assert [row[0] for row in found["all"]] == ["c2", "c1", "c0"]


def test_what_an_edit_changed(judge: Judge) -> None:
    before = seen(0, 100.0, "right", "late", "late", "void")
    mixed = seen(1, 120.0, "late", "right", "right", "right")
    after = seen(2, 140.0, "late", "right", "right", "right", over=False)

    assert change([before, mixed], [], judge) is None
    assert change([before, mixed], [121.5], judge) == {"since": 122, "ready": False}
    found = change([before, mixed, after], [121.5], judge)
    assert found is not None and (found["better"], found["worse"], found["laps"]) == (2, 1, [0, 2])
    assert found["rows"][0] == ["c0", "paged", "right", "late", "why 0", False]
    again = change([before, mixed, after], [119.0, 121.5], judge)
    assert again is not None and again["ready"], "a lap that was over before the first change is whole"
    assert change([mixed, after], [121.5], judge) is None, "nothing whole was seen before it"


class Told(http.server.BaseHTTPRequestHandler):
    said: dict[str, Any] = {}

    def do_GET(self) -> None:
        body = self.said.get(self.path)
        self.send_response(404 if body is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_laps_are_kept_and_pictures_bounded(url: str) -> None:
    found = Season()
    svg = {"id": "month", "title": ODD, "svg": "<svg viewBox='0 0 1 1'/>"}
    for n in range(season.MOST_LAPS + 3):
        Told.said = {
            "/lap": lap(n, 100.0 + n, "right"),
            "/pictures": [svg, {**svg, "svg": "<p>"}, {**svg, "svg": 3}, 7],
        }
        found.look(url)
        found.look(url)

    assert [one.number for one in found.laps] == list(range(3, season.MOST_LAPS + 3))
    assert [one["id"] for one in found.pictures] == ["month"] and "\u202e" not in found.pictures[0]["title"]


def test_an_exam_shows_nothing(url: str) -> None:
    Told.said = {}
    with pytest.raises(BadInput, match="no public season"):
        Season().look(url)


def test_every_lab_with_a_plan_and_a_world_has_a_casebook() -> None:
    labs = [catalog.find_lab(name) for name in catalog.lab_ids()]
    found = {lab.id: systems.casebook(systems.system(lab)) for lab in labs}

    assert found["canary"] is None and found["capacity-plan"] == ("cluster", 8000)
    planned = {lab.id for lab in labs if (lab.folder / "world").is_dir() and casebook.public_plan(lab.folder).exists()}
    assert {name for name, where in found.items() if where} == planned


def test_a_lab_shows_its_season_unless_users_come_in_by_the_casebooks_door(course: Course) -> None:
    (course.root / "labs" / "cast").symlink_to(REPOSITORY / "labs" / "cast")
    author.new("asked", "decision")
    author.new("called", "traffic")
    path = course.root / "labs/called/compose.yaml"
    described = yaml.safe_load(path.read_text())
    described["services"]["front"] = {
        "extends": {"file": "../cast/lib/casebook/compose.yaml", "service": "casebook"},
        "command": ["python", "-m", "casebook_door"],
        "environment": {"DOOR": '[{"prefix": "/team", "to": "http://desk:8080"}]'},
    }
    described["networks"] = {"lab": {"internal": True}, "edge": {}} | described.get("networks", {})
    path.write_text(yaml.safe_dump(described))
    asked, called = (catalog.rehearsal(catalog.find_lab(name)) for name in ("asked", "called"))

    assert systems.season(asked) == systems.casebook(systems.system(asked.lab)) == ("office", 8000)
    assert systems.casebook(systems.system(called.lab)) == ("front", 8000)
    assert systems.season(called) is None


def test_every_lab_of_today_with_a_casebook_shows_its_season() -> None:
    for lab in map(catalog.find_lab, catalog.lab_ids()):
        assert systems.season(catalog.rehearsal(lab)) == systems.casebook(systems.system(lab)), lab.id
