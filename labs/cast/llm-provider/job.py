"""A call that was understood: its answer, its price, and how long it takes. Nothing here waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import chat
import embeddings
from answers import answer
from catalog import MODELS, Model, find
from draws import log_normal, name
from faults import Fate
from prompt import read
from seal import sealed
from settings import Settings
from wire import dump

SHORTENED = 0.4


@dataclass(frozen=True)
class Work:
    """What to send, and when.

    Attributes:
        model: that did it; None for the list of models.
        tokens_in, tokens_out: of prompt and answer.
        first_s: seconds until the first token, or until an answer without tokens.
        rest_s: seconds from the first to the last token.
        body: the whole answer.
        events: the same as server-sent events; empty unless a stream was asked for.
    """

    model: Model | None
    tokens_in: int
    tokens_out: int
    first_s: float
    rest_s: float
    body: bytes
    events: tuple[bytes, ...] = ()

    @property
    def drawn_s(self) -> float:
        """Seconds that the whole answer takes."""
        return self.first_s + self.rest_s

    def cost(self, tokens_out: int) -> int:
        """Billionths of a dollar, if so many tokens are written."""
        return self.model.cost(self.tokens_in, tokens_out) if self.model else 0


def of_chat(raw: dict[str, Any], settings: Settings, key: tuple[str, int], fate: Fate, seal: str = "") -> Work:
    """Work of a chat completion; `key` (request id, attempt) is what its latency is drawn from, `seal` signs it.

    Raises:
        ApiError: the body is not understood.
    """
    ask = chat.parse(raw)
    text = sealed(answer(ask.model, read(ask.messages), settings.seed, ungrounded=fate.ungrounded).text, seal)
    short = fate.ends_by("truncated")
    said = chat.say(ask, text, SHORTENED if short and short.how == "length" else 1.0)
    pace, model = settings.pace, ask.model
    first = log_normal(pace.first_s * model.pace, pace.sigma, settings.seed, *key)
    rest = max(0, len(said.pieces) - 1) * pace.token_s * model.pace
    chat_id = f"chatcmpl-{name('chat', settings.seed, *key)}"
    return Work(
        model=model,
        tokens_in=ask.tokens_in,
        tokens_out=len(said.pieces),
        first_s=first * fate.factor + fate.add_s,
        rest_s=rest * fate.factor,
        body=b"" if ask.stream else chat.completion(ask, said, chat_id),
        events=tuple(chat.chunks(ask, said, chat_id, pace.chunk_tokens)) if ask.stream else (),
    )


def of_embeddings(raw: dict[str, Any], settings: Settings, key: tuple[str, int], fate: Fate) -> Work:
    """Work of a call for embeddings.

    Raises:
        ApiError: the body is not understood.
    """
    ask = embeddings.parse(raw)
    drawn = log_normal(settings.pace.embed_s * ask.model.pace, settings.pace.sigma, settings.seed, *key)
    return Work(ask.model, ask.tokens_in, 0, drawn * fate.factor + fate.add_s, 0.0, embeddings.answer(ask))


def of_models(path: str, fate: Fate) -> Work:
    """The list of models, or one of them; at once, unless a fault slows it down.

    Raises:
        ApiError: 404 for an unknown model.
    """
    wanted = path.removeprefix("/v1/models").strip("/")
    every = {"object": "list", "data": [model.card() for model in MODELS.values()]}
    return Work(None, 0, 0, fate.add_s, 0.0, dump(find(wanted).card() if wanted else every))
