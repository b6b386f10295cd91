"""How each fault looks to OpenAI's client, and what the ledger says of it."""

from __future__ import annotations

import json
import time

import httpx
import httpx2
import openai
import pytest

PROMPT = "[1] The storage fee is 30 euros a month.\n\nHow much is the storage fee?"
FACT = "The storage fee is 30 euros a month."
ASKED = [{"role": "user", "content": PROMPT}]


def ask(provider, retries: int = 0, **options):
    """One chat completion with OpenAI's client."""
    options = {"model": "parley-large", "messages": ASKED, **options}
    return provider.client(retries).chat.completions.create(**options)


def outcomes(provider) -> list[tuple[str, int]]:
    """Outcome and status of every call in the ledger."""
    return [(call["outcome"], call["status"]) for call in provider.ledger()]


def test_without_faults_nothing_is_touched(provider):
    ask(provider)

    assert provider.summary()["touched"] == {}
    assert outcomes(provider) == [("answered", 200)]


def test_rate_limit_is_told_with_its_wait_and_the_client_waits(provider):
    provider.faults({"kind": "rate_limit", "retry_after_s": 0.4})

    with pytest.raises(openai.RateLimitError) as caught:
        ask(provider, retries=2)

    assert caught.value.code == "rate_limit_exceeded"
    assert caught.value.response.headers["retry-after"] == "1"
    assert caught.value.response.headers["retry-after-ms"] == "400"
    times = [call["time"] for call in provider.ledger()]
    assert len(times) == 3
    assert all(later - sooner >= 0.4 for sooner, later in zip(times, times[1:], strict=False))
    assert outcomes(provider) == [("rate_limit", 429)] * 3


def test_a_whole_wait_is_told_in_whole_seconds(provider):
    provider.faults({"kind": "rate_limit", "retry_after_s": 3})

    assert provider.ask(PROMPT).headers["retry-after"] == "3"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_error_has_its_status_and_the_client_tries_again(provider, status):
    provider.faults({"kind": "error", "status": status})

    with pytest.raises(openai.InternalServerError) as caught:
        ask(provider, retries=1)

    assert caught.value.status_code == status
    assert caught.value.body["type"] == "server_error"
    assert outcomes(provider) == [("error", status)] * 2
    assert provider.summary()["cost_usd"] == 0


def test_a_repeated_call_is_drawn_anew_so_that_trying_again_helps(provider):
    provider.faults({"kind": "error", "share": 0.5, "seed": 3})
    client = provider.client(retries=0)

    def tries(request_id: str) -> int:
        for n in range(1, 30):
            try:
                client.chat.completions.create(
                    model="parley-large", messages=ASKED, extra_headers={"x-request-id": request_id}
                )
            except openai.InternalServerError:
                continue
            return n
        return 30

    needed = [tries(f"job-{n}") for n in range(20)]

    assert 1 < max(needed) < 30
    summary = provider.summary()
    assert summary["outcomes"] == {"answered": 20, "error": sum(needed) - 20}
    assert summary["repeats"] == sum(needed) - 20


def test_the_clients_own_retries_get_through_a_share_of_errors(provider):
    provider.faults({"kind": "error", "share": 0.4, "seed": 11})

    for _ in range(3):
        assert ask(provider, retries=8).choices[0].message.content == FACT

    assert provider.summary()["outcomes"]["answered"] == 3


def test_timeout_never_answers_until_the_client_leaves(provider):
    provider.faults({"kind": "timeout"})

    with pytest.raises(openai.APITimeoutError):
        ask(provider, timeout=0.3)

    (call,) = provider.settle(1)
    assert (call["outcome"], call["status"], call["cost_usd"]) == ("timeout", 0, 0)
    assert call["seconds"] >= 0.25
    assert provider.summary()["in_flight"] == 0


