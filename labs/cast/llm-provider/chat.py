"""`/v1/chat/completions`: what may be asked, and how answers and their chunks are written."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import catalog
import tokens
from apierror import ApiError, bad
from catalog import Model
from prompt import Message
from wire import dump

ROLES = ("system", "developer", "user", "assistant", "tool")
IGNORED = frozenset((
    "temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "user", "metadata", "store",
    "service_tier", "logit_bias", "safety_identifier", "prompt_cache_key", "reasoning_effort", "verbosity",
    "parallel_tool_calls", "top_logprobs", "modalities",
))  # fmt: skip
READ = frozenset((
    "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "stop", "n",
    "response_format", "logprobs",
))  # fmt: skip
DONE = b"data: [DONE]\n\n"
MOST_MESSAGES = 500


@dataclass(frozen=True)
class Ask:
    """A call for a chat completion.

    Attributes:
        most_tokens: of the answer; None for as many as fit.
        stop: texts before which the answer ends.
        as_json: whether the answer is wrapped in `{"answer": ...}`.
        with_usage: whether a stream ends with a chunk of usage.
    """

    model: Model
    messages: tuple[Message, ...]
    tokens_in: int
    stream: bool = False
    with_usage: bool = False
    most_tokens: int | None = None
    stop: tuple[str, ...] = ()
    as_json: bool = False


@dataclass(frozen=True)
class Said:
    """An answer's tokens, and why it ended: `stop` or `length`."""

    pieces: tuple[str, ...]
    finish: str

    @property
    def text(self) -> str:
        """The whole answer."""
        return "".join(self.pieces)


def parse(raw: dict[str, Any]) -> Ask:
    """A request's body, checked.

    Raises:
        ApiError: 400 or 404, naming the parameter.
    """
    model = catalog.find(raw.get("model"), "chat")
    for key in raw:
        if key not in READ and key not in IGNORED:
            raise bad(str(key)[:80], f"Unrecognized request argument supplied: {str(key)[:80]}", "unknown_parameter")
    messages = _messages(raw.get("messages"))
    most = _most_tokens(raw)
    tokens_in = tokens.count_messages([message.text for message in messages])
    if tokens_in + (most or 1) > model.window:
        raise ApiError(
            400,
            f"This model's maximum context length is {model.window} tokens. However, you requested "
            f"{tokens_in + (most or 1)} tokens ({tokens_in} in the messages, {most or 1} in the completion). "
            "Please reduce the length of the messages or completion.",
            code="context_length_exceeded",
            param="messages",
        )
    _refuse_unsupported(raw)
    stream = _flag(raw, "stream")
    return Ask(
        model, messages, tokens_in, stream, _with_usage(raw, stream), most, _stop(raw.get("stop")), _as_json(raw)
    )  # fmt: skip


def say(ask: Ask, text: str, share: float = 1.0) -> Said:
    """The answer's tokens, ended by the request's limits; below a `share` of 1 only that part, as if out of tokens."""
    if ask.as_json:
        text = dump({"answer": text}).decode()
    ends = [at for at in (text.find(stop) for stop in ask.stop) if at >= 0]
    pieces = tokens.split(text[: min(ends)] if ends else text)
    most = min(ask.most_tokens or ask.model.window, ask.model.window - ask.tokens_in)
    if share < 1:
        most = min(most, max(1, int(len(pieces) * share)))
    return Said(tuple(pieces[:most]), "length" if len(pieces) > most or share < 1 else "stop")


def usage(ask: Ask, tokens_out: int) -> dict[str, int]:
    """The `usage` of an answer."""
    return {
        "prompt_tokens": ask.tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": ask.tokens_in + tokens_out,
    }


