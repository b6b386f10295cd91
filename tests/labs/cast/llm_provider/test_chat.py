"""Chat completions and models, as OpenAI's client sees them."""

from __future__ import annotations

import json

import openai
import pytest

PROMPT = "[1] The storage fee is 30 euros a month.\n[2] Dogs are welcome.\n\nHow much is the storage fee?"
FACT = "The storage fee is 30 euros a month."
ASKED = [{"role": "user", "content": PROMPT}]


def test_an_answer_comes_with_its_usage(provider):
    got = provider.client().chat.completions.create(model="parley-large", messages=ASKED)

    assert got.choices[0].message.content == FACT
    assert got.choices[0].finish_reason == "stop"
    assert got.model == "parley-large"
    assert got.usage.completion_tokens == len(["The", "storag", "e", "fee", "is", "30", "euros", "a", "month", "."])
    assert got.usage.total_tokens == got.usage.prompt_tokens + got.usage.completion_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("a", 1), ("abcdef", 1), ("abcdefg", 2), ("a b!", 3), ("  a\n", 2), ("", 0), ("\u00fcber caf\u00e9", 2)],
)
def test_tokens_are_pieces_of_six_letters_and_single_signs(provider, text, tokens):
    got = provider.ask(text).json()["usage"]["prompt_tokens"]

    assert got == tokens + 3 + 3


def test_a_stream_says_the_same_in_pieces(provider):
    chunks = list(provider.client().chat.completions.create(model="parley-large", messages=ASKED, stream=True))

    assert chunks[0].choices[0].delta.role == "assistant"
    assert len(chunks) > 3
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == FACT
    assert [chunk.choices[0].finish_reason for chunk in chunks][-2:] == [None, "stop"]
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_ends_with_usage_when_asked(provider):
    client = provider.client()
    whole = client.chat.completions.create(model="parley-large", messages=ASKED)

    chunks = list(
        client.chat.completions.create(
            model="parley-large", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )

    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_a_stream_ends_with_done_on_the_wire(provider):
    body = {"model": "parley-large", "messages": ASKED, "stream": True}

    got = provider.post("/v1/chat/completions", body)

    assert got.headers["content-type"].startswith("text/event-stream")
    assert got.text.endswith("data: [DONE]\n\n")


@pytest.mark.parametrize("key", ["max_tokens", "max_completion_tokens"])
def test_an_answer_ends_at_its_token_limit(provider, key):
    got = provider.client().chat.completions.create(model="parley-large", messages=ASKED, **{key: 4})

    assert (got.choices[0].message.content, got.choices[0].finish_reason) == ("The storage fee", "length")
    assert got.usage.completion_tokens == 4


def test_an_answer_ends_before_a_stop_text(provider):
    got = provider.client().chat.completions.create(model="parley-large", messages=ASKED, stop=["zzz", " is"])

    assert (got.choices[0].message.content, got.choices[0].finish_reason) == ("The storage fee", "stop")


def test_an_answer_can_be_a_json_object(provider):
    got = provider.client().chat.completions.create(
        model="parley-large", messages=ASKED, response_format={"type": "json_object"}
    )

    assert json.loads(got.choices[0].message.content) == {"answer": FACT}


def test_text_parts_are_one_text(provider):
    parts = [{"type": "text", "text": FACT}, {"type": "text", "text": "How much is the storage fee?"}]

    got = provider.client().chat.completions.create(model="parley-large", messages=[{"role": "user", "content": parts}])

    assert got.choices[0].message.content == FACT


def test_models_are_listed_and_shown(provider):
    client = provider.client()

    names = {model.id for model in client.models.list()}

    assert {"parley-large", "parley-small", "parley-embed"} <= names
    assert client.models.retrieve("parley-small").id == "parley-small"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("parley-huge")


@pytest.mark.parametrize("key", ["wrong", "a-key-of-the-tes"])
def test_a_wrong_key_is_refused(provider, key):
    with pytest.raises(openai.AuthenticationError) as caught:
        provider.client(api_key=key).chat.completions.create(model="parley-large", messages=ASKED)

    assert caught.value.code == "invalid_api_key"


@pytest.mark.parametrize("headers", [{}, {"authorization": "Basic abc"}, {"authorization": "Bearer"}])
def test_a_missing_key_is_refused(provider, headers):
    assert provider.http.get(f"{provider.url}/v1/models", headers=headers).status_code == 401


def test_an_unknown_model_is_not_found(provider):
    with pytest.raises(openai.NotFoundError) as caught:
        provider.client().chat.completions.create(model="parley-huge", messages=ASKED)

    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    assert "parley-huge" in caught.value.message


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"model": None}, "model"),
        ({"model": "parley-embed"}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "hi"}, "messages"),
        ({"messages": [{"role": "king", "content": "x"}]}, "messages[0]"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"max_completion_tokens": "9"}, "max_completion_tokens"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": {"include_usage": True}}, "stream_options"),
        ({"stop": [1]}, "stop"),
        ({"n": 2}, "n"),
        ({"logprobs": True}, "logprobs"),
        ({"response_format": {"type": "json_schema"}}, "response_format"),
        ({"tools": []}, "tools"),
        ({"temprature": 1}, "temprature"),
    ],
)
def test_a_bad_request_names_its_parameter(provider, change, param):
    got = provider.post("/v1/chat/completions", {"model": "parley-large", "messages": ASKED, **change})

    error = got.json()["error"]
    assert (got.status_code, error["type"], error["param"]) == (400, "invalid_request_error", param)
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_object_is_refused(provider, body):
    headers = {"authorization": "Bearer a-key-of-the-test"}

    got = provider.http.post(f"{provider.url}/v1/chat/completions", content=body, headers=headers)

    assert got.status_code == 400
    assert "JSON" in got.json()["error"]["message"]


@pytest.mark.parametrize(("words", "most"), [(9000, None), (10, 8190)])
def test_a_prompt_longer_than_the_window_is_refused(provider, words, most):
    asked = [{"role": "user", "content": "word " * words}]

    with pytest.raises(openai.BadRequestError) as caught:
        provider.client().chat.completions.create(model="parley-small", messages=asked, max_tokens=most)

    assert caught.value.code == "context_length_exceeded"
    assert "8192" in caught.value.message


def test_a_body_is_capped(provider):
    assert provider.ask("x" * (1 << 20)).status_code == 413
    assert provider.ask("hello").status_code == 200


def test_other_paths_and_methods_are_refused(provider):
    headers = {"authorization": "Bearer a-key-of-the-test"}

    assert provider.post("/v1/completions", {}).status_code == 404
    got = provider.http.get(f"{provider.url}/v1/chat/completions", headers=headers)
    assert (got.status_code, got.headers["allow"]) == (405, "POST")
