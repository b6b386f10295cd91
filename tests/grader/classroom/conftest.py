"""A course, a home and a cluster that exist only for a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.classroom.desk import joined, membership
from grader.classroom.desk.kit import Kit
from infra.k8s import cluster
from tests.grader.classroom.fake import FakeCluster, kit
from tests.grader.course import Course


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of this checkout; whatever the test does to the environment is undone."""
    for name in ("KUBECONFIG", cluster.CONTEXT):
        monkeypatch.setenv(name, "as it was")
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    made = FakeCluster()
    made.add_desk("desk")
    yield made
    made.close()


@pytest.fixture
def given(tmp_path: Path, home: Path, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a sound kit. The client reads where its kubeconfig is when it is imported."""
    folder = kit(tmp_path / "given", fake.url)
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(folder / "kubeconfig"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    cluster.api.cache_clear()
    yield folder
    cluster.api.cache_clear()
    joined.read.cache_clear()


@pytest.fixture
def mine(desk: Course, given: Path) -> Kit:
    """The kit of a checkout that joined."""
    return membership.join(given)