def test_timeout_is_bounded(provider):
    provider.faults({"kind": "timeout", "hold_s": 0.2})

    with pytest.raises(openai.APIConnectionError):
        ask(provider)

    assert outcomes(provider) == [("timeout", 0)]


@pytest.mark.parametrize("stream", [False, True])
def test_a_connection_dropped_at_the_start_costs_and_says_nothing(provider, stream):
    provider.faults({"kind": "drop", "at": "start"})

    with pytest.raises(openai.APIConnectionError):
        ask(provider, stream=stream)

    (call,) = provider.ledger()
    assert (call["outcome"], call["status"]) == ("drop", 0)
    assert call["cost_usd"] > 0


def test_a_connection_dropped_in_the_body_is_a_protocol_error(provider):
    provider.faults({"kind": "drop", "at": "body"})

    with pytest.raises(openai.APIConnectionError):
        ask(provider)
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete|without sending complete"):
        provider.ask(PROMPT)

    assert outcomes(provider) == [("drop", 200)] * 2


def test_a_stream_dropped_on_the_way_raises_in_mid_iteration(provider):
    provider.faults({"kind": "drop", "at": "body"})
    heard = ""

    with pytest.raises((openai.APIConnectionError, httpx2.RemoteProtocolError)):
        for chunk in ask(provider, stream=True):
            heard += chunk.choices[0].delta.content or ""

    assert FACT.startswith(heard) and 0 < len(heard) < len(FACT)


def test_malformed_is_no_json(provider):
    provider.faults({"kind": "malformed"})

    with pytest.raises(json.JSONDecodeError):
        ask(provider)
    with pytest.raises(json.JSONDecodeError):
        list(ask(provider, stream=True))
    with pytest.raises(json.JSONDecodeError):
        provider.client().embeddings.create(model="parley-embed", input="x")

    assert outcomes(provider) == [("malformed", 200)] * 3
    assert provider.ask(PROMPT).headers["content-type"] == "application/json"


@pytest.mark.parametrize("stream", [False, True])
def test_a_truncated_answer_ends_for_length(provider, stream):
    provider.faults({"kind": "truncated", "how": "length"})

    got = ask(provider, stream=stream)
    if stream:
        chunks = list(got)
        text, finish = "".join(c.choices[0].delta.content or "" for c in chunks), chunks[-1].choices[0].finish_reason
    else:
        text, finish = got.choices[0].message.content, got.choices[0].finish_reason

    assert finish == "length"
    assert FACT.startswith(text) and 0 < len(text) < len(FACT)
    assert provider.ledger()[0]["tokens_out"] == 4


def test_a_cut_stream_just_ends(provider):
    provider.faults({"kind": "truncated", "how": "cut"})

    chunks = list(ask(provider, stream=True))
    raw = provider.post("/v1/chat/completions", {"model": "parley-large", "messages": ASKED, "stream": True})

    assert all(chunk.choices[0].finish_reason is None for chunk in chunks)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert FACT.startswith(text) and len(text) < len(FACT)
    assert raw.status_code == 200 and "[DONE]" not in raw.text


def test_a_cut_body_is_shorter_than_it_says(provider):
    provider.faults({"kind": "truncated", "how": "cut"})

    with pytest.raises(httpx.RemoteProtocolError):
        provider.ask(PROMPT)
    with pytest.raises(httpx.RemoteProtocolError):
        provider.post("/v1/embeddings", {"model": "parley-embed", "input": "x"})


def test_an_outage_resets_every_call(provider):
    provider.faults({"kind": "outage"})

    with pytest.raises(openai.APIConnectionError) as caught:
        ask(provider)
    with pytest.raises(httpx.ReadError, match="reset"):
        provider.http.get(f"{provider.url}/v1/models")

    assert isinstance(caught.value.__cause__, httpx2.ReadError)
    assert outcomes(provider) == [("outage", 0)] * 2
    assert provider.http.get(f"{provider.url}/healthz").status_code == 200


