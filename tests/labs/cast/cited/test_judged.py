"""Documents judged over a case's tables and their twin: each word, and documents that should not pass."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest
from cited import CitedBroken, answers, examine, host, judge, judging
from cited.twins import parquet, parquets, twin

from tests.labs.cast.cited.conftest import ROWS, Evening

USERS = "SELECT count(DISTINCT customer) FROM requests WHERE status = 500"
ALL = "SELECT count(DISTINCT customer) FROM requests"
HOST = "SELECT host FROM requests WHERE status = 500 GROUP BY host ORDER BY count(*) DESC, host LIMIT 1"
STUCK = "SELECT length(lpad('a', 2000000000, 'b')) FROM {} LIMIT 1"

Notes = dict[str, tuple[str, object]]


def document(notes: Notes) -> str:
    """Each claim shown as it is given, and its footnote."""
    body = ". ".join(f"So {str(value).strip(chr(34))}[^{name}]" for name, (_, value) in notes.items())
    return body + "\n\n" + "\n".join(f"[^{name}]: ``{query}`` gives {value}" for name, (query, value) in notes.items())


def words(evening: Evening, notes: Notes, **more: Any) -> dict[str, str]:
    return judge(document(notes), evening.tables, evening.twin, **more)


def test_figures_with_their_sources_are_right(evening: Evening) -> None:
    text = (
        f"# Review\n\nFrom {evening.started[11:]}[^started] on {evening.users:,}[^users] customers,"
        f" {evening.users / evening.customers:.1%}[^share] of {evening.customers}[^all], could not pay; host n3[^host],"
        f" three[^hosts] that is 3[^hosts]; much of it: yes[^much].\n\n"
        f"[^started]: `SELECT min(ts) FROM requests WHERE status = 500` gives {evening.started}\n"
        f"[^users]: `{USERS}` gives {evening.users}\n[^all]: `{ALL}` gives {evening.customers}\n"
        f"[^share]: `= users / all` gives {evening.users / evening.customers:.3f}\n"
        f'[^host]:\n    ```sql\n    {HOST}\n    ```\n    gives "n3"\n'
        "[^hosts]: `SELECT count(DISTINCT host) FROM requests` gives 3\n"
        "[^much]: `SELECT count(*) FILTER (WHERE status = 500) > 0.05 * count(*) FROM requests` gives true\n"
    )

    found = examine(text, evening.tables, evening.twin, ["users", "share"])

    assert set(found.words.values()) == {"right"}, found.why
    assert found.values["users"] == evening.users and found.values["host"] == "n3"
    assert found.sources["share"] == "= users / all"
    assert [name for name, _ in found.shown] == ["started", "users", "share", "all", "host", "hosts", "hosts", "much"]
    assert found.length == len(text.split("\n")[2].split())
    assert examine(text, evening.tables, evening.twin, ["users", "share"]) == found


def test_each_word(evening: Evening) -> None:
    users = evening.users
    text = (
        f"About it[^unshown], 12,400[^misquoted], {users + 50}[^unfounded], {ROWS}[^unread], 7[^bare], 7[^low].\n\n"
        f"[^unshown]: `{USERS}` gives {users}\n[^misquoted]: `{USERS}` gives {users}\n"
        f"[^unfounded]: `{USERS}` gives {users + 50}\n"
        f"[^unread]: `SELECT 1000 * count(*) + {ROWS - 3000} FROM changes` gives {ROWS}\n"
        f"[^bare]: gives 7\n[^low]: gives 7\n[^broken]: in words\n"
    )
    same = {**evening.twin, "changes": evening.tables["changes"]}

    found = judge(text, evening.tables, same, ["asked"], free=["low"])

    assert found == {
        "unshown": "unshown",
        "misquoted": "misquoted",
        "unfounded": "unfounded",
        "unread": "unread",
        "bare": "unfounded",
        "low": "right",
        "broken": "absent",
        "asked": "absent",
    }


def test_constants_are_no_sources(evening: Evening) -> None:
    users, moment = evening.users, f"WHERE ts = TIMESTAMP '{evening.first}' LIMIT 1"
    notes: Notes = {
        "alone": (f"SELECT {users}", users),
        "from": (f"SELECT {users} FROM requests LIMIT 1", users),
        "max": (f"SELECT max({users}) FROM requests", users),
        "sum": (f"SELECT 1000 + {users - 1000} + 0 * count(*) FROM requests", users),
        "nudged": (f"SELECT {users} + count(*) / 100000 FROM requests", users),
        "shape": (f"SELECT CASE WHEN count(*) = {ROWS} THEN {users} ELSE 5 END FROM requests", users),
        "row": (f"SELECT {users} FROM requests {moment}", users),
        "text": (f"SELECT CAST('{users}' AS INT) FROM requests {moment}", users),
        "length": (f"SELECT length(repeat('x', {users})) FROM requests {moment}", users),
        "list": (f"SELECT unnest([{users}]) FROM requests {moment}", users),
        "values": (f"SELECT x FROM (VALUES ({users})) AS v(x), requests {moment}", users),
        "limited": (f"SELECT count(*) FROM (SELECT * FROM requests LIMIT {users})", users),
        "lookup": (f"SELECT DISTINCT id FROM requests WHERE id = {50_000 + users}", 50_000 + users),
        "shadow": (f"WITH requests AS (SELECT {users} AS x) SELECT x FROM requests", users),
        "true": ("SELECT true FROM requests LIMIT 1", "true"),
        "seven": ("SELECT coalesce(7, id) FROM requests LIMIT 1", 7),
        "inner": ("SELECT (SELECT 7) FROM requests LIMIT 1", 7),
        "named": ("SELECT DISTINCT host FROM requests WHERE host = 'n3'", '"n3"'),
        "decided": ("SELECT 'go' FROM requests LIMIT 1", '"go"'),
        "moment": (f"SELECT TIMESTAMP '{evening.started}' FROM requests LIMIT 1", evening.started),
    }

    found = words(evening, notes, words=["go"])

    assert {name for name, word in found.items() if word == "right"} == set()
    assert {name for name, word in found.items() if word == "unfounded"} == {"alone", "shadow"}


def test_small_counts_truth_and_words_of_the_brief_may_be_the_same_on_the_twin(evening: Evening) -> None:
    decision = "SELECT CASE WHEN count(*) > 100 THEN '{}' ELSE 'go' END FROM requests"
    notes: Notes = {
        "hosts": ("SELECT count(DISTINCT host) FROM requests HAVING count(DISTINCT host) >= 3", 3),
        "many": ("SELECT count(*) > 100 FROM requests", "true"),
        "decision": (decision.format("not-yet"), '"not-yet"'),
        "other": (decision.format("never"), '"never"'),
        "share": ("SELECT count(DISTINCT host) / 3 FROM requests", 1),
        "large": ("SELECT count(DISTINCT host) * 100 FROM requests", 300),
    }

    found = words(evening, notes, words=["not-yet", "go"])

    assert {name for name, word in found.items() if word == "unread"} == {"other", "large"}
    assert {name for name, word in found.items() if word == "right"} == {"hosts", "many", "decision", "share"}


def test_a_formula_leans_on_claims_that_hold(evening: Evening) -> None:
    users, rest = evening.users, evening.customers - evening.users
    notes: Notes = {
        "share": ("= users / all", f"{users / evening.customers:.4f}"),
        "rest": ("= all - users", rest),
        "again": ("= rest", rest),
        "users": (USERS, users),
        "all": (ALL, evening.customers),
        "constant": (f"SELECT {users} FROM requests LIMIT 1", users),
        "hollow": ("= constant * 1", users),
        "given": ("= low * 10", 70),
        "nobody": ("= nobody-there * 10", 70),
        "circle": ("= square", 7),
        "square": ("= circle", 7),
        "itself": ("= itself", 7),
        "nothing": ("= users - users", 0),
        "ten": ("= users / users * 10", 10),
        "zero": ("= users / (all - all)", 10),
        "number": (f"= {users}", users),
        "offset": ("= users + 100 + 7 + 2", users + 109),
        "wrong": ("= all - users", users),
        "host": (HOST, '"n3"'),
        "of-text": ("= host * 1", 3),
    }

    found = words(evening, notes)

    assert {name for name, word in found.items() if word == "right"} == {
        "share",
        "rest",
        "again",
        "users",
        "all",
        "host",
    }
    assert {name for name, word in found.items() if word == "unread"} == {"constant", "nothing", "ten"}


REFUSED = {
    "file": "SELECT count(*) FROM '/etc/passwd'",
    "text": "SELECT content FROM requests, read_text('/proc/self/environ')",
    "glob": "SELECT count(*) FROM requests, glob('/*')",
    "catalogue": "SELECT count(*) FROM requests, information_schema.tables",
    "function": "SELECT estimated_size FROM requests, duckdb_tables() LIMIT 1",
    "query": "SELECT x.* FROM requests, query('SELECT 7') AS x LIMIT 1",
    "setting": "SELECT current_setting('threads') FROM requests LIMIT 1",
    "set": "SET threads = 7",
    "copy": "COPY requests TO '{}/copied.csv'",
    "export": "EXPORT DATABASE '{}/exported'",
    "attach": "ATTACH '{}/attached.db'",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "network": "SELECT count(*) FROM requests, read_csv('http://127.0.0.1:9/x.csv')",
    "insert": "INSERT INTO requests SELECT * FROM requests",
    "pragma": "PRAGMA database_list",
    "two": "SELECT 7; SELECT 7 FROM requests",
    "update": "WITH x AS (UPDATE requests SET status = 500 RETURNING *) SELECT count(*) FROM x, requests",
    "delete": "WITH x AS (DELETE FROM requests RETURNING *) SELECT count(*) FROM x",
    "random": "SELECT 7 + floor(random()) FROM requests LIMIT 1",
    "now": "SELECT 7 + 0 * second(current_timestamp) FROM requests LIMIT 1",
    "sample": "SELECT 7 + 0 * count(*) FROM requests USING SAMPLE 10",
    "sleep": "SELECT pg_sleep(20) FROM requests LIMIT 1",
    "parameter": "SELECT $1 FROM requests LIMIT 1",
    "rows": "SELECT 7 FROM requests",
    "columns": "SELECT 7, 7 FROM requests LIMIT 1",
    "none": "SELECT max(amount) FROM requests WHERE false",
    "nan": "SELECT 'nan'::DOUBLE FROM requests LIMIT 1",
    "infinite": "SELECT '-infinity'::TIMESTAMP FROM requests LIMIT 1",
    "huge": "SELECT 10::HUGEINT ** 400 FROM requests LIMIT 1",
    "list": "SELECT [7] FROM requests LIMIT 1",
    "bytes": "SELECT 'ab'::BLOB FROM requests LIMIT 1",
    "deep": "SELECT count(*)" + " + 0" * 900 + " FROM requests",
    "nonsense": "SELEKT 7",
    "nothing": ";",
}


def test_a_query_reads_the_cases_tables_and_does_nothing_else(evening: Evening, tmp_path: Path) -> None:
    notes: Notes = {name: (query.format(tmp_path), 7) for name, query in REFUSED.items()}
    notes["users"] = (USERS, evening.users)

    found = examine(document(notes), evening.tables, evening.twin)

    assert {name: word for name, word in found.words.items() if word != "unfounded"} == {"users": "right"}
    assert all(found.why[name] for name in REFUSED)
    assert not list(tmp_path.iterdir())


def test_a_query_that_hangs_or_eats_memory_spoils_itself_alone(evening: Evening) -> None:
    notes: Notes = {
        "product": ("SELECT count(*) FROM requests a, requests b, requests c", 7),
        "endless": (
            "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t, requests",
            7,
        ),
        "memory": ("SELECT len(list(a.amount || b.host)) FROM requests a, requests b", 7),
        "wide": ("SELECT printf('%1000000000d', 7) FROM requests LIMIT 1", 7),
        "users": (USERS, evening.users),
    }

    found = words(evening, notes)

    assert found == dict.fromkeys(notes, "unfounded") | {"users": "right"}


def test_a_query_that_cannot_be_interrupted_ends_its_process_and_no_other(evening: Evening) -> None:
    notes: Notes = {
        "users": (USERS, evening.users),
        "stuck": (STUCK.format("requests"), 7),
        "after": (ALL, evening.customers),
    }

    found = examine(document(notes), evening.tables, evening.twin, ["users", "asked"])

    assert found.words == {"users": "right", "stuck": "unfounded", "after": "unfounded", "asked": "absent"}
    assert found.why["after"] == "the query of stuck ended the process"
    assert words(evening, {"users": (USERS, evening.users)}) == {"users": "right"}


def test_all_queries_together_have_a_time(evening: Evening) -> None:
    slow = "SELECT count(*) FROM requests a, requests b, requests c"
    notes: Notes = {"one": (slow, 7), "two": (slow, 7), "three": (ALL, evening.customers)}

    found = examine(document(notes), evening.tables, evening.twin, within_s=0.8)

    assert found.words == dict.fromkeys(notes, "unfounded")
    assert found.why["three"] == "the time of the document was over"


@pytest.mark.parametrize("text", ["", "a" * 70_000, "[^x]: " * 5000, "\ud800\x00", "[" * 30_000])
def test_what_is_no_document_has_none_of_what_was_asked(evening: Evening, text: str) -> None:
    found = examine(text, evening.tables, evening.twin, ["users"])

    assert found.words["users"] == "absent" and found.why["users"]


def test_some_claims_may_be_worked_out_elsewhere(evening: Evening) -> None:
    notes: Notes = {"lost": (USERS, round(evening.users * 1.04)), "users": (USERS, round(evening.users * 1.04))}

    assert words(evening, notes, loose={"lost": 0.05}) == {"lost": "right", "users": "unfounded"}


def test_a_table_that_cannot_be_read_is_none(evening: Evening) -> None:
    notes: Notes = {"users": (USERS, evening.users), "results": ("SELECT count(*) FROM results, requests", 7)}

    found = judge(document(notes), {**evening.tables, "results": b"PAR1 no more"}, evening.twin)

    assert found == {"users": "right", "results": "unfounded"}


def test_a_judge_that_does_not_start_is_no_fault_of_the_document(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_HOST", host.Host())
    monkeypatch.setattr(host, "START", "raise SystemExit('no room')")

    with pytest.raises(CitedBroken, match="no room"):
        words(evening, {"users": (USERS, evening.users)})


def test_a_process_that_was_ended_is_begun_again(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    own = host.Host()
    monkeypatch.setattr(judging, "_HOST", own)
    notes: Notes = {"users": (USERS, evening.users)}

    assert words(evening, notes) == {"users": "right"}
    own._process.kill()  # type: ignore[union-attr]
    assert words(evening, notes) == {"users": "right"}
    own.close()
    assert words(evening, notes) == {"users": "right"}
    own.close()


def test_documents_that_are_judged_side_by_side_get_their_own_words(evening: Evening) -> None:
    right, wrong = document({"users": (USERS, evening.users)}), document({"users": (USERS, 7)})
    with ThreadPoolExecutor(4) as pool:
        told = pool.map(lambda text: judge(text, evening.tables, evening.twin), [right, wrong] * 4)

    assert list(told) == [{"users": "right"}, {"users": "unfounded"}] * 4


def test_queries_of_a_document_are_asked_of_other_tables() -> None:
    sets = [{"live": parquet({"minute": range(end), "errors": [end] * end})} for end in (3, 9)]
    queries = {
        "stop": "SELECT sum(errors) > 30 FROM live",
        "rows": "SELECT count(*) FROM live",
        "bad": "DROP TABLE live",
    }

    found = answers(queries, sets)

    assert found == [{"stop": False, "rows": 3, "bad": None}, {"stop": True, "rows": 9, "bad": None}]


def test_queries_that_hang_give_nothing() -> None:
    sets = [{"live": parquet({"minute": range(3)})}]
    queries = {"stuck": STUCK.format("live"), "rows": "SELECT count(*) FROM live"}

    assert answers(queries, sets) == [{"stuck": None, "rows": None}]


def test_a_twin_has_other_rows_times_amounts_and_names(evening: Evening, tmp_path: Path) -> None:
    for name, tables in (("case", evening.tables), ("twin", evening.twin)):
        for table, data in tables.items():
            (tmp_path / f"{name}-{table}.parquet").write_bytes(data)

    def one(query: str) -> Any:
        with duckdb.connect() as base:
            row = base.execute(
                query.replace("case ", f"'{tmp_path}/case-requests.parquet' ").replace(
                    "twin ", f"'{tmp_path}/twin-requests.parquet' "
                )
            ).fetchone()
        assert row
        return row[0] if len(row) == 1 else row

    assert 0.6 < one("SELECT count(*) FROM twin ") / ROWS < 0.73
    joined = "FROM case AS a JOIN twin AS b USING (id)"
    least, most = one(f"SELECT min(b.ts - a.ts), max(b.ts - a.ts) {joined}")
    assert least == most and 20 <= least.total_seconds() / 60 <= 60
    low, high = one(f"SELECT min(b.amount / a.amount), max(b.amount / a.amount) {joined}")
    assert 1.3 <= low <= high + 1e-9 <= 1.9 + 1e-6 and high - low < 1e-6
    assert one(f"SELECT count(*) {joined} WHERE a.host = b.host") == 0
    assert one(f"SELECT count(DISTINCT b.host) {joined}") == 3
    assert one(f"SELECT count(DISTINCT (a.host, b.host)) {joined}") == 3
    assert one(f"SELECT count(*) {joined} WHERE a.status <> b.status") == 0


def test_a_twin_is_drawn_by_its_seed_and_keeps_a_row(evening: Evening) -> None:
    one = {"one": parquet({"name": ["alone"], "x": [1.5]})}

    assert twin(evening.tables, 7, names=[{"host"}], amounts={"amount"}) == evening.twin
    assert twin(evening.tables, 8) != twin(evening.tables, 9)
    sets = [twin(one, seed, names=[{"name"}]) for seed in range(6)]
    changed = answers({"name": "SELECT name FROM one", "x": "SELECT x FROM one"}, sets)
    assert changed == [{"name": "alone2", "x": 1.5}] * 6


def test_many_tables_are_written_as_one_by_one(evening: Evening) -> None:
    columns: dict[str, dict[str, Any]] = {"a": {"n": [1, 2]}, "b": {"n": ["x"], "m": [None]}}
    made = parquets(columns)
    assert {name: duckdb_rows(data) for name, data in made.items()} == {"a": [(1,), (2,)], "b": [("x", None)]}
    assert made["a"] == parquet(columns["a"])


def test_a_whole_table_keeps_its_rows_in_the_twin() -> None:
    tables = {"a": parquet({"n": range(60)}), "b": parquet({"n": range(60)})}
    other = twin(tables, 3, whole={"a"})
    assert len(duckdb_rows(other["a"])) == 60 > len(duckdb_rows(other["b"])) > 20


def duckdb_rows(data: bytes) -> list[Any]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(data)
        file.flush()
        return duckdb.connect().execute(f"FROM '{file.name}'").fetchall()
