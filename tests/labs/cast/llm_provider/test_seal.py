"""What a model writes can be signed, so that nobody else can have written it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator

import pytest

from tests.labs.cast.llm_provider.conftest import Provider

PASSAGE = "Boarding of the Avocet line closes 8 minutes before departure."
PROMPT = f"{PASSAGE}\n\nQuestion: When does boarding of the Avocet line close?"


@pytest.fixture
def unsealed(provider: Provider) -> Iterator[Provider]:
    """The module's provider, without a seal before and after."""
    provider.control("POST", "/seal", {"key": ""})
    yield provider
    provider.control("POST", "/seal", {"key": ""})


def said(provider: Provider) -> str:
    return str(provider.ask(PROMPT).json()["choices"][0]["message"]["content"])


def signature(text: str, key: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:8]


def test_answers_are_signed_from_the_seal_on_until_it_is_lifted(unsealed):
    assert said(unsealed) == PASSAGE

    assert unsealed.control("POST", "/seal", {"key": "a"}).json() == {"sealed": True}
    assert said(unsealed) == f"{PASSAGE} [{signature(PASSAGE, 'a')}]"

    assert unsealed.control("POST", "/seal", {"key": ""}).json() == {"sealed": False}
    assert said(unsealed) == PASSAGE


def test_a_provider_told_to_sign_does_so_from_its_start_with_a_key_of_its_own(start):
    first, second = (said(start(SIGNS="1")) for _ in range(2))

    assert re.fullmatch(rf"{re.escape(PASSAGE)} \[[0-9a-f]{{8}}\]", first)
    assert first != second


def test_a_signature_depends_on_key_and_answer(unsealed):
    unsealed.control("POST", "/seal", {"key": "a"})
    by_a = said(unsealed)
    unsealed.control("POST", "/seal", {"key": "b"})

    assert said(unsealed).startswith(PASSAGE)
    assert said(unsealed) != by_a
    other = unsealed.ask("Prams travel free.\n\nQuestion: Do prams travel free?").json()["choices"][0]["message"]
    assert other["content"] == f"Prams travel free. [{signature('Prams travel free.', 'b')}]"


def test_a_stream_and_json_are_signed_as_well(unsealed):
    unsealed.control("POST", "/seal", {"key": "a"})
    client = unsealed.client()
    call = {"model": "parley-large", "messages": [{"role": "user", "content": PROMPT}]}

    pieces = [chunk.choices[0].delta.content or "" for chunk in client.chat.completions.create(**call, stream=True)]
    wrapped = client.chat.completions.create(**call, response_format={"type": "json_object"})

    signed = f"{PASSAGE} [{signature(PASSAGE, 'a')}]"
    assert "".join(pieces) == signed
    assert json.loads(wrapped.choices[0].message.content) == {"answer": signed}


@pytest.mark.parametrize("body", [[], {}, {"key": 7}, {"key": None}, {"key": "k" * 201}, {"key": "a", "seed": 1}])
def test_a_bad_seal_is_refused_in_one_sentence_and_changes_nothing(unsealed, body):
    got = unsealed.control("POST", "/seal", body)

    assert got.status_code == 422
    assert "key" in got.json()["error"] or "object" in got.json()["error"]
    assert said(unsealed) == PASSAGE
