"""`/v1/embeddings`: texts to unit vectors, so that texts with the same words and word parts are near each other.

A text's vector is the sum of its features' vectors: stemmed words (stop words left out) and the letter triples of those
words. A word's vector has +1 or -1 at 16 places that a hash of model and word picks (a sparse random projection:
Achlioptas 2003), a triple's has +0.5 or -0.5 at 4. Fewer dimensions are the first ones, made unit again, as the real
API does.
"""

from __future__ import annotations

import base64
import hashlib
import math
import struct
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import catalog
import tokens
from apierror import ApiError, bad
from catalog import Model
from wire import dump
from words import stem, words

READ = frozenset(("model", "input", "encoding_format", "dimensions", "user"))
MOST_INPUTS, FEWEST_DIMENSIONS = 2048, 64
MOST_TOKENS = 16_384
WORD, PART = (16, 1.0), (4, 0.5)


@dataclass(frozen=True)
class Ask:
    """A call for embeddings."""

    model: Model
    inputs: tuple[str, ...]
    tokens_in: int
    dimensions: int
    as_base64: bool


def parse(raw: dict[str, Any]) -> Ask:
    """A request's body, checked.

    Raises:
        ApiError: 400 or 404, naming the parameter.
    """
    model = catalog.find(raw.get("model"), "embeddings")
    for key in raw:
        if key not in READ:
            raise bad(str(key)[:80], f"Unrecognized request argument supplied: {str(key)[:80]}", "unknown_parameter")
    inputs = _inputs(raw.get("input"))
    tokens_in = _count(inputs, model)
    form = raw.get("encoding_format")
    if form not in (None, "float", "base64"):
        raise bad("encoding_format", "'encoding_format' must be float or base64.")
    return Ask(model, inputs, tokens_in, _dimensions(raw.get("dimensions"), model), form == "base64")


def answer(ask: Ask) -> bytes:
    """The body of the answer."""
    data = []
    for n, text in enumerate(ask.inputs):
        vector = embed(ask.model, text, ask.dimensions)
        value: Any = vector
        if ask.as_base64:
            value = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        data.append({"object": "embedding", "index": n, "embedding": value})
    counts = {"prompt_tokens": ask.tokens_in, "total_tokens": ask.tokens_in}
    return dump({"object": "list", "data": data, "model": ask.model.name, "usage": counts})


def embed(model: Model, text: str, dimensions: int) -> list[float]:
    """A vector of length 1; of a text without words, always the same one."""
    vector = [0.0] * model.dimensions
    for word, times in Counter(map(stem, words(text))).items():
        weight = math.sqrt(times)
        for place, value in _word(model.name, model.dimensions, word):
            vector[place] += weight * value
    vector = vector[:dimensions]
    if not any(vector):
        vector[0] = 1.0
    length = math.sqrt(sum(value * value for value in vector))
    return [round(value / length, 7) for value in vector]


@lru_cache(maxsize=2048)
def _word(model: str, size: int, word: str) -> tuple[tuple[int, float], ...]:
    """The places and values that a word and its letter triples add. Of long words the first 40 letters count."""
    edged = f"^{word[:40]}$"
    parts = [(edged, *WORD)] + [(edged[at : at + 3], *PART) for at in range(len(edged) - 2)]
    values: dict[int, float] = {}
    for part, places, weight in parts:
        digest = hashlib.blake2b(f"{model}:{part}".encode(), digest_size=4 * places).digest()
        for number in struct.unpack(f"<{places}I", digest):
            place, sign = (number >> 1) % size, 1 if number & 1 else -1
            values[place] = values.get(place, 0.0) + sign * weight
    return tuple(values.items())


def _inputs(raw: Any) -> tuple[str, ...]:
    inputs = [raw] if isinstance(raw, str) else raw
    if not isinstance(inputs, list) or not 0 < len(inputs) <= MOST_INPUTS:
        raise bad("input", f"'input' must be a string or a list of 1 to {MOST_INPUTS} strings.", "invalid_type")
    if not all(isinstance(each, str) and each for each in inputs):
        raise bad("input", "'input' must hold texts that are not empty; lists of token numbers are not read here.")
    return tuple(inputs)


def _count(inputs: tuple[str, ...], model: Model) -> int:
    sizes = [tokens.count(each) for each in inputs]
    if max(sizes) > model.window:
        message = (
            f"This model's maximum context length is {model.window} tokens, however you requested "
            f"{max(sizes)} tokens. Please reduce your prompt."
        )
        raise ApiError(400, message, code="context_length_exceeded", param="input")
    if sum(sizes) > MOST_TOKENS:
        raise bad("input", f"All inputs together may have {MOST_TOKENS} tokens, and have {sum(sizes)}.")
    return sum(sizes)


def _dimensions(raw: Any, model: Model) -> int:
    if raw is None:
        return model.dimensions
    if type(raw) is not int or not FEWEST_DIMENSIONS <= raw <= model.dimensions:
        raise bad("dimensions", f"'dimensions' must be a whole number from {FEWEST_DIMENSIONS} to {model.dimensions}.")
    return raw
