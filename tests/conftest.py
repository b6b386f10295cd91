"""Fixtures for tests that need labs of their own; and a home for each of several workers that test at once (`-n`)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from grader.cli import author
from infra.home import home
from tests.calm import calm
from tests.following import Following
from tests.grader.course import Course

# No test is timed: with Hypothesis' usual 200 ms an example a busy machine failed what was sound.
os.environ.setdefault("BROWNOUT_CALLED", "lab")  # else messages depend on the folder in which tests are started
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

WORKER_HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Workers share the images and nothing else: what one finds left by deployments is never another's."""
    config.pluginmanager.register(Following(config), "following")
    if "PYTEST_XDIST_WORKER" in os.environ:
        images = home() / "images"
        images.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="brownout-tests-"))
        folder.chmod(0o755)  # services that drop their rights read there
        (folder / "images").symlink_to(images)
        os.environ["BROWNOUT_HOME"] = str(folder)
        config.stash[WORKER_HOME] = folder


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(WORKER_HOME, None):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Skipped tests: one line a reason, wherever they are."""
    reasons = Counter(" ".join(report.longrepr[2].split()) for report in terminalreporter.stats.get("skipped", ()))
    if reasons:
        terminalreporter.section("skipped", sep="-")
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{count:5} {reason.removeprefix('Skipped: ')}")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """An empty course; functions called in this process see it as well."""
    made = Course(tmp_path / "course")
    monkeypatch.setenv("BROWNOUT_COURSE", str(made.root))
    return made


@pytest.fixture
def desk(course: Course, capsys: pytest.CaptureFixture[str]) -> Course:
    """A course with one lab, `desk`, whose exam and rehearsal any machine can hold."""
    author.new("desk")
    calm(course.root / "scenarios" / "desk")
    calm(course.root / "labs" / "desk" / "rehearsal")
    capsys.readouterr()
    return course
