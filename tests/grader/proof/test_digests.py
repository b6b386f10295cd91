"""A digest changes when a byte changes that a proof depends on, and not when another does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from grader.cli import author
from grader.course import catalog
from grader.proof import digests as ours
from grader.proof.digests import control_digest, engine_digest, lab_digest
from infra import own
from tests.grader.course import Course

COMPILED = shutil.ignore_patterns("__pycache__")  # another test may be writing there
DOOR = """services:
  door:
    image: brownout/core
    command: [python, /srv/door/main.py]
    volumes: [".:/srv/door:ro"]
    networks: [lab]
    mem_limit: 64m
networks:
  lab: {internal: true}
"""
FRONT = """
    networks: [lab]
  door:
    extends: {file: ../cast/door/compose.yaml, service: door}
  shelf:
    image: brownout/core
    command: [python, -m, http.server, "9000"]
    volumes: ["./passages:/srv/passages:ro"]
    networks: [lab]
    mem_limit: 64m
networks:
  lab: {internal: true}
"""
BACK = """
  door:
    image: brownout/core
    command: [python, /srv/own/main.py]
    volumes: ["../cast/door:/srv/own:ro"]
    mem_limit: 64m
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, dict[str, str]]:
    """Three small labs, and their digests: `front` extends a part of the cast, `back` mounts the same one and names
    another in its code, `alone` has nothing of it."""
    course = Course(tmp_path_factory.mktemp("made") / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWNOUT_COURSE", str(course.root))
        for lab, more in (("front", FRONT), ("back", BACK), ("alone", "")):
            author.new(lab)
            with (course.root / "labs" / lab / "compose.yaml").open("a") as compose:
                compose.write(more)
        for part in ("door", "well", "attic"):
            write(course.root / "labs" / "cast" / part / "main.py", "PART = True\n")
        write(course.root / "labs/cast/door/compose.yaml", DOOR)
        write(course.root / "labs/front/passages/one.md", "# A passage\n")
        with (course.root / "scenarios/back/exam.py").open("a") as exam:
            exam.write('WELL = "labs/cast/well/main.py"\n')
        return course, digests()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def changed(made: tuple[Course, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], set[str]]:
    """Tells which labs' digests change when a line is added to a file, which may be a new one."""
    course, before = made
    monkeypatch.setenv("BROWNOUT_COURSE", str(course.root))

    def tell(name: str) -> set[str]:
        path = course.root / name
        text = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((text or b"") + b"\n# a line more\n")
        found = {lab for lab, digest in digests().items() if digest != before[lab]}
        if text is None:
            path.unlink()
        else:
            path.write_bytes(text)
        return found

    return tell


def digests() -> dict[str, str]:
    return {lab: lab_digest(catalog.find_scenario(catalog.find_lab(lab))) for lab in catalog.lab_ids()}


@pytest.mark.parametrize(
    ("name", "labs_of_it"),
    [
        ("scenarios/front/scenario.yaml", {"front"}),
        ("scenarios/front/exam.py", {"front"}),
        ("labs/back/desk/main.py", {"back"}),
        ("labs/back/rehearsal/load.py", {"back"}),
        ("labs/cast/door/main.py", {"front", "back"}),
        ("labs/cast/well/main.py", {"back"}),
        ("labs/cast/attic/main.py", set()),
        ("labs/front/README.md", set()),
        ("labs/cast/door/README.md", set()),
        ("scenarios/front/hints.md", set()),
        ("scenarios/front/twists/bad-weather.yaml", set()),
        ("scenarios/front/twists/small-carrier/world.py", set()),
        ("scenarios/front/debrief.md", set()),
        ("scenarios/front/notes.md", set()),
        ("labs/front/DETAILS.md", set()),
        ("scenarios/front/audit.yaml", set()),
        ("scenarios/front/pass.jsonl.gz", set()),
    ],
)
def test_only_labs_that_depend_on_a_file_change_with_it(
    changed: Callable[[str], set[str]], name: str, labs_of_it: set[str]
) -> None:
    assert changed(name) == labs_of_it


def test_text_that_a_system_reads_counts_though_it_is_markdown(changed: Callable[[str], set[str]]) -> None:
    assert changed("labs/front/passages/one.md") == {"front"}


def test_a_control_changes_its_own_digest_and_no_other(desk: Course) -> None:
    scenario = catalog.find_scenario(catalog.find_lab("desk"))
    before = {name: control_digest(scenario, name) for name in scenario.controls}
    lab = lab_digest(scenario)
    extra = scenario.folder / "controls" / "fake-swallow" / "desk" / "more.py"
    extra.parent.mkdir(exist_ok=True)
    extra.write_text("MORE = True\n")

    scenario = catalog.find_scenario(catalog.find_lab("desk"))
    after = {name: control_digest(scenario, name) for name in scenario.controls}

    assert {name for name in after if after[name] != before[name]} == {"fake-swallow"}
    assert lab_digest(scenario) == lab


def test_the_minutes_do_not_count_and_rows_of_when_they_did_still_hold(desk: Course) -> None:
    lab, ledger = desk.root / "labs/desk/lab.yaml", desk.root / "scenarios/desk/ledger.jsonl"
    ledger.unlink(missing_ok=True)
    told = [re.sub("^minutes: *[0-9]+", f"minutes: {n}", lab.read_text(), flags=re.MULTILINE) for n in (75, 10)]
    lab.write_text(told[0])
    now, counted = digests()["desk"], bytes_as_they_stand("desk")
    lab.write_text(told[1])
    assert digests()["desk"] == now

    ledger.write_text(f'{{"lab": "{counted}"}}\n')
    assert digests()["desk"] == counted != now
    lab.write_text(told[1].replace("title: ", "title: Another "))
    assert digests()["desk"] not in (counted, now)


def bytes_as_they_stand(lab_id: str) -> str:
    """What the digest of a lab was while its minutes counted."""
    scenario = catalog.find_scenario(catalog.find_lab(lab_id))
    files = [*ours._own(scenario.lab.folder), *ours._exam(scenario.folder)]
    for part in ours.cast_of(scenario):
        files += ours._own(part)
    system = ours.load_system(scenario.lab.folder / "compose.yaml", scenario.lab.spec.open)
    return ours._digest([*files, *ours._locks(system)], catalog.root())


def test_what_a_control_has_to_fail_on_counts_and_its_story_does_not(desk: Course) -> None:
    def digest() -> str:
        return control_digest(catalog.find_scenario(catalog.find_lab("desk")), "fake-swallow")

    path = desk.root / "scenarios/desk/controls/fake-swallow/control.yaml"
    before, told = digest(), yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump({**told, "story": "Another story."}))
    assert digest() == before

    path.write_text(yaml.safe_dump({**told, "also": [told["fails"]]}))
    assert digest() != before


