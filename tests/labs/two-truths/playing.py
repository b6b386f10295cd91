"""Exams without their clock: a control's own code, the real postgres and the real shop, asked as fast as they answer.

Everything is asked in the exam's order, and judged as an exam's events are, but for `fast`, which needs the clock.

.venv/bin/python tests/labs/two-truths/playing.py 4 reference utc-days    # four seeds of each
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from grader.course.spec import Scenario  # noqa: E402
from tests.labs.played import Burn, Event, drawn, exam_of, judged, shown, staged  # noqa: E402
from tests.labs.ports import free_port  # noqa: E402
from tests.labs.services import started  # noqa: E402
from tests.waiting import eventually  # noqa: E402

LAB, TOKEN = "two-truths", "the token"
CAST = ROOT / "labs/cast"
LATER, EDITS, BATCHES = 6, 60, (110, 200)
"""Before which checkouts things are done: never sooner, and never later, than an exam may do them."""


@contextmanager
def stores(scratch: Path) -> Iterator[str]:
    """Postgres; the URL of the shop's database."""
    at, health = (f"127.0.0.1:{free_port()}" for _ in range(2))
    env = {"LISTEN": at, "HEALTH": health, "DATA_DIR": str(scratch / "data")}
    (scratch / "data").mkdir()
    account = {"POSTGRES_USER": "corvo", "POSTGRES_PASSWORD": "corvo"}
    with started("store", CAST / "postgres/run.py", env | account, f"http://{health}/", scratch / "postgres.log"):
        yield f"postgresql://corvo:corvo@{at}/corvo"


@contextmanager
def running(features: Path, scratch: Path) -> Iterator[dict[str, str]]:
    """Postgres, the shop, and the feature store in a folder; the base URLs of their ports."""
    at = {name: f"127.0.0.1:{free_port()}" for name in ("shop", "control", "features")}
    urls = {name: f"http://{where}" for name, where in at.items()}
    with stores(scratch) as store:
        env = {"STORE": store, "SHOP": urls["shop"], "FEATURES": urls["features"], "BROWNOUT_TOKEN": TOKEN}
        shop = env | {"LISTEN": at["shop"], "CONTROL": at["control"], "PYTHONPATH": str(CAST / "lib")}
        own = env | {"LISTEN": at["features"]}
        main, pages = CAST.parent / LAB / "world/shop.py", (f"{urls['shop']}/healthz", f"{urls['features']}/healthz")
        with (
            started("sql", main, shop, pages[0], scratch / "shop.log"),
            started("sql", features / "main.py", own, pages[1], scratch / "features.log"),
        ):
            yield urls


def play(scenario: Scenario, features: Path, seed: int, scratch: Path) -> dict[str, Burn]:
    """One season, with the code in a `features` folder."""
    [kind] = scenario.spec.trials
    trial = drawn(scenario, kind.id, seed)
    key = {"authorization": f"Bearer {TOKEN}"}
    with running(features, scratch) as urls, httpx.Client(trust_env=False, timeout=20) as client:

        def act(do: str, k: int = 0, path: str = "/act") -> None:
            told = {"seed": trial.record.parameters["seed_of"]} if path == "/plan" else {"do": do, "k": k}
            client.post(urls["control"] + path, json=told, headers=key).raise_for_status()

        def soon(do: str) -> None:
            eventually(lambda: do in client.get(urls["control"] + "/ledger", headers=key).json()["registered"], 20)

        act("", path="/plan")
        act("base")
        soon("base")
        rows = []
        for _, phase, n, request in trial.arrivals():
            if n in (LATER, EDITS):
                act(do := "later" if n == LATER else "edits")
                soon(do)
            if n in BATCHES:
                act("batch", BATCHES.index(n))
            begun = time.monotonic()
            reply = client.request(request.method, urls["shop"] + request.path)
            word = trial.word(request, reply.status_code, reply.headers, reply.content)
            latency = time.monotonic() - begun
            rows.append(Event(kind.id, phase, request.name, request.segment, reply.status_code, word, latency))
    return judged(scenario, rows)


def main(seeds: int, names: list[str]) -> None:
    """Print what each control burns; a name with a slash is a folder."""
    scenario = exam_of(LAB)
    for name in names or scenario.controls:
        for seed in range(1, seeds + 1):
            with tempfile.TemporaryDirectory() as scratch:
                begun, place = time.monotonic(), Path(scratch)
                features = Path(name) if "/" in name else staged(scenario, name, place)
                burns = play(scenario, features, seed, place)
                print(f"{name:14} {time.monotonic() - begun:.0f} s", shown(burns), flush=True)
                if seeds == 1:
                    print(*(f"  {key}: {json.dumps(one.words)}" for key, one in burns.items()), sep="\n")
                    print((place / "features.log").read_text()[-1500:], (place / "shop.log").read_text()[-1500:])


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