def completion(ask: Ask, said: Said, chat_id: str) -> bytes:
    """The body of an answer that is not streamed."""
    message = {"role": "assistant", "content": said.text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": said.finish}
    return dump({**_head(ask, chat_id, "chat.completion"), "choices": [choice], "usage": usage(ask, len(said.pieces))})


def chunks(ask: Ask, said: Said, chat_id: str, size: int) -> list[bytes]:
    """The server-sent events of a stream: role, tokens `size` at a time, end, usage if asked for, [DONE]."""
    head = _head(ask, chat_id, "chat.completion.chunk")
    if ask.with_usage:
        head["usage"] = None
    events = [_event(head, {"role": "assistant", "content": ""}, None)]
    for at in range(0, len(said.pieces), size):
        events.append(_event(head, {"content": "".join(said.pieces[at : at + size])}, None))
    events.append(_event(head, {}, said.finish))
    if ask.with_usage:
        events.append(_data({**head, "choices": [], "usage": usage(ask, len(said.pieces))}))
    return [*events, DONE]


def _event(head: dict[str, Any], delta: dict[str, str], finish: str | None) -> bytes:
    return _data({**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]})


def _data(value: Any) -> bytes:
    return b"data: " + dump(value) + b"\n\n"


def _head(ask: Ask, chat_id: str, what: str) -> dict[str, Any]:
    return {
        "id": chat_id,
        "object": what,
        "created": int(time.time()),
        "model": ask.model.name,
        "system_fingerprint": "fp_parley",
    }


def _messages(raw: Any) -> tuple[Message, ...]:
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_MESSAGES:
        raise bad("messages", f"'messages' must be a list of 1 to {MOST_MESSAGES} messages.", "invalid_type")
    return tuple(_message(each, f"messages[{n}]") for n, each in enumerate(raw))


def _message(raw: Any, where: str) -> Message:
    if not isinstance(raw, dict) or raw.get("role") not in ROLES:
        raise bad(where, f"'{where}' must be an object whose role is one of {', '.join(ROLES)}.")
    content = raw.get("content")
    if content is None and raw["role"] == "assistant":
        return Message("assistant", "")
    if isinstance(content, str):
        return Message(raw["role"], content)
    if not isinstance(content, list) or not all(_is_text(part) for part in content):
        raise bad(f"{where}.content", f"'{where}.content' must be a string or a list of text parts.", "invalid_type")
    return Message(raw["role"], "\n".join(part["text"] for part in content))


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)


def _most_tokens(raw: dict[str, Any]) -> int | None:
    for key in ("max_completion_tokens", "max_tokens"):
        value = raw.get(key)
        if value is not None:
            if type(value) is not int or value < 1:
                raise bad(key, f"'{key}' must be a whole number, 1 or more.", "integer_below_min_value")
            return value
    return None


def _refuse_unsupported(raw: dict[str, Any]) -> None:
    if raw.get("n") not in (None, 1):
        raise bad("n", "'n' must be 1: this provider gives one choice.", "unsupported_value")
    if raw.get("logprobs"):
        raise bad("logprobs", "'logprobs' is not supported by this provider.", "unsupported_parameter")


def _flag(raw: dict[str, Any], key: str) -> bool:
    value = raw.get(key)
    if value is not None and not isinstance(value, bool):
        raise bad(key, f"'{key}' must be true or false.", "invalid_type")
    return bool(value)


def _with_usage(raw: dict[str, Any], stream: bool) -> bool:
    options = raw.get("stream_options")
    if options is None:
        return False
    if not stream:
        raise bad("stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled.")
    if not isinstance(options, dict):
        raise bad("stream_options", "'stream_options' must be an object.", "invalid_type")
    return _flag(options, "include_usage")


def _stop(raw: Any) -> tuple[str, ...]:
    stops = [raw] if isinstance(raw, str) else [] if raw is None else raw
    if not isinstance(stops, list) or len(stops) > 4 or not all(isinstance(each, str) and each for each in stops):
        raise bad("stop", "'stop' must be a string, or a list of up to 4 strings, none of them empty.", "invalid_type")
    return tuple(stops)


def _as_json(raw: dict[str, Any]) -> bool:
    wanted = raw.get("response_format")
    kind = wanted.get("type") if isinstance(wanted, dict) else wanted
    if kind not in (None, "text", "json_object"):
        raise bad("response_format", "'response_format' must be of type text or json_object.", "unsupported_value")
    return kind == "json_object"
