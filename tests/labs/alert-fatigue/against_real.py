"""Random configurations and alerts before the real Alertmanager, and what the replay says of the same. By hand.

`python tests/labs/alert-fatigue/against_real.py 12` takes three minutes, on a quiet machine: the real one has the
wall clock. Alerts come and go on full seconds and groups are flushed on halves, so nothing is a matter of luck but a
machine that is half a second late. They come in two waves, a minute apart: the real one looks for empty groups to
remove twice a minute, at moments of its own, and until then flushes what comes new at the group's interval. Of each
wave the first call of each group is compared. Debian's Alertmanager reads templates from /usr/share; it gets a view
of its own of that folder, with empty ones (`unshare`, Linux alone). Says where the two differ; exit code 1 if they
do.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import random
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from infra.images.venvs import environment  # noqa: E402
from tests.labs.modules import importable  # noqa: E402

sys.path.insert(0, str(ROOT / "labs" / "cast" / "lib"))
with importable(ROOT / "labs" / "alert-fatigue" / "world"):
    WORLD = SimpleNamespace(**{name: importlib.import_module(name) for name in ("pager", "routes", "spans")})

PROGRAMS = environment("prom") / "bin"
TEMPLATES = "/usr/share/prometheus/alertmanager"
MAKE = f"mkdir -p {TEMPLATES} && touch {TEMPLATES}/default.tmpl {TEMPLATES}/email.tmpl"
VIEW = f'mount -t tmpfs none /usr/share && {MAKE}; exec "$0" "$@"'
WAVE_S, WAIT_S, INTERVAL_S = 85, 2.5, 5.0
Opening = tuple[str, tuple[tuple[str, str], ...], int]


def configuration(rng: random.Random) -> dict[str, Any]:
    """A configuration: grouped by what is drawn, with an inhibition in two of three."""
    by = [["region"], ["region", "service"], ["..."], ["alertname"]]
    ticket = {"receiver": "ticket", "matchers": ['severity="ticket"'], "group_by": rng.choice(by)}
    route = {"receiver": "page", "group_by": rng.choice(by), "routes": [ticket | {"continue": rng.random() < 0.3}]}
    equal = rng.choice([["region"], ["region", "service"], ["regoin"]])
    rule = {"source_matchers": ['severity="page"'], "target_matchers": ['severity="ticket"'], "equal": equal}
    rules = [rule] if rng.random() < 0.67 else []
    return {"route": route, "inhibit_rules": rules, "receivers": [{"name": name} for name in WORLD.routes.RECEIVERS]}


def alerts(rng: random.Random) -> list[Any]:
    """Six alerts that come and go."""
    found: dict[Any, Any] = {}
    for number in range(6):
        labels = {"alertname": f"A{number % 3}", "region": rng.choice("ab"), "service": rng.choice("xyz")}
        labels["severity"] = rng.choice(["page", "ticket"])
        begins = [wave * WAVE_S + rng.randint(2, 14) for wave in range(2)]
        spans = [(begin, begin + rng.randint(3, 22)) for begin in begins]
        found[tuple(sorted(labels.items()))] = spans
    return [WORLD.spans.Alert(labels, WORLD.spans.Spans(spans)) for labels, spans in found.items()]


def with_waits(route: Any) -> Any:
    """A route whose groups are flushed on half seconds."""
    return replace(route, wait_s=WAIT_S, interval_s=INTERVAL_S, below=tuple(map(with_waits, route.below)))


def reckoned(config: dict[str, Any], given: Sequence[Any]) -> set[Opening]:
    """What the replay says was opened, and in which second."""
    routing = WORLD.routes.read(json.dumps(config))
    told = WORLD.pager.told(given, replace(routing, root=with_waits(routing.root)))
    return firsts((each.opened, each.receiver, key(config, each.receiver, each.alerts), each.alerts) for each in told)


def key(config: dict[str, Any], receiver: str, given: Sequence[Any]) -> str:
    """The group of some alerts at a receiver."""
    route = config["route"] if receiver == "page" else config["route"]["routes"][0]
    labels = dict(given[0])
    names = sorted(labels) if route["group_by"] == ["..."] else route["group_by"]
    return str([(name, labels.get(name, "")) for name in names])


def firsts(calls: Iterable[tuple[float, str, str, Sequence[Any]]]) -> set[Opening]:
    """Of each group in each wave, the alerts of the first call, and its second."""
    found: dict[tuple[str, str, int], set[Opening]] = {}
    for at, receiver, group, labels in sorted(calls):
        found.setdefault((receiver, group, int(at // WAVE_S)), {(receiver, each, int(at)) for each in labels})
    return set[Opening]().union(*found.values())


class Real:
    """A real Alertmanager, and a pager that it calls."""

    def __init__(self, config: dict[str, Any], folder: Path) -> None:
        self._config = config
        self.heard: list[tuple[str, float, dict[str, Any]]] = []
        real = self

        class Pager(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                real.heard.append((self.path.strip("/"), time.monotonic(), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._pager = ThreadingHTTPServer(("127.0.0.1", 0), Pager)
        Thread(target=self._pager.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self._pager.server_address[1]}"
        called = [{"name": name, "webhook_configs": [{"url": f"{url}/{name}"}]} for name in ("page", "ticket")]
        route = {**config["route"], "group_wait": f"{WAIT_S * 1000:.0f}ms", "group_interval": f"{INTERVAL_S:.0f}s"}
        path = folder / "alertmanager.yaml"
        path.write_text(json.dumps({**config, "route": route, "receivers": [*called, {"name": "none"}]}))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        listens = f"--web.listen-address=127.0.0.1:{self._port}"
        self._command = [
            f"--config.file={path}",
            f"--storage.path={folder / 'data'}",
            listens,
            "--cluster.listen-address=",
        ]

    async def play(self, given: Sequence[Any]) -> set[Opening]:
        """What it tells the pager: the alerts of each first call of a group, until the pager hears that it is over."""
        quiet = asyncio.subprocess.DEVNULL
        program = str(PROGRAMS / "prometheus-alertmanager")
        viewed = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", VIEW, program, *self._command]
        process = await asyncio.create_subprocess_exec(*viewed, stdout=quiet, stderr=quiet)
        try:
            await asyncio.sleep(3.0)
            began = time.monotonic()
            edges = [(begin, True, each) for each in given for begin in each.spans.begins]
            edges += [(end, False, each) for each in given for end in each.spans.ends]
            for at, fires, each in sorted(edges, key=lambda edge: edge[:2]):
                await asyncio.sleep(max(0.0, began + at - time.monotonic()))
                await asyncio.to_thread(self._post, each, fires)
            await asyncio.sleep(max(0.0, began + 2 * WAVE_S - time.monotonic()))
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
            self._pager.shutdown()
        return self._opened(began, self._config)

    def _post(self, alert: Any, fires: bool) -> None:
        now = time.time()
        moment = [
            time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}Z"
            for at in (now, now + 3600)
        ]
        body = {"labels": dict(alert.labels), ("endsAt"): moment[1 if fires else 0]}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/api/v2/alerts",
            json.dumps([body | ({"startsAt": moment[0]} if fires else {})]).encode(),
            {"content-type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=5.0).close()

    def _opened(self, began: float, config: dict[str, Any]) -> set[Opening]:
        calls = []
        for receiver, at, body in self.heard:
            firing = [tuple(sorted(each["labels"].items())) for each in body["alerts"] if each["status"] == "firing"]
            if firing:
                calls.append((at - began, receiver, key(config, receiver, firing), firing))
        return firsts(calls)


async def compared(seed: int) -> list[str]:
    """Where the two differ."""
    rng = random.Random(seed)
    config, given = configuration(rng), alerts(rng)
    with tempfile.TemporaryDirectory(prefix="against-real-") as folder:
        real = await Real(config, Path(folder)).play(given)
    mine = reckoned(config, given)
    return [
        f"{seed}: {who} alone: {each}"
        for who, only in (("real", real - mine), ("replay", mine - real))
        for each in sorted(only)
    ]


async def main() -> int:
    """Exit code 0 when all agree."""
    many = int(sys.argv[1])
    os.environ["PATH"] = f"{PROGRAMS}:{os.environ['PATH']}"
    found = [line for lines in await asyncio.gather(*map(compared, range(many))) for line in lines]
    print("\n".join(found) or f"{many} configurations: the two agree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
