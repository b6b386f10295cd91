"""Rate limits and concurrency, as the real API tells of them."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

PROMPT = "[1] The storage fee is 30 euros a month.\n\nHow much is the storage fee?"


def test_requests_a_minute(provider):
    provider.limits(requests_per_minute=6, burst_s=30)

    got = [provider.ask(PROMPT) for _ in range(4)]

    assert [each.status_code for each in got] == [200, 200, 200, 429]
    assert [each.headers["x-ratelimit-limit-requests"] for each in got] == ["6"] * 4
    assert [each.headers["x-ratelimit-remaining-requests"] for each in got] == ["2", "1", "0", "0"]
    wait_ms = int(got[3].headers["retry-after-ms"])
    assert 0 < wait_ms <= 10_000
    assert got[3].headers["retry-after"] == str(math.ceil(wait_ms / 1000))
    assert got[3].headers["x-ratelimit-reset-requests"].endswith("s")
    error = got[3].json()["error"]
    assert (error["code"], error["type"]) == ("rate_limit_exceeded", "requests")
    assert provider.ledger()[3]["outcome"] == "limited"


def test_the_client_waits_as_told_and_gets_through(provider):
    provider.limits(requests_per_minute=120, burst_s=0.5)
    client = provider.client(retries=3)

    for _ in range(3):
        client.chat.completions.create(model="parley-small", messages=[{"role": "user", "content": PROMPT}])

    outcomes = provider.summary()["outcomes"]
    assert outcomes["answered"] == 3
    assert outcomes["limited"] >= 1


def test_tokens_a_minute(provider):
    provider.limits(tokens_per_minute=600, burst_s=10)

    first, second = provider.ask(PROMPT), provider.ask("word " * 90)

    assert (first.status_code, second.status_code) == (200, 429)
    used = first.json()["usage"]["total_tokens"]
    assert int(first.headers["x-ratelimit-remaining-tokens"]) == 100 - used
    assert second.json()["error"]["type"] == "tokens"


def test_a_call_larger_than_the_bucket_needs_a_full_one(provider):
    provider.limits(tokens_per_minute=600, burst_s=1)

    assert [provider.ask("word " * 90).status_code for _ in range(2)] == [200, 429]


def test_concurrent_calls(provider):
    provider.limits(max_concurrent=3)
    provider.faults({"kind": "slow", "add_s": 1.0})

    with ThreadPoolExecutor(8) as pool:
        codes = [got.status_code for got in pool.map(lambda n: provider.ask(PROMPT), range(8))]

    assert (codes.count(200), codes.count(429)) == (3, 5)
    assert provider.ask(PROMPT).status_code == 200


def test_refused_calls_take_nothing(provider):
    provider.limits(requests_per_minute=6, burst_s=10)

    assert provider.ask(PROMPT, "parley-huge").status_code == 404
    assert provider.ask(PROMPT).status_code == 200
    with pytest.raises(openai.RateLimitError):
        provider.client().embeddings.create(model="parley-embed", input="x")


def test_limits_come_from_the_environment_and_are_off_without(start, provider):
    limited = start(REQUESTS_PER_MINUTE="6", BURST_S="10", MAX_CONCURRENT="2")

    assert [limited.ask(PROMPT).status_code for _ in range(2)] == [200, 429]
    assert limited.control("GET", "/limits").json() == {
        "max_concurrent": 2,
        "requests_per_minute": 6,
        "tokens_per_minute": 0,
        "burst_s": 10.0,
    }
    assert not [name for name in provider.ask(PROMPT).headers if name.startswith("x-ratelimit")]


def test_setting_one_limit_keeps_the_others(provider):
    provider.limits(max_concurrent=4)
    provider.limits(requests_per_minute=600)

    assert provider.control("GET", "/limits").json()["max_concurrent"] == 4


@pytest.mark.parametrize(
    "body", [[], {"speed": 1}, {"max_concurrent": -1}, {"max_concurrent": 1.5}, {"burst_s": 0}, {"burst_s": True}]
)
def test_bad_limits_are_refused(provider, body):
    got = provider.control("POST", "/limits", body)

    assert got.status_code == 422
    assert (list(body)[0] if body else "object") in got.json()["error"]


def test_anybody_may_know_how_many_calls_were_refused_and_asking_is_no_call(provider):
    provider.limits(requests_per_minute=6, burst_s=10)
    for _ in range(3):
        provider.ask(PROMPT)

    got = [provider.http.get(f"{provider.url}/stats").json() for _ in range(2)]

    assert got == [{"calls": 3, "limited": 2, "in_flight": 0}] * 2
    assert len(provider.ledger()) == 3
