"""The real programs: Prometheus takes series and answers over them, promtool and amtool check texts."""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from calendar_week import SPAN, STEP_S
from plainyaml import NotPlain
from remote import EPOCH, Series, encoded

A_MONTH = "31d"
"""Longer than a week, so that all of it is taken in any order and no block is made."""

AT_ONCE = 8
"""Series in a request: 0.8 MB."""

READY_S, QUERY_S, CHECK_S = 30.0, 60.0, 20.0
MOST_SAMPLES = 4_000_000_000
"""Of all rules together, by Prometheus' own count: what six windows of up to three days take, three times."""


MOST_AT_ONCE, MOST_BYTES = 8_000_000, 16 << 20
"""Samples that one query may hold at a time, and the size of its answer: what keeps within the memory there is."""


class Broken(Exception):
    """One of the programs does not do what it has to: not the candidate's doing."""


def check(command: list[str], text: str, what: str) -> None:
    """Have a program look at a text. NotPlain with what it says if it does not like it."""
    done = _ran(command, text)
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).replace("Checking standard input", "").split())
        raise NotPlain(f"{what}: {said[-300:]}")


def said(command: list[str], text: str) -> str:
    """What a program says to a text. NotPlain if it does not take it."""
    done = _ran(command, text)
    if done.returncode:
        raise NotPlain(f"{command[0]} does not take {' '.join(command[-3:])[:120]}: {done.stderr[-200:]}")
    return done.stdout


def _ran(command: list[str], text: str) -> subprocess.CompletedProcess[str]:
    """Such a program sees a stranger's text, and no token of ours."""
    env = {"PATH": os.environ["PATH"]}
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=CHECK_S, env=env)


class Server:
    """A Prometheus with a folder for what it is given."""

    def __init__(self, folder: Path) -> None:
        config = folder / "prometheus.yaml"
        config.write_text("global: {}\n")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--storage.tsdb.min-block-duration={A_MONTH}",
                f"--storage.tsdb.max-block-duration={A_MONTH}",
                "--web.enable-remote-write-receiver",
                "--storage.tsdb.retention.time=100y",
                f"--web.listen-address=127.0.0.1:{self.port}",
                f"--query.lookback-delta={STEP_S - 1}s",
                f"--query.timeout={QUERY_S:g}s",
                f"--query.max-samples={MOST_AT_ONCE}",
                "--log.level=error",
            ],
            stdin=subprocess.DEVNULL,
            env={"GOMAXPROCS": "2", "GOGC": "50", "PATH": os.environ["PATH"]},
        )
        try:
            self._ready()
        except Broken:
            self.stop()
            raise

    def _ready(self) -> None:
        until = time.monotonic() + READY_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=2.0).close()
                return
            except OSError:
                time.sleep(0.02)
        raise Broken(f"Prometheus is not ready (exit code {self._process.poll()})")

    def get(self, path: str, most: int = MOST_BYTES) -> bytes:
        """What it answers to a GET, an error too, up to so many bytes."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=QUERY_S + 10) as answer:
                return bytes(answer.read(most))
        except urllib.error.HTTPError as error:
            return bytes(error.read())
        except OSError as error:
            raise Broken(f"Prometheus does not answer: {error}") from error

    def take(self, series: Iterable[Series]) -> None:
        """Give it series."""
        left = iter(series)
        while some := list(itertools.islice(left, AT_ONCE)):
            headers = {"content-encoding": "snappy", "content-type": "application/x-protobuf"}
            url = f"http://127.0.0.1:{self.port}/api/v1/write"
            try:
                urllib.request.urlopen(urllib.request.Request(url, encoded(some), headers), timeout=QUERY_S).close()
            except OSError as error:
                raise Broken(f"Prometheus does not take what it is given: {error}") from error

    def over(self, expression: str) -> tuple[list[Any], int]:
        """An expression at each step of the week: series as Prometheus tells them, and how many samples that took.

        NotPlain with Prometheus' sentence if it cannot be evaluated."""
        asked = {
            "query": expression,
            "start": EPOCH,
            "end": EPOCH + (SPAN - 1) * STEP_S,
            "step": STEP_S,
            "stats": "all",
        }
        body = self.get(f"/api/v1/query_range?{urllib.parse.urlencode(asked)}", MOST_BYTES)
        if len(body) >= MOST_BYTES:
            raise NotPlain(f"{expression[:80]!r}: more than {MOST_BYTES >> 20} MiB, which 75 series at all times are")
        answer = json.loads(body)
        if answer["status"] != "success":
            raise NotPlain(f"{expression[:80]!r}: {answer.get('error', '')[:200]}")
        if answer["data"]["resultType"] != "matrix":
            raise NotPlain(f"{expression[:80]!r} is no vector")
        return answer["data"]["result"], int(answer["data"]["stats"]["samples"]["totalQueryableSamples"])

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def serving(series: Iterable[Series]) -> Iterator[Server]:
    """A server that has these series, in a folder of its own that is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        server = Server(Path(folder))
        try:
            server.take(series)
            yield server
        finally:
            server.stop()