def test_a_control_that_a_trial_runs_on_is_part_of_the_lab(desk: Course) -> None:
    path = desk.root / "scenarios/desk/scenario.yaml"
    scenario = yaml.safe_load(path.read_text())
    scenario["trials"][0]["system"] = "reference"
    path.write_text(yaml.safe_dump(scenario))
    before = digests()["desk"]
    extra = desk.root / "scenarios/desk/controls/reference/desk/more.py"
    extra.parent.mkdir(exist_ok=True)
    extra.write_text("MORE = True\n")

    assert digests()["desk"] != before


def test_shared_modules_count_where_they_are_imported(desk: Course) -> None:
    lib = desk.root / "labs" / "cast" / "lib"
    for name, text in (("book", "import ink"), ("ink", ""), ("other", "")):
        (lib / name).mkdir(parents=True)
        (lib / name / "__init__.py").write_text(text)
    before = digests()["desk"]

    def with_line(name: str) -> str:
        (lib / name / "__init__.py").write_text("# changed\n" + (lib / name / "__init__.py").read_text())
        return digests()["desk"]

    assert with_line("book") == before, "nothing imports it"
    load = desk.root / "scenarios/desk/load.py"
    load.write_text("import book\n" + load.read_text())
    before = digests()["desk"]
    assert with_line("other") == before
    assert with_line("ink") != before


@pytest.mark.parametrize(("name", "judges"), [("authoring", False), ("cli", False), ("exam", True), ("judge", True)])
def test_only_what_judges_is_part_of_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, judges: bool
) -> None:
    for folder in ("grader", "infra"):
        shutil.copytree(own.ROOT / folder, tmp_path / folder, ignore=COMPILED)
    shutil.copy(own.ROOT / "requirements.txt", tmp_path)
    monkeypatch.setattr(own, "ROOT", tmp_path)
    before = engine_digest.__wrapped__("process")
    (tmp_path / "grader" / name / "one_more.py").write_text("MORE = True\n")

    assert (engine_digest.__wrapped__("process") != before) is judges


def test_the_engine_is_one_for_each_runtime() -> None:
    assert len({engine_digest(name) for name in ("process", "compose", "k8s")}) == 3
