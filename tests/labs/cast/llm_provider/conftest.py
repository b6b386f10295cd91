"""The LLM provider as a real process, without latency unless a test asks for it, and OpenAI's own client."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import DefaultHttpxClient, OpenAI

from infra.images.venvs import environment
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

MAIN = Path(__file__).resolve().parents[4] / "labs" / "cast" / "llm-provider" / "main.py"
TOKEN, KEY = "a-token-of-the-test", "a-key-of-the-test"
AT_ONCE = {"TTFT_S": "0", "TOKEN_S": "0", "EMBED_S": "0"}


def command() -> list[str]:
    """What runs the provider."""
    return [str(environment("core") / "bin" / "python"), str(MAIN)]


@dataclass(frozen=True)
class Provider:
    """Where one is reached, and what tests do with it."""

    url: str
    control_url: str
    http: httpx.Client

    def client(self, retries: int = 0, **options: Any) -> OpenAI:
        """OpenAI's client; it tries again `retries` times."""
        http = DefaultHttpxClient(trust_env=False)
        options = {"api_key": KEY, "timeout": 10, **options}
        return OpenAI(base_url=f"{self.url}/v1", max_retries=retries, http_client=http, **options)

    def control(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Ask the control port."""
        headers = {"authorization": f"Bearer {TOKEN}"}
        return self.http.request(method, f"{self.control_url}{path}", json=body, headers=headers)

    def faults(self, *faults: dict[str, Any]) -> None:
        """Let these act."""
        got = self.control("POST", "/faults", {"faults": list(faults)})
        assert got.status_code == 200, got.text

    def limits(self, **limits: Any) -> None:
        """Set limits."""
        got = self.control("POST", "/limits", limits)
        assert got.status_code == 200, got.text

    def ledger(self, since: int = 0) -> list[dict[str, Any]]:
        """The entries of the ledger."""
        calls: list[dict[str, Any]] = self.control("GET", f"/ledger?since={since}").json()["calls"]
        return calls

    def summary(self) -> dict[str, Any]:
        """The ledger's sums."""
        return dict(self.control("GET", "/ledger/summary").json())

    def settle(self, calls: int) -> list[dict[str, Any]]:
        """The entries, once so many calls are finished."""
        deadline = time.monotonic() + 10
        while len(self.ledger()) < calls and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.ledger()

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """Ask the public port by hand."""
        sent = {"authorization": f"Bearer {KEY}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.http.post(f"{self.url}{path}", json=body, headers=sent)

    def ask(self, text: str, model: str = "parley-large", **headers: str) -> httpx.Response:
        """One chat completion by hand."""
        body = {"model": model, "messages": [{"role": "user", "content": text}]}
        return self.post("/v1/chat/completions", body, **headers)


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[..., Provider]]:
    """Starts providers with an environment; all end with the module."""
    processes: list[subprocess.Popen[bytes]] = []
    http = httpx.Client(timeout=10, trust_env=False)

    def run(**variables: str) -> Provider:
        public, control = (f"127.0.0.1:{free_port()}" for _ in range(2))
        own = {"LISTEN": public, "CONTROL": control, "BROWNOUT_TOKEN": TOKEN, "API_KEY": KEY, **AT_ONCE, **variables}
        processes.append(subprocess.Popen(command(), env={**os.environ, **own}))
        eventually(lambda: answers(f"http://{public}/healthz", http))
        return Provider(f"http://{public}", f"http://{control}", http)

    try:
        yield run
    finally:
        http.close()
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


@pytest.fixture
def fail_to_start() -> Callable[..., str]:
    """Runs a provider that must not start with these variables; what it says."""

    def run(**variables: str) -> str:
        own = {"LISTEN": "127.0.0.1:1", "CONTROL": "127.0.0.1:2", **variables}
        done = subprocess.run(command(), env={**os.environ, **own}, capture_output=True, text=True, timeout=20)
        assert done.returncode == 1
        return done.stderr

    return run


@pytest.fixture(scope="module")
def shared(start: Callable[..., Provider]) -> Provider:
    """One provider for a module's tests."""
    return start(SEED="7")


@pytest.fixture
def provider(shared: Provider) -> Provider:
    """The module's provider without faults and limits, with an empty ledger."""
    shared.faults()
    shared.limits(max_concurrent=0, requests_per_minute=0, tokens_per_minute=0, burst_s=10)
    shared.control("POST", "/ledger/reset")
    return shared
