"""The ledger: arithmetic, bounds, and probes that leave no tracks."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest

PROMPT = "[1] The storage fee is 30 euros a month.\n\nHow much is the storage fee?"
PRICES = {
    "parley-large": (Fraction("2.50"), Fraction("10")),
    "parley-small": (Fraction("0.15"), Fraction("0.60")),
    "parley-embed": (Fraction("0.02"), Fraction(0)),
}
FIELDS = {
    "seq", "call", "id", "attempt", "time", "endpoint", "model", "stream", "digest", "status", "outcome", "faults",
    "tokens_in", "tokens_out", "cost_usd", "drawn_s", "seconds",
}  # fmt: skip


def dollars(model: str, tokens_in: int, tokens_out: int) -> float:
    """Prices are for a million tokens."""
    price_in, price_out = PRICES[model]
    return float((price_in * tokens_in + price_out * tokens_out) / 1_000_000)


def test_every_call_is_entered_with_its_usage_and_cost(provider):
    used = [provider.ask(PROMPT, model).json()["usage"] for model in ("parley-large", "parley-small")]
    used.append(provider.post("/v1/embeddings", {"model": "parley-embed", "input": "the fee"}).json()["usage"])

    calls = provider.ledger()

    assert [call["seq"] for call in calls] == [call["call"] for call in calls] == [1, 2, 3]
    assert [call["endpoint"] for call in calls] == ["chat", "chat", "embeddings"]
    for call, usage, model in zip(calls, used, PRICES, strict=True):
        assert set(call) == FIELDS
        assert call["model"] == model
        assert (call["tokens_in"], call["tokens_out"]) == (usage["prompt_tokens"], usage.get("completion_tokens", 0))
        assert call["cost_usd"] == pytest.approx(dollars(model, call["tokens_in"], call["tokens_out"]), rel=1e-12)
    assert calls[0]["cost_usd"] > 10 * calls[1]["cost_usd"] > 0


def test_the_summary_is_the_sum_of_the_calls(provider):
    provider.faults({"kind": "error", "share": 0.3, "seed": 5}, {"kind": "truncated", "share": 0.3, "seed": 6})
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: provider.ask(PROMPT, ["parley-large", "parley-small"][n % 2]), range(60)))

    calls, summary = provider.ledger(), provider.summary()

    assert summary["calls"] == len(calls) == 60
    for key in ("tokens_in", "tokens_out"):
        assert summary[key] == sum(call[key] for call in calls)
        assert summary[key] == sum(model[key] for model in summary["models"].values())
    assert summary["cost_usd"] == pytest.approx(sum(call["cost_usd"] for call in calls), rel=1e-9)
    assert summary["seconds"] == pytest.approx(sum(call["seconds"] for call in calls), rel=1e-9)
    for key, counter in (("outcome", "outcomes"), ("status", "statuses"), ("endpoint", "endpoints")):
        values = [str(call[key]) for call in calls]
        assert summary[counter] == {value: values.count(value) for value in set(values)}
    assert set(summary["outcomes"]) == {"answered", "error", "truncated"}
    assert summary["touched"]["error"] == summary["outcomes"]["error"]
    assert 1 <= summary["peak_in_flight"] <= 8


def test_refused_calls_are_entered_and_cost_nothing(provider):
    provider.ask(PROMPT, "parley-huge")
    provider.ask(PROMPT, authorization="Bearer wrong")
    provider.post("/v1/elsewhere", {})

    calls = provider.ledger()

    assert [(call["status"], call["outcome"], call["model"]) for call in calls] == [
        (404, "refused", ""),
        (401, "refused", "parley-large"),
        (404, "refused", ""),
    ]
    assert provider.summary()["cost_usd"] == 0


def test_since_gives_what_came_after(provider):
    for n in range(5):
        provider.ask(PROMPT, x_request_id=f"s{n}")

    page = provider.control("GET", "/ledger?since=3").json()

    assert [call["id"] for call in page["calls"]] == ["s3", "s4"]
    assert (page["next"], page["last"], page["forgotten"]) == (5, 5, 0)
    assert provider.control("GET", "/ledger?since=5").json()["calls"] == []
    assert provider.control("GET", "/ledger?since=99").json()["next"] == 99


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "9" * 30])
def test_a_bad_since_is_refused(provider, since):
    got = provider.control("GET", f"/ledger?since={since}")

    assert got.status_code == 422
    assert "since" in got.json()["error"]


def test_memory_is_bounded_and_counters_go_on(start):
    provider = start(LEDGER_SIZE="5")
    used = [provider.ask(PROMPT).json()["usage"]["total_tokens"] for _ in range(12)]

    page, summary = provider.control("GET", "/ledger").json(), provider.summary()

    assert [call["seq"] for call in page["calls"]] == [8, 9, 10, 11, 12]
    assert (page["forgotten"], page["last"]) == (7, 12)
    assert provider.control("GET", "/ledger?since=9").json()["forgotten"] == 0
    assert summary["calls"] == 12
    assert summary["tokens_in"] + summary["tokens_out"] == sum(used)


def test_a_page_has_a_thousand_calls_and_the_next_follows(start):
    provider = start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: provider.http.get(f"{provider.url}/v1/none"), range(1010)))

    first = provider.control("GET", "/ledger").json()
    second = provider.control("GET", f"/ledger?since={first['next']}").json()

    assert [call["seq"] for call in first["calls"] + second["calls"]] == list(range(1, 1011))


def test_reset_forgets_all(provider):
    provider.faults({"kind": "slow", "add_s": 0.01})
    provider.ask(PROMPT)

    got = provider.control("POST", "/ledger/reset").json()

    assert (got["calls"], got["touched"], got["outcomes"]) == (0, {}, {})
    assert provider.ledger() == []


def test_a_call_under_way_at_a_reset_is_not_entered(provider):
    provider.faults({"kind": "slow", "add_s": 0.8})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(provider.ask, PROMPT)
        while provider.summary()["in_flight"] < 1:
            time.sleep(0.01)
        provider.control("POST", "/ledger/reset")
        assert waiting.result().status_code == 200

    assert provider.summary()["calls"] == 0
    assert provider.summary()["in_flight"] == 0


def test_ids_are_kept_given_back_and_counted(provider):
    for _ in range(3):
        assert provider.ask(PROMPT, x_request_id="order:7").headers["x-request-id"] == "order:7"
    made = provider.ask(PROMPT).headers["x-request-id"]

    calls = provider.ledger()

    assert [(call["id"], call["attempt"]) for call in calls] == [("order:7", n) for n in (1, 2, 3)] + [(made, 1)]
    assert provider.summary()["repeats"] == 2


@pytest.mark.parametrize("given", ["", "two words", "x" * 81, '"'])
def test_an_odd_id_is_replaced(provider, given):
    assert provider.ask(PROMPT, x_request_id=given).headers["x-request-id"].startswith("req_")


def test_the_digest_tells_equal_bodies(provider):
    for text in ("one", "two", "one"):
        provider.ask(text)

    one, two, again = (call["digest"] for call in provider.ledger())

    assert one == again != two


def test_a_probe_meets_the_fault_needs_no_key_and_leaves_no_tracks(provider):
    provider.faults({"kind": "error", "status": 502, "share": 0.001})
    provider.limits(requests_per_minute=1, burst_s=1)

    codes = [
        provider.ask(PROMPT, x_probe="a-token-of-the-test", authorization="", x_request_id="p").status_code
        for _ in range(3)
    ]

    summary = provider.summary()
    assert codes == [502, 502, 502]
    assert (summary["calls"], summary["touched"], summary["probes"]) == (0, {}, {"error": 3})
    assert summary["peak_in_flight"] == 0
    assert provider.ask(PROMPT, x_request_id="p").status_code == 200
    assert provider.ledger()[0]["attempt"] == 1
    assert provider.ask(PROMPT, x_probe="wrong", authorization="").status_code == 401
