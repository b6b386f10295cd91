"""The mart as a real process, with a runner whose runs do what the test wants; and its batches, as modules."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from grader.load.traffic import import_file
from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, TOKEN
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

MART = CAST / "mart"
COLUMNS = ("sku", "date", "price", "discount", "temperature", "footfall", "sold")
PLAIN = {"price": "EUR", "discount": "share", "temperature": "C", "footfall": "visitors", "sold": "pieces"}
OTHER = {"price": "cent", "discount": "percent", "temperature": "F", "footfall": "hundreds", "sold": "dozens"}
FORMS = [
    {"since": -99, "names": {name: name for name in COLUMNS}, "units": PLAIN},
    {"since": -2, "names": {name: f"x_{name}" for name in COLUMNS}, "units": OTHER},
]


def plan(*incidents: dict[str, Any], days: int = 3, seed: int = 5) -> dict[str, Any]:
    market = {"id": "m", "gap": 2, "forms": FORMS, "incidents": list(incidents)}
    return {"seed": seed, "first": "2026-03-02", "days": days, "markets": [market]}


@dataclass
class Runner:
    """Stands in for the runner: a run is over as soon as `work`, called with its date, returns."""

    work: Callable[[str], None] = lambda _: None
    dates: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Running:
    """Where the mart is reached, and its runner."""

    public: str
    control_url: str
    runner: Runner
    http: httpx.Client

    def get(self, path: str) -> httpx.Response:
        return self.http.get(self.public + path)

    def post(self, path: str, **said: Any) -> httpx.Response:
        return self.http.post(self.public + path, json=said)

    def control(self, path: str, body: bytes | None = None, token: str = TOKEN) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        method = "GET" if body is None else "POST"
        return self.http.request(method, self.control_url + path, content=body, headers=headers)

    def hold(self, held: dict[str, Any], work: Callable[[str], None] = lambda _: None) -> None:
        self.runner.work, self.runner.dates = work, []
        assert self.control("/plan", json.dumps(held).encode()).status_code == 200


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with mart(tmp_path_factory.mktemp("mart")) as found:
        yield found


@contextmanager
def mart(folder: Path) -> Iterator[Running]:
    """A mart of its own, that holds `plan(days=1)` from its start."""
    runner = Runner()
    server = _served(runner)
    file = folder / "plan.json"
    file.write_text(json.dumps(plan(days=1)))
    public, control = (f"127.0.0.1:{free_port()}" for _ in range(2))
    settings = {"LISTEN": public, "CONTROL": control, "PLAN": str(file), "RUN_S": "1"}
    settings |= {"RUNNER": f"http://127.0.0.1:{server.server_address[1]}", "BROWNOUT_TOKEN": TOKEN}
    process = subprocess.Popen(
        [str(environment("core") / "bin" / "python"), str(MART / "main.py")], env={**os.environ, **settings}
    )
    try:
        with httpx.Client(timeout=20, trust_env=False) as client:
            eventually(lambda: answers(f"http://{public}/healthz", client))
            yield Running(f"http://{public}", f"http://{control}", runner, client)
    finally:
        process.kill()
        process.wait()
        server.shutdown()
        server.server_close()


def _served(runner: Runner) -> ThreadingHTTPServer:
    over: dict[str, bool] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/runs/")
            self.reply(200, {"state": "ended" if over.get(name, True) else "running", "code": 0})

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.reply(201, {})
            if "name" in said:
                over[said["name"]] = False
                today = said["arguments"]["today"]
                runner.dates.append(today)
                runner.work(today)
                over[said["name"]] = True

        def reply(self, status: int, payload: Any) -> None:
            body = json.dumps(payload).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def test_a_question_begins_the_season_and_waits_for_its_day(running: Running) -> None:
    running.hold(plan())
    assert running.control("/ledger").json()["closed"] == -1

    seen = running.get("/desk/m?after=2").json()

    assert seen["today"] == "2026-03-04"
    assert running.runner.dates == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert [run["state"] for run in running.control("/ledger").json()["runs"]] == ["completed"] * 3


def test_a_question_may_come_before_its_plan(running: Running) -> None:
    running.hold(plan())
    held = plan(days=1)
    held["markets"][0]["id"] = "later"
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(running.get("/desk/later?after=0").status_code))
    asking.start()

    running.hold(held)
    asking.join(20)

    assert answers == [200]


def test_a_run_that_takes_too_long_does_not_hold_up_the_season(running: Running) -> None:
    hung = threading.Event()
    running.hold(plan(days=1), lambda _: hung.wait(20) and None)

    running.get("/desk/m?after=0")
    hung.set()

    assert running.control("/ledger").json()["runs"][0]["state"] == "killed after 1 s"


def test_days_to_come_are_not_to_be_had(running: Running) -> None:
    seen = []
    running.hold(plan(days=2), lambda _: seen.append(_codes(running)))

    running.get("/desk/m?after=1")

    assert seen == [[200, 200, 404, 404, 404], [200, 200, 200, 404, 404]]


def _codes(running: Running) -> list[int]:
    paths = (
        "/source/m/2026-03-01",
        "/source/m/2026-03-02",
        "/audits/2026-03-03",
        "/source/m/2026-03-04",
        "/source/x/y",
    )
    return [running.get(path).status_code for path in paths]


def test_late_and_down_days_are_there_when_they_are(running: Running) -> None:
    codes = []
    held = plan({"day": 0, "kind": "late", "until": 2}, {"day": 1, "kind": "down", "until": 2})
    running.hold(held, lambda _: codes.append([running.get(f"/source/m/2026-03-0{day}").status_code for day in (2, 3)]))

    running.get("/desk/m?after=2")

    assert codes == [[404, 404], [404, 503], [200, 200]]


def test_what_is_published_is_kept_by_the_day_it_was_made_on(running: Running) -> None:
    def work(today: str) -> None:
        running.post("/registry/features", market="m", day="2026-03-01", data_day="2026-03-01", features={"units": 1})
        running.post("/registry/models", market="m", intercept=1, coef=dict.fromkeys(COLUMNS[2:6], 0.5))
        running.post("/pages", market="m", day=today, text="x" * 5000)

    running.hold(plan(days=2), work)
    first, second = (running.get(f"/desk/m?after={day}").json() for day in (0, 1))

    assert [entry["published_on"] for entry in second["features"]["2026-03-01"]] == [
        "2026-03-01", "2026-03-02", "2026-03-03",
    ]  # fmt: skip
    assert len(first["features"]["2026-03-01"]) == 2
    assert (first["model"]["revision"], second["model"]["revision"]) == (2, 3)
    assert [(page["day"], len(page["text"])) for page in second["pages"]] == [("2026-03-03", 300)]


def test_the_gap_is_copies_of_the_last_good_day(running: Running) -> None:
    running.hold(plan(days=1))

    listed = running.get("/registry/features").json()["m"]

    assert [listed[f"2026-0{day}"]["data_day"] for day in ("2-27", "2-28", "3-01")] == ["2026-02-27"] * 3
    assert listed["2026-03-01"]["features"] == listed["2026-02-27"]["features"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/registry/features", b"[]"),
        ("/registry/features", b"[" * 100_000),
        ("/registry/features", b'{"market": "m", "day": "2026-03-02", "features": {"units": NaN}}'),
        ("/registry/features", b'{"market": "m", "day": "2026-03-02", "features": {"units": "7"}}'),
        ("/registry/features", b'{"market": "m", "day": "2027-03-02", "features": {"units": 7}}'),
        ("/registry/features", b'{"market": ["m"], "day": "2026-03-02", "features": {"units": 7}}'),
        ("/registry/models", b'{"market": "m", "intercept": 1e999, "coef": {}}'),
        ("/registry/models", b'{"market": "m", "intercept": 1, "coef": {"price": 1}}'),
        ("/pages", b'{"market": "n", "day": "2026-03-02"}'),
        ("/pages", b"\xff\xfe"),
        ("/pages", b"x" * (1 << 19)),
    ],
)
def test_what_is_of_no_use_is_refused_in_a_sentence(running: Running, path: str, body: bytes) -> None:
    running.hold(plan())

    got = running.http.post(running.public + path, content=body)

    assert got.status_code == 422
    assert 0 < len(got.json()["error"]) <= 200


def test_the_gauge_that_was_pushed_last_counts(running: Running) -> None:
    def work(today: str) -> None:
        for job, age in (("a", 3), ("b", 7), ("a", 4 if today == "2026-03-02" else 5)):
            text = f'# HELP\nother{{market="m"}} 1\nfeatures_age_days{{market="m"}} {age}.0\nfeatures_age_days 9\n'
            assert running.http.put(f"{running.public}/metrics/job/{job}", content=text).status_code == 200

    running.hold(plan(days=2), work)

    assert [running.get(f"/desk/m?after={day}").json()["age"] for day in (0, 1)] == [4, 5]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"x" * (1 << 19)], ids=["no text", "too large"])
def test_metrics_of_no_use_are_refused(running: Running, body: bytes) -> None:
    assert running.http.put(f"{running.public}/metrics/job/a", content=body).status_code == 400


def test_only_the_token_changes_the_plan(running: Running) -> None:
    running.hold(plan())
    before = running.control("/ledger").json()["plan"]

    assert running.control("/plan", b"{}", token="guess").status_code == 401
    assert running.control("/plan", b"{}").status_code == 422
    assert running.control("/plan", b"[").status_code == 422
    assert running.control("/plan", json.dumps(plan({"day": 9, "kind": "late"})).encode()).status_code == 422
    assert running.control("/ledger").json()["plan"] == before


def test_the_board_escapes_what_a_pipeline_says(running: Running) -> None:
    running.hold(plan(days=1), lambda day: running.post("/pages", market="m", day=day, text="<script>") and None)
    running.get("/desk/m?after=0")

    page = running.get("/")

    assert "&lt;script&gt;" in page.text and "<script>" not in page.text
    assert page.headers["content-security-policy"] == "default-src 'none'"


def test_the_season_of_the_start_can_be_played_again_when_it_is_over(tmp_path: Path) -> None:
    with mart(tmp_path) as fresh:
        fresh.get("/desk/m?after=0")

        fresh.get("/desk/m?after=0&lap=1")
        fresh.get("/desk/m?after=0&lap=1")

        assert fresh.runner.dates == ["2026-03-02"] * 2


def test_a_season_that_was_posted_is_played_once(running: Running) -> None:
    running.hold(plan(days=1))
    running.get("/desk/m?after=0")

    again = running.get("/desk/m?after=0&lap=1")

    assert again.status_code == 200
    assert running.runner.dates == ["2026-03-02"]


@pytest.fixture(scope="module")
def contract() -> ModuleType:
    return import_file(MART / "contract.py")


@pytest.fixture(scope="module")
def markets() -> ModuleType:
    return import_file(MART / "markets.py")


def written(contract: ModuleType, markets: ModuleType, *incidents: dict[str, Any], day: int = 0) -> dict[str, Any]:
    """The columns of a day's batch by our names, in the batch's own unit."""
    held = markets.parse(plan(*incidents))
    batch = contract.written(held, held.markets["m"], day, day)
    return {name.removeprefix("x_"): values for name, values in batch["columns"].items()}


def test_a_batch_means_the_same_in_any_form(contract: ModuleType, markets: ModuleType) -> None:
    held = markets.parse(plan())
    market, rows = held.markets["m"], contract.rows_of(held, held.markets["m"], 0)
    version = contract.document(held, market, 0)["versions"][-1]["columns"]
    columns = contract.written(held, market, 0, 0)["columns"]

    for name in COLUMNS[2:]:
        spec = version[name]
        said = [value * spec["factor"] + spec["offset"] for value in columns[spec["name"]]]
        assert said == pytest.approx(rows[name].tolist(), abs=2e-3)
        assert all(spec["min"] <= value <= spec["max"] for value in columns[spec["name"]])
    assert len(contract.document(held, market, -3)["versions"]) == 1


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("empty", lambda c: all(not values for values in c.values())),
        ("short", lambda c: len(c["sku"]) < 30),
        ("null", lambda c: None in c["price"]),
        ("text", lambda c: "n/a" in c["price"]),
        ("range", lambda c: min(c["price"]) < 0),
        ("unit", lambda c: min(c["price"]) > 8000),
        ("duplicate", lambda c: len(set(c["sku"])) < len(c["sku"])),
        ("old", lambda c: set(c["date"]) == {"2026-03-01"}),
        ("gone", lambda c: "price" not in c),
        ("extra", lambda c: len(c) == 8),
        ("busy", lambda c: len(c["sku"]) >= 120),
    ],
)
def test_an_incident_can_be_seen(contract: ModuleType, markets: ModuleType, kind: str, seen: Any) -> None:
    calm = written(contract, markets)
    odd = written(contract, markets, {"day": 0, "kind": kind, "column": "price"})

    assert not seen(calm)
    assert seen(odd)


def test_wrong_labels_break_no_rule(contract: ModuleType, markets: ModuleType) -> None:
    calm, wrong = written(contract, markets), written(contract, markets, {"day": 0, "kind": "mislabelled"})

    assert sorted(calm["sold"]) == sorted(wrong["sold"]) and calm["sold"] != wrong["sold"]
    assert {name: calm[name] for name in COLUMNS[:6]} == {name: wrong[name] for name in COLUMNS[:6]}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"gap": 12},
        {"forms": []},
        {"forms": [{**FORMS[0], "names": {}}]},
        {"forms": [{**FORMS[0], "units": {**PLAIN, "price": "USD"}}]},
        {"incidents": [{"day": 0, "kind": "explodes"}]},
        {"incidents": [{"day": 3, "kind": "late"}]},
    ],
    ids=["gap", "no form", "names", "units", "kind", "day"],
)
def test_a_plan_that_makes_no_sense_is_refused(markets: ModuleType, spoilt: dict[str, Any]) -> None:
    held = plan()
    held["markets"][0] |= spoilt

    with pytest.raises(markets.BadPlan, match="market m"):
        markets.parse(held)
