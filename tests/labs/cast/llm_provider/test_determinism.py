"""The same seed gives the same answers and the same latencies, in every process."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest
from openai import OpenAI

PROMPTS = [
    f"[1] The storage fee of depot {n} is {n} euros.\n\nWhat is the {thing}?"
    for n in range(4)
    for thing in ("fee", "tax")
]


def talk(provider, ids: bool) -> tuple[list[str], list[float], list[str]]:
    """Answers, drawn latencies and ids of a few calls."""
    headers = [{"x_request_id": f"call-{n}"} if ids else {} for n in range(len(PROMPTS))]
    got = [provider.ask(prompt, **header).json() for prompt, header in zip(PROMPTS, headers, strict=True)]
    calls = provider.ledger()
    answers = [each["choices"][0]["message"]["content"] for each in got]
    return answers, [call["drawn_s"] for call in calls], [each["id"] for each in got]


def paced(start: Callable, seed: int):
    """A provider with short latencies."""
    return start(SEED=str(seed), TTFT_S="0.01", TOKEN_S="0.0005")


@pytest.mark.parametrize("ids", [True, False])
def test_two_processes_of_one_seed_are_alike(start, ids):
    first, second = talk(paced(start, 5), ids), talk(paced(start, 5), ids)

    assert first == second
    assert len(set(first[1])) == len(PROMPTS)


def test_another_seed_has_other_latencies_and_other_inventions(start):
    first, second = talk(paced(start, 5), ids=True), talk(paced(start, 6), ids=True)

    assert all(one != other for one, other in zip(first[1], second[1], strict=True))
    assert first[0][::2] == second[0][::2]
    assert first[0] != second[0]


def test_a_reset_begins_again(start):
    provider = paced(start, 5)
    first = talk(provider, ids=False)
    provider.control("POST", "/ledger/reset")

    assert talk(provider, ids=False) == first


def test_a_repeated_call_has_the_same_answer_and_another_latency(start):
    provider = paced(start, 5)
    answers = [provider.ask(PROMPTS[1], x_request_id="again").json()["choices"] for _ in range(2)]

    once, again = provider.ledger()

    assert answers[0] == answers[1]
    assert once["drawn_s"] != again["drawn_s"]


def test_latencies_are_log_normal_around_the_median(start):
    provider = start(SEED="1", TTFT_S="0.01", TTFT_SIGMA="0.5", TOKEN_S="0")
    for n in range(300):
        provider.ask("hi", x_request_id=f"n{n}")

    drawn = [call["drawn_s"] for call in provider.ledger()]

    assert statistics.median(drawn) == pytest.approx(0.01, rel=0.12)
    cuts = statistics.quantiles(drawn, n=100)
    assert cuts[83] / cuts[49] == pytest.approx(1.65, rel=0.2)


def test_the_latency_is_really_waited_and_grows_with_the_answer(start):
    provider = start(TTFT_S="0.05", TTFT_SIGMA="0", TOKEN_S="0.01")

    provider.ask("[1] The fee is 5.\n\nWhat is the fee?", "parley-large")
    provider.ask("[1] The fee is 5.\n\nWhat is the fee?", "parley-small")

    large, small = provider.ledger()
    assert large["drawn_s"] == pytest.approx(0.05 + 4 * 0.01)
    assert small["drawn_s"] == pytest.approx(0.4 * large["drawn_s"])
    assert large["seconds"] >= large["drawn_s"] - 0.002


def test_a_stream_takes_as_long_as_a_whole_answer(start):
    provider = start(TTFT_S="0.05", TTFT_SIGMA="0", TOKEN_S="0.01", CHUNK_TOKENS="1")
    client: OpenAI = provider.client()

    list(
        client.chat.completions.create(
            model="parley-large",
            messages=[{"role": "user", "content": "[1] The fee is 5.\n\nWhat is the fee?"}],
            stream=True,
        )
    )

    (call,) = provider.ledger()
    assert call["seconds"] >= call["drawn_s"] - 0.006
