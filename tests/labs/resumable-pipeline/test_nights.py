"""Whole nights with platform and runner as real processes; the flows need no Prefect, whose part nobody judges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.load.traffic import import_file
from tests.labs.resumable_helpers import PLATFORM, Running, code_of, files_of, running

pytestmark = pytest.mark.slow

SEED = 77
LOST = "crashes that may have lost a step"
plan = import_file(PLATFORM / "plan.py")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, list[dict[str, Any]]]]:
    """The alternative's nights, all over."""
    folder = tmp_path_factory.mktemp("sound")
    with running(code_of("journal", folder), folder) as found:
        yield found, found.all_nights(SEED)


def test_a_sound_job_gets_through_every_night(sound):
    _, nights = sound

    assert len(nights) == 12
    for night in nights:
        assert night["readers found"] == "whole artefacts", night
        assert night["artefact"] == "as agreed", night
        assert (night["announcements"], night["runs"][-1]["code"]) == (1, 0), night
        assert 3 <= night[LOST] <= 8 and night["steps done again"] <= night[LOST], night


def test_a_run_that_waits_for_the_lock_does_not_outlive_the_crash(tmp_path):
    with running(code_of("waits", tmp_path), tmp_path) as found:
        nights = found.all_nights(SEED)

    assert [night["more than those by then"] for night in nights] == ["never"] * 12
    assert {(night["announcements"], night["runs"][-1]["code"]) for night in nights} == {(1, 0)}


def test_what_was_planned_befell_each_night(sound):
    found, nights = sound
    ledger = found.ask("/ledger").json()

    assert (ledger["ordered"], ledger["escaped"], ledger["broken"]) == (ledger["seen"], 0, False)
    assert ledger["ordered"] >= 48
    for night, planned in zip(nights, plan.draw(SEED), strict=True):
        ended = [(run["code"], run["signal"]) for run in night["runs"]]
        assert ended.pop(0) == (None, 9)  # long ago, in the first paid call
        assert ended.pop(0) in ((None, 9), (None, 25))  # in a later one, or in a write of its notes
        assert (0, None) in (ended.pop(0), ended.pop(0))
        assert ended.pop(0) == (None, 9)  # yesterday, in the first paid call
        yesterday = {ended.pop(0), ended.pop(0)}
        assert (None, 9) in yesterday
        assert (0, None) in yesterday or (0, None) in (ended.pop(0), ended.pop(0))
        assert (ended.pop(0), ended.pop(0)) == ((None, 9), (0, None))  # the second came while the first was held
        if ended.pop(0) == (None, 25):  # its notes grew past the byte on the way
            assert (None, 9) in (ended.pop(0), ended.pop(0))
        for starts in (1 if planned.early else 2, *planned.limits, 1, 1, 1, (planned.late, "full")):
            these = [ended.pop(0) for _ in range(starts if isinstance(starts, int) else 1)]
            if isinstance(starts, tuple):
                assert these == [(None, 25) if starts[1] == "kill" else (1, None)]
            else:
                assert {(None, 9), (None, 25)} & set(these)
        assert len(ended) == 2 and (0, None) in ended
        assert night["given up"] == "no"


def test_a_job_that_does_nothing_while_it_would_be_disturbed_is_never_left_alone(tmp_path):
    code = code_of("journal", tmp_path)
    (code / "flow.py").write_bytes(files_of("plays-dead")["flow.py"].data)

    with running(code, tmp_path) as found:
        nights = found.all_nights(SEED)

    assert {night["given up"] for night in nights} == {"the crash in a paid call had not befallen it after 3 starts"}
    assert {night["announcements"] for night in nights} == {0}
    assert {run["code"] for night in nights for run in night["runs"][-3:]} == {0}


def test_a_run_that_the_job_ordered_itself_ends_and_remembers_nothing(tmp_path):
    code = code_of("hired-help", tmp_path)

    with running(code, tmp_path) as found:
        nights = found.all_nights(SEED)

    assert sum(night["more than those by then"] != "never" for night in nights) >= 11
    assert {night["readers found"] for night in nights} == {"whole artefacts"}


def test_a_job_that_does_not_write_when_a_crash_would_be_in_the_write_is_never_left_alone(tmp_path):
    code = code_of("journal", tmp_path)
    (code / "publish.py").write_bytes(files_of("looks-before-it-writes")["publish.py"].data)
    with (code / "journal.py").open("a") as journal:
        journal.write("\n    def once(self, step, work):\n        return work()\n")

    with running(code, tmp_path) as found:
        nights = found.all_nights(SEED)

    assert {night["given up"] for night in nights} == {"the crash in a write had not befallen it after 3 starts"}
    assert {night["announcements"] for night in nights} == {0}


@pytest.mark.parametrize(
    ("labels", "artefact"),
    [
        ("platform.labels(ids)", "as agreed"),
        ("[0, 1] * 120 if known else platform.labels(ids)", "its model is right on"),
    ],
    ids=["kept", "asked for once"],
)
def test_the_call_for_labels_is_met_wherever_it_comes(tmp_path, labels, artefact):
    code = code_of("journal", tmp_path)
    early = """    ids = [document["id"] for page in pages for document in page]
    path = DATA / f"{tenant}-{night}.asked"
    known = path.exists()
    path.touch()
    labels = journal.once("labels", lambda: LABELS)
""".replace("LABELS", labels)
    flow = (code / "flow.py").read_text().splitlines(keepends=True)
    flow = [line for line in flow if not line.startswith("    labels = ")]
    flow.insert(next(n for n, line in enumerate(flow) if "vectors: dict" in line), early)
    (code / "flow.py").write_text("".join(flow))

    with running(code, tmp_path) as found:
        nights = found.all_nights(SEED)

    assert all(night["artefact"].startswith(artefact) for night in nights)
    assert {(night["given up"], night["more than those by then"]) for night in nights} == {("no", "never")}


