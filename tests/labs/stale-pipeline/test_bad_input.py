"""What a candidate may hand in by mistake or in malice: refused in a sentence, or failed with a reason."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.candidate.submission import stage
from grader.course.spec import Lab, Scenario
from grader.errors import BadInput
from grader.exam import grade
from grader.result import Result, Verdict
from infra.home import home
from infra.runtime import runtime
from tests.calm import calmed

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "stale-pipeline", ROOT / "scenarios" / "stale-pipeline"

pytestmark = pytest.mark.timeout(400)  # three tries, where the machine is busy


class Trap:
    """Unpickled, it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


FLOODS = """
import os, http.client, urllib.parse

def nightly(today):
    def put(path, body, kind):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(os.environ["MART"]).netloc, timeout=3)
        connection.request("PUT" if path.startswith("/metrics") else "POST", path, body, {"content-type": kind})
        connection.getresponse().read()
        connection.close()

    put("/metrics/job/a", b"x" * 300_000, "text/plain")
    put("/metrics/job/b", b"\\xff\\xfe\\x00" * 100, "text/plain")
    put("/metrics/job/c", b'features_age_days{market="x"} NaN\\n' * 1000, "text/plain")
    put("/registry/features", b"[" * 100_000, "application/json")
    put("/registry/features", b'{"market": "x", "day": "tomorrow", "features": {"units": NaN}}', "application/json")
    put("/registry/models", b'{"market": ["x"], "intercept": 1e999}', "application/json")
    while True:
        print("all is well " * 4000, flush=True)
"""


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A folder with one changed file, pipeline/flow.py as shipped."""
    folder = tmp_path / "mine"
    (folder / "pipeline").mkdir(parents=True)
    (folder / "pipeline" / "flow.py").write_bytes((LAB / "pipeline" / "flow.py").read_bytes())
    return folder


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home for deployments, with the images that are there already; nothing is left in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "images").symlink_to(home() / "images")
    monkeypatch.setenv("BROWNOUT_HOME", str(folder))
    yield folder
    assert not list((folder / "deployments").glob("*"))


def exam(folder: Path, tmp_path: Path) -> Result:
    lab = Lab(LAB)
    submission = stage(lab, folder, tmp_path / "staged")
    return grade(calmed(Scenario(EXAM, lab)), submission, runtime("process"), seed=9, out=tmp_path / "run")


def huge(pipeline: Path) -> None:
    (pipeline / "model.bin").write_bytes(bytes(6 << 20))


def link(pipeline: Path) -> None:
    (pipeline / "data.py").symlink_to("/etc/hostname")


def way_out(pipeline: Path) -> None:
    (pipeline.parent / "public").mkdir()
    (pipeline.parent / "public" / "plan.json").write_text("{}")


@pytest.mark.parametrize(("spoil", "names"), [(huge, "model.bin"), (link, "data.py"), (way_out, "plan.json")])
def test_what_cannot_be_taken_is_refused_by_name(handed_in, tmp_path, spoil, names):
    spoil(handed_in / "pipeline")

    with pytest.raises(BadInput, match=names):
        stage(Lab(LAB), handed_in, tmp_path / "staged")


@pytest.mark.parametrize(
    "content",
    [
        b"def nightly(): pass",
        pytest.param(bytes(range(256)) * 8, marks=pytest.mark.proof),
        pytest.param("print('na\xefve')".encode("latin-1"), marks=pytest.mark.proof),
        pytest.param(FLOODS.encode(), marks=pytest.mark.proof),
    ],
    ids=["wrong arguments", "binary", "not UTF-8", "floods"],
)
def test_code_of_no_use_fails_the_objectives(handed_in, own_home, tmp_path, content):
    (handed_in / "pipeline" / "flow.py").write_bytes(content)

    result = exam(handed_in, tmp_path)

    assert result.verdict is Verdict.FAIL, result.reasons
    assert {reason.code for reason in result.reasons} == {"objective-missed"}


def test_a_pickle_is_never_opened(handed_in, own_home, tmp_path):
    mark = tmp_path / "opened"
    trap = pickle.dumps(Trap(mark))
    for name in ("flow.py", "state.pkl", "features.pickle"):
        (handed_in / "pipeline" / name).write_bytes(trap)

    result = exam(handed_in, tmp_path)

    assert result.verdict is Verdict.FAIL
    assert not mark.exists()
