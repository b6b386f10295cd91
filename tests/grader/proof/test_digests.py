"""A digest changes when a byte changes that a proof depends on, and not when another does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from grader.course import catalog
from grader.proof.digests import control_digest, engine_digest, lab_digest
from infra import own
from tests.grader.course import Course

LABS = ("canary", "drift", "rag-chaos", "latency-spike")
COMPILED = shutil.ignore_patterns("__pycache__")  # another test may be writing there


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, dict[str, str]]:
    """A copy of some of our labs, and their digests."""
    course = Course(tmp_path_factory.mktemp("copied") / "course")
    for lab in LABS:
        for kind in ("labs", "scenarios"):
            shutil.copytree(own.ROOT / kind / lab, course.root / kind / lab, ignore=COMPILED)
    shutil.copytree(own.ROOT / "labs" / "cast", course.root / "labs" / "cast", ignore=COMPILED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWNOUT_COURSE", str(course.root))
        return course, digests()


@pytest.fixture
def changed(copied: tuple[Course, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], set[str]]:
    """Tells which labs' digests change when a line is added to a file, which may be a new one."""
    course, before = copied
    monkeypatch.setenv("BROWNOUT_COURSE", str(course.root))

    def tell(name: str) -> set[str]:
        path = course.root / name
        text = path.read_bytes() if path.exists() else None
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
        ("scenarios/drift/scenario.yaml", {"drift"}),
        ("scenarios/drift/exam.py", {"drift"}),
        ("labs/canary/controller/main.py", {"canary"}),
        ("labs/canary/rehearsal/load.py", {"canary"}),
        ("labs/cast/fault-proxy/main.py", {"rag-chaos", "latency-spike"}),
        ("labs/cast/gateway/run.py", {"canary"}),
        ("labs/cast/prefect/main.py", set()),
        ("labs/canary/README.md", set()),
        ("labs/cast/gateway/README.md", set()),
        ("scenarios/canary/hints.md", set()),
        ("scenarios/canary/twists/bad-weather.yaml", set()),
        ("scenarios/canary/twists/one-more.yaml", set()),
        ("scenarios/canary/twists/small-carrier/world.py", set()),
        ("scenarios/canary/debrief.md", set()),
        ("scenarios/canary/notes.md", set()),
        ("labs/canary/DETAILS.md", set()),
        ("scenarios/canary/audit.yaml", set()),
        ("scenarios/canary/pass.jsonl.gz", set()),
    ],
)
def test_only_labs_that_depend_on_a_file_change_with_it(
    changed: Callable[[str], set[str]], name: str, labs_of_it: set[str]
) -> None:
    assert changed(name) == labs_of_it


def test_text_that_a_system_reads_counts_though_it_is_markdown(changed: Callable[[str], set[str]]) -> None:
    text = next(path for path in (own.ROOT / "labs/rag-chaos/passages").rglob("*") if path.is_file())

    assert changed(str(text.relative_to(own.ROOT))) == {"rag-chaos"}


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