def test_an_outage_can_be_503_even_for_those_without_a_key(provider):
    provider.faults({"kind": "outage", "look": "503"})

    with pytest.raises(openai.InternalServerError):
        ask(provider)

    assert provider.http.get(f"{provider.url}/v1/models").status_code == 503
    assert outcomes(provider) == [("outage", 503)] * 2


def test_slow_multiplies_and_adds_and_combines(provider):
    provider.faults({"kind": "slow", "add_s": 0.1}, {"kind": "slow", "add_s": 0.2}, {"kind": "error", "status": 502})

    began = time.perf_counter()
    with pytest.raises(openai.InternalServerError):
        ask(provider)

    assert time.perf_counter() - began >= 0.3
    (call,) = provider.ledger()
    assert call["faults"] == ["slow", "error"]
    assert call["outcome"] == "error"


def test_slow_factor_is_a_factor(start):
    provider = start(TTFT_S="0.02", TOKEN_S="0.001")
    headers = {"x_request_id": "one"}
    provider.ask(PROMPT, **headers)
    plain = provider.ledger()[0]["drawn_s"]
    provider.control("POST", "/ledger/reset")
    provider.faults({"kind": "slow", "factor": 5, "add_s": 0.03})

    provider.ask(PROMPT, **headers)

    assert provider.ledger()[0]["drawn_s"] == pytest.approx(5 * plain + 0.03)


def test_an_ungrounded_answer_ignores_the_passages(provider):
    provider.faults({"kind": "ungrounded"})

    assert "30" not in ask(provider).choices[0].message.content
    assert provider.client().embeddings.create(model="parley-embed", input="x").data
    assert provider.summary()["touched"] == {"ungrounded": 1}


def test_a_client_that_leaves_is_seen(provider):
    provider.faults({"kind": "slow", "add_s": 0.5})

    with pytest.raises(openai.APITimeoutError):
        ask(provider, timeout=0.1)

    (call,) = provider.settle(1)
    assert (call["outcome"], call["status"]) == ("left", 0)
    assert call["cost_usd"] > 0


def test_a_stream_that_is_left_costs_what_was_written(start):
    provider = start(TOKEN_S="0.05", CHUNK_TOKENS="1")

    with ask(provider, stream=True) as stream:
        for chunk in stream:
            if chunk.choices[0].delta.content:
                break

    (call,) = provider.settle(1)
    assert call["outcome"] == "left"
    assert 1 <= call["tokens_out"] < 10


def test_a_share_hits_the_same_ids_in_every_run(provider):
    def hits(seed: int) -> list[bool]:
        provider.control("POST", "/ledger/reset")
        provider.faults({"kind": "error", "share": 0.3, "seed": seed})
        return [provider.ask(PROMPT, x_request_id=f"id-{n}").status_code == 503 for n in range(60)]

    first = hits(1)

    assert hits(1) == first
    assert hits(2) != first
    assert 8 <= sum(first) <= 30


def test_a_fault_can_be_for_one_model_or_endpoint(provider):
    provider.faults(
        {"kind": "error", "status": 500, "model": "parley-small"},
        {"kind": "error", "status": 502, "endpoint": "embeddings"},
    )

    assert provider.ask(PROMPT, "parley-small").status_code == 500
    assert provider.ask(PROMPT, "parley-large").status_code == 200
    assert provider.post("/v1/embeddings", {"model": "parley-embed", "input": "x"}).status_code == 502


def test_of_several_endings_the_first_that_hits_decides(provider):
    provider.faults({"kind": "malformed", "share": 0}, {"kind": "error", "status": 500}, {"kind": "timeout"})

    assert provider.ask(PROMPT).status_code == 500
    assert provider.ledger()[0]["faults"] == ["error"]


def test_setting_faults_replaces_those_before(provider):
    provider.faults({"kind": "error"})
    provider.faults()

    assert provider.ask(PROMPT).status_code == 200