def test_outcomes_are_told_by_ticket_only(sound):
    found, nights = sound
    tenant = nights[0]["tenant"]

    told = [found.client.get(f"{found.pages}/outcomes/{plan.ticket(SEED, tenant, each)}") for each in plan.ASPECTS]

    assert [each.json() for each in told] == [{"answer": "right"}] * 5
    assert found.client.get(f"{found.pages}/outcomes/{plan.ticket(SEED + 1, tenant, 'once')}").status_code == 404
    assert found.ask("/ledger").json()["told"] == 5
    assert found.ask("/ledger").json()["asked"] == 5


def test_a_run_that_is_over_gets_nothing(sound):
    found, nights = sound
    name = nights[0]["runs"][0]["name"]

    got = found.client.get(f"{found.desk}/pages", headers={"x-run": name})

    assert got.status_code == 410


def test_the_control_port_wants_the_token_and_begins_once(sound):
    found, _ = sound

    assert found.client.get(f"{found.control}/ledger").status_code == 401
    assert found.ask("/plan", seed=5).status_code == 422
    assert found.ask("/plan", seed="x").status_code == 422
    assert found.ask("/nothing").status_code == 404


def code_that(does: str, tmp_path: Path) -> Path:
    """A folder of code whose run does this to `path`, the artefact's."""
    code = tmp_path / "code"
    code.mkdir()
    lines = ["import os, time", "def run(tenant, night, run):"]
    lines += ["    path = os.path.join(os.environ['ARTEFACTS'], tenant, 'model.csv')", f"    {does}"]
    (code / "flow.py").write_text("\n".join(lines) + "\n")
    return code


# `own` is a file of one run's: the first attempt of a night may be two at once, and one would cut short what the other
# replaces. The kernel tells of a change just after it was made: a reader that comes between finds what is left of it.
SPOILS = (
    ("os.remove(path)", "taken away|cannot be opened"),
    ("os.remove(path); os.symlink('/etc/hostname', path)", "taken away|cannot be opened"),
    ("os.symlink('/etc/hostname', own); os.replace(own, path)", "cannot be opened"),
    ("os.mkfifo(own); os.replace(own, path)", "no plain file"),
    ("open(own, 'wb').write(bytes(2 << 20)); os.replace(own, path)", "no plain file"),
    ("open(own, 'wb').write(b'\\xff\\xfe' * 99); os.replace(own, path)", "first line"),
    ("open(own, 'wb').write(b'[' * 100000); os.replace(own, path)", "first line"),
    ("import pickle; open(own, 'wb').write(pickle.dumps({'tenant': tenant})); os.replace(own, path)", "first line"),
    ("open(path, 'a').write('more')", "written in its place|vouches for"),
    ("os.chmod(path, 0); os.truncate(path, 7)", "written in its place|cannot be opened|first line"),
    ("open(own, 'w').write('{\"tenant\": NaN}\\n'); os.replace(own, path)", "first line"),
    ("open(path, 'w').close()", "written in its place|first line"),
)


def test_a_reader_says_what_it_found(tmp_path):
    tenants = [night.tenant.name for night in plan.draw(SEED)]
    spoils = {tenant: spoil for tenant, (spoil, _) in zip(tenants, SPOILS, strict=True)}
    names = "{'path': path, 'own': f'{path}.{os.getpid()}', 'tenant': tenant, 'os': os}"
    code = code_that(f"exec({spoils!r}[tenant], {names})", tmp_path)

    with running(code, tmp_path) as found:
        nights = found.all_nights(SEED)

    for night, (spoil, says) in zip(nights, SPOILS, strict=True):
        assert re.search(says, night["readers found"]), (spoil, night)


def test_a_job_that_floods_its_log_and_leaves_processes_ends_like_any_other(tmp_path):
    code = code_that("print('all is well ' * 100000)\n    os.fork() or time.sleep(600)", tmp_path)

    with running(code, tmp_path) as found:
        nights = found.all_nights(SEED)

    assert {run["code"] for night in nights for run in night["runs"]} == {0}
    assert {(night["announcements"], night["artefact"]) for night in nights} == {(0, "nothing was announced")}


def test_a_job_that_stops_its_runner_ends_its_nights(tmp_path):
    code = code_that("os.kill(os.getppid(), 19)", tmp_path)

    with running(code, tmp_path) as found:
        nights = found.all_nights(SEED)

    assert {night["given up"] for night in nights} == {"whoever runs the job did not answer any more"}
    assert {night["announcements"] for night in nights} == {0}


def test_code_that_takes_other_arguments_fails_every_run(tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    (code / "flow.py").write_text("def run(): pass")

    with running(code, tmp_path) as found:
        nights = found.all_nights(SEED)

    assert {run["code"] for night in nights for run in night["runs"]} == {1}
    assert {night["readers found"] for night in nights} == {"whole artefacts"}
