"""The models on offer, their prices, speeds and abilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apierror import ApiError

CREATED = 1_767_225_600


@dataclass(frozen=True)
class Model:
    """One model.

    Attributes:
        name: as clients ask for it.
        task: the endpoint that runs it: `chat` or `embeddings`.
        nano_in, nano_out: price in billionths of a dollar a token.
        window: tokens that prompt and answer may have together; for embeddings, of one input.
        pace: factor on the latencies of the environment.
        passages: how many of the prompt's passages it looks at, from the first.
        careful: whether it knows the forms of a word, weighs rare words more, and reads a sentence in its passage.
        dimensions: of its embeddings.
    """

    name: str
    task: str
    nano_in: int
    nano_out: int
    window: int
    pace: float = 1.0
    passages: int = 0
    careful: bool = False
    dimensions: int = 0

    def cost(self, tokens_in: int, tokens_out: int) -> int:
        """Billionths of a dollar."""
        return self.nano_in * tokens_in + self.nano_out * tokens_out

    def card(self) -> dict[str, Any]:
        """The model as `/v1/models` shows it."""
        return {"id": self.name, "object": "model", "created": CREATED, "owned_by": "parley"}


MODELS = {
    model.name: model
    for model in (
        Model("parley-large", "chat", 2500, 10_000, 16_384, passages=40, careful=True),
        Model("parley-small", "chat", 150, 600, 8192, pace=0.4, passages=3),
        Model("parley-embed", "embeddings", 20, 0, 8192, dimensions=512),
        Model("parley-embed-2", "embeddings", 20, 0, 8192, dimensions=512),
    )
}


def find(name: object, task: str = "") -> Model:
    """The model of that name, for that endpoint.

    Raises:
        ApiError: 400 without a name, 404 for an unknown one, 400 for one of the other endpoint.
    """
    if not isinstance(name, str) or not name:
        raise ApiError(400, "you must provide a model parameter", param="model")
    model = MODELS.get(name)
    if model is None:
        message = f"The model `{name[:80]}` does not exist or you do not have access to it."
        raise ApiError(404, message, code="model_not_found", param="model")
    if task and model.task != task:
        raise ApiError(400, f"{name} is not a model of this endpoint, but of {model.task}.", param="model")
    return model
