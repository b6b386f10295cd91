"""PostgreSQL as a real process, by a real client."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.labs.cast.store_helpers import CAST, command, for_postgres, healthy, ports, refusal, running, session
from tests.waiting import eventually


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    asked = for_postgres(tmp_path_factory.mktemp("data"), SETTINGS="max_connections=20 work_mem=1MB")
    with running("postgres", asked):
        yield asked


def test_seeds_have_run_in_order_as_the_account(settings):
    with session(settings["LISTEN"]) as db:
        assert db.execute("SELECT items()").fetchone() == (100,)
        assert db.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'item'").fetchone() == ("shop",)


def test_the_nearest_vectors_are_found(settings):
    with session(settings["LISTEN"]) as db:
        db.execute("CREATE EXTENSION IF NOT EXISTS vector")
        db.execute("CREATE TABLE doc (id int, meaning vector(3))")
        db.execute("CREATE INDEX ON doc USING hnsw (meaning vector_l2_ops)")
        for n in range(20):
            db.execute("INSERT INTO doc VALUES (%s, %s::vector)", (n, f"[{n},{n},1]"))

        nearest = db.execute("SELECT id FROM doc ORDER BY meaning <-> '[7.2,7.2,1]' LIMIT 3").fetchall()

    assert nearest == [(7,), (8,), (6,)]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"password": "guess"}, "password authentication failed"),
        ({"user": "nobody"}, "password authentication failed"),
        ({"user": "brownout"}, "rejects"),
        ({"dbname": "elsewhere"}, "does not exist"),
    ],
)
def test_others_are_refused(settings, changed, says):
    with pytest.raises(psycopg.OperationalError, match=says):
        session(settings["LISTEN"], **changed)


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'env'",
        "SELECT pg_read_file('/proc/self/environ')",
        "SET SESSION AUTHORIZATION brownout",
        "ALTER SYSTEM SET max_connections = 1000",
    ],
)
def test_the_account_cannot_leave_its_database(settings, statement):
    with session(settings["LISTEN"]) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute(statement)


def test_settings_reach_the_server(settings):
    with session(settings["LISTEN"]) as db:
        assert db.execute("SHOW max_connections").fetchone() == ("20",)
        assert db.execute("SHOW work_mem").fetchone() == ("1MB",)


@pytest.mark.slow
def test_it_is_small_and_knows_no_secret(tmp_path):
    asked = for_postgres(tmp_path)
    with running("postgres", asked) as process:
        with session(asked["LISTEN"]):
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            memory = sum(member.memory_full_info().pss for member in family)
        server = psutil.Process(process.pid)
        name, known = server.name(), server.environ()

    assert name == "postgres"
    assert memory < 60e6
    assert not {"BROWNOUT_TOKEN", "POSTGRES_PASSWORD"} & set(known)


def test_what_is_committed_survives_a_kill(tmp_path):
    asked = for_postgres(tmp_path)
    with running("postgres", asked) as process, session(asked["LISTEN"]) as db:
        db.execute("CREATE TABLE kept (n int)")
        for n in range(50):
            db.execute("INSERT INTO kept VALUES (%s)", (n,))
        db.autocommit = False
        db.execute("INSERT INTO kept VALUES (-1)")
        process.kill()
        process.wait()
        with pytest.raises(psycopg.OperationalError):
            while True:  # its children end a moment after it
                db.execute("SELECT 1")

    with running("postgres", asked), session(asked["LISTEN"]) as db:
        assert db.execute("SELECT count(*), min(n) FROM kept").fetchone() == (50, 0)
        assert db.execute("SELECT items()").fetchone() == (100,)


@pytest.mark.slow
def test_a_process_with_the_number_of_a_dead_server_is_no_server(tmp_path):
    asked = for_postgres(tmp_path)
    with running("postgres", asked):
        pass
    state = tmp_path / "cluster" / "postmaster.pid"
    lines = state.read_text().splitlines(keepends=True)

    other = subprocess.Popen(["sleep", "60"])
    try:
        state.write_text("".join([f"{other.pid}\n", *lines[1:]]))
        with running("postgres", asked), session(asked["LISTEN"]) as db:
            assert db.execute("SELECT items()").fetchone() == (100,)
    finally:
        other.kill()
        other.wait()


@pytest.mark.slow
def test_two_servers_do_not_share_a_cluster(tmp_path):
    asked = for_postgres(tmp_path)
    with running("postgres", asked):
        assert "another server runs on" in refusal("postgres", {**asked, **ports()})
        with session(asked["LISTEN"]) as db:
            assert db.execute("SELECT items()").fetchone() == (100,)


def test_a_kill_leaves_no_shared_memory(tmp_path):
    def segments() -> set[str]:
        lines = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
        return {line.split()[1] for line in lines} | {path.name for path in Path("/dev/shm").glob("PostgreSQL.*")}

    before = segments()
    with running("postgres", for_postgres(tmp_path)):
        pass

    assert segments() <= before


def test_a_paused_server_is_not_healthy(tmp_path):
    asked = for_postgres(tmp_path)
    with running("postgres", asked) as process:
        process.send_signal(signal.SIGSTOP)
        paused = healthy(asked)
        process.send_signal(signal.SIGCONT)
        eventually(lambda: healthy(asked))

    assert not paused


@pytest.mark.slow
def test_a_cluster_that_was_half_made_is_made_again(tmp_path):
    asked = for_postgres(tmp_path)
    process = subprocess.Popen(command("postgres"), env={**os.environ, **asked}, start_new_session=True)
    eventually(lambda: (tmp_path / "cluster.part" / "PG_VERSION").exists())
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "cluster").exists()

    with running("postgres", asked), session(asked["LISTEN"]) as db:
        assert db.execute("SELECT items()").fetchone() == (100,)


WITHOUT_NAMESPACES = """
import sys
sys.path.insert(0, sys.argv[1])
import isolation
isolation.isolate = lambda: False
import run
run.main()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes nobody")
def test_root_without_namespaces_becomes_nobody(tmp_path):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        asked = for_postgres(Path(folder) / "data")
        started = [command("postgres")[0], "-c", WITHOUT_NAMESPACES, str(CAST / "postgres")]
        with running("postgres", asked, started) as process:
            with session(asked["LISTEN"]) as db:
                assert db.execute("SELECT items()").fetchone() == (100,)
            assert psutil.Process(process.pid).username() == "nobody"
            process.send_signal(signal.SIGINT)  # a kill would leave shared memory in this case
            assert process.wait(20) == 0


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"POSTGRES_PASSWORD": ""}, "POSTGRES_PASSWORD: must be set"),
        ({"POSTGRES_PASWORD": "x"}, "POSTGRES_PASWORD: unknown"),
        ({"POSTGRES_USER": "brownout"}, "POSTGRES_USER: 'brownout' is reserved"),
        ({"LISTEN": "5432"}, "LISTEN: must be host:port"),
        ({"HEALTH": "here"}, "HEALTH: must be host:port"),
        ({"DATA_DIR": ""}, "DATA_DIR: must be set"),
        ({"SEED_DIR": "/nowhere"}, "SEED_DIR: /nowhere is no folder"),
        ({"SETTINGS": "fsync=on"}, "SETTINGS: 'fsync=on' is unknown"),
        ({"SETTINGS": "work_mem"}, "SETTINGS: 'work_mem' is unknown"),
    ],
)
def test_a_setting_that_is_not_understood_is_said(tmp_path, settings, says):
    said = refusal("postgres", {**for_postgres(tmp_path), **settings})

    assert says in said
    assert len(said.splitlines()) == 1


def test_a_seed_that_fails_is_named_with_its_line(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "bad.sql").write_text("SELECT 1;\nSELEKT 2;\n")

    said = refusal("postgres", for_postgres(tmp_path, SEED_DIR=str(tmp_path / "seeds")))

    assert "seed bad.sql failed" in said
    assert "bad.sql:2" in said
    assert not (tmp_path / "cluster").exists()
