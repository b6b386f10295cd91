"""Why a question gets no answer. All of them become a 503."""

from __future__ import annotations


class NoAnswer(Exception):
    """The reason is the message."""


class SearchFailed(NoAnswer):
    pass


class LlmFailed(NoAnswer):
    pass
