"""Embeddings, as OpenAI's client sees them."""

from __future__ import annotations

import math

import openai
import pytest


def embed(provider, *texts: str, model: str = "parley-embed", **options) -> list[list[float]]:
    """Vectors of some texts."""
    got = provider.client().embeddings.create(model=model, input=list(texts), **options)
    return [each.embedding for each in got.data]


def near(one: list[float], other: list[float]) -> float:
    """Cosine of unit vectors."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_vectors_are_unit_and_alike_in_both_encodings(provider):
    (packed,) = embed(provider, "the storage fee")
    (plain,) = embed(provider, "the storage fee", encoding_format="float")

    assert len(plain) == 512
    assert math.hypot(*plain) == pytest.approx(1, abs=1e-5)
    assert packed == pytest.approx(plain, abs=1e-6)


def test_base64_is_what_the_wire_has_when_asked(provider):
    body = {"model": "parley-embed", "input": "x", "encoding_format": "base64"}

    got = provider.post("/v1/embeddings", body).json()["data"][0]["embedding"]

    assert isinstance(got, str)


def test_fewer_dimensions_are_the_first_ones_made_unit(provider):
    (whole,) = embed(provider, "the storage fee of long stays")
    (part,) = embed(provider, "the storage fee of long stays", dimensions=128)

    length = math.hypot(*whole[:128])
    assert len(part) == 128
    assert part == pytest.approx([value / length for value in whole[:128]], abs=1e-5)


def test_texts_that_share_words_are_near(provider):
    query, right, inflected, other = embed(
        provider,
        "How much is the storage fee?",
        "The storage fee is 30 euros a month.",
        "Storage fees are due monthly.",
        "Dogs and cats are welcome in the garden.",
    )

    assert near(query, right) > 0.5
    assert near(query, inflected) > 0.4
    assert abs(near(query, other)) < 0.2


def test_two_models_have_nothing_in_common(provider):
    (one,) = embed(provider, "the storage fee")
    (two,) = embed(provider, "the storage fee", model="parley-embed-2")

    assert abs(near(one, two)) < 0.25


def test_a_batch_keeps_its_order_and_adds_up_its_tokens(provider):
    client = provider.client()
    texts = ["one fee", "two fees here", "?"]
    alone = [client.embeddings.create(model="parley-embed", input=text) for text in texts]

    together = client.embeddings.create(model="parley-embed", input=texts)

    assert [each.index for each in together.data] == [0, 1, 2]
    assert [each.embedding for each in together.data] == [each.data[0].embedding for each in alone]
    assert together.usage.prompt_tokens == sum(each.usage.prompt_tokens for each in alone) == 2 + 3 + 1


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"input": []}, "input"),
        ({"input": ""}, "input"),
        ({"input": [1, 2]}, "input"),
        ({"input": ["x"] * 2049}, "input"),
        ({"input": "word " * 8193}, "input"),
        ({"input": ["word " * 6000] * 3}, "input"),
        ({"dimensions": 4}, "dimensions"),
        ({"dimensions": 513}, "dimensions"),
        ({"dimensions": True}, "dimensions"),
        ({"encoding_format": "hex"}, "encoding_format"),
        ({"model": "parley-large"}, "model"),
        ({"depth": 1}, "depth"),
    ],
)
def test_a_bad_request_names_its_parameter(provider, change, param):
    got = provider.post("/v1/embeddings", {"model": "parley-embed", "input": "x", **change})

    assert (got.status_code, got.json()["error"]["param"]) == (400, param)


def test_an_unknown_model_is_not_found(provider):
    with pytest.raises(openai.NotFoundError):
        embed(provider, "x", model="ada")
