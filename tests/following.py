"""The tests of every day follow the change: what passed as it is, is not even read; and a run that passed is noted."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests import proven

UNCHANGED = "unchanged"
"""What a worker is told of the record, which is as costly to read as a test file."""


class Following:
    """A plugin of pytest, in each worker and in who starts them. In CI, or named on the command line, all runs."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.option
        asked = {(proven.ROOT / argument).resolve() for argument in config.args}
        whole = asked <= {proven.ROOT, proven.TESTS} and not option.keyword and not getattr(option, "lf", False)
        self.everyday = whole and "not slow" in option.markexpr and "CI" not in os.environ
        self.sampled = self.everyday and not proven.RECORD.exists()
        self.noting = whole and "not proof" in option.markexpr and not self.sampled and not option.collectonly
        given = getattr(config, "workerinput", {}).get(UNCHANGED)
        self.held = frozenset(given or ()) if given is not None or not self.everyday else proven.unchanged()
        self.began = time.time()
        self.left: set[str] = set()
        """Test files, and folders of tests of labs, that are left out."""
        self.collected: Counter[str] = Counter()
        self.passed: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.failed: set[str] = set()

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        name = collection_path.relative_to(proven.ROOT).as_posix()
        if name in self.held:
            self.left.add(name)
            return True
        return None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Without a record, a sample that is another with each commit."""
        if self.sampled:
            commit = subprocess.run(
                ["git", "rev-parse", "HEAD"], cwd=proven.ROOT, capture_output=True, text=True
            ).stdout
            kept = [item for item in items if item.nodeid.startswith(proven.APART) or proven.drawn(item.nodeid, commit)]
            config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
            items[:] = kept

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.collected = Counter(item.nodeid.partition("::")[0] for item in session.items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.partition("::")[0]
        self.seconds[name] += report.duration  # type: ignore[assignment]
        if report.failed:
            self.failed.add(name)
        elif report.when == "call" and (report.passed or hasattr(report, "wasxfail")):
            self.passed[name] += 1

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A worker need not find out again what did not change."""
        node.workerinput[UNCHANGED] = sorted(self.held)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """What a worker collected and left out."""
        collected, left = getattr(node, "workeroutput", {}).get("following", ({}, ()))
        self.collected.update({name: count for name, count in collected.items() if name not in self.collected})
        self.left.update(left)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A test that was skipped or never came is none that passed."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["following"] = (dict(self.collected), sorted(self.left))
        elif self.noting:
            whole = {name for name, count in self.collected.items() if self.passed[name] == count}
            mine = {name for name in whole - self.failed if not name.startswith(proven.APART)}
            proven.write({name: self.seconds[name] for name in mine}, self.failed, self.began)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.sampled:
            said = f"no {proven.RECORD.name}: of the engine's tests one in {proven.SAMPLE} ran, drawn by the commit"
        elif self.left:
            files = sum(name.endswith(".py") for name in self.left)
            said = f"left out, for nothing changed since they passed: {files} costly test files"
            said += f", and the tests of {len(self.left) - files} labs since they were proven"
        else:
            return
        terminalreporter.line(f"{said}. All: make test-all")
