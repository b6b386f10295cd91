"""The real programs: promtool makes blocks of metrics, Prometheus answers over them, promtool and amtool check."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from calendar_week import SPAN, STEP_S
from metrics import EPOCH
from plainyaml import NotPlain

BLOCK = "500h"
READY_S, QUERY_S, CHECK_S = 30.0, 60.0, 20.0
MOST_SAMPLES = 4_000_000_000
"""Of all rules together, by Prometheus' own count: what six windows of up to three days take, three times."""


MOST_AT_ONCE, MOST_BYTES = 8_000_000, 16 << 20
"""Samples that one query may hold at a time, and the size of its answer: what keeps within the memory there is."""


class Broken(Exception):
    """One of the programs does not do what it has to: not the candidate's doing."""


def make_blocks(write: Callable[[TextIO], None], into: Path) -> None:
    """Make blocks of what `write` writes as OpenMetrics."""
    text = into.with_suffix(".om")
    with text.open("w", encoding="utf-8") as file:
        write(file)
    command = ["promtool", "tsdb", "create-blocks-from", f"--max-block-duration={BLOCK}", "openmetrics", "-q"]
    done = subprocess.run([*command, str(text), str(into)], capture_output=True, text=True)
    text.unlink()
    if done.returncode:
        raise Broken(f"promtool made no blocks: {done.stderr[-300:]}")


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
    """A Prometheus over a folder of blocks."""

    def __init__(self, blocks: Path) -> None:
        config = blocks.with_suffix(".yaml")
        config.write_text("global: {}\n")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={blocks}",
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
def serving(blocks: Path) -> Iterator[Server]:
    """A server over a copy of some blocks: what is added to the copy is gone at the end."""
    copy = blocks.with_name(f"{blocks.name}-run")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(blocks, copy)
    server = Server(copy)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(copy, ignore_errors=True)
