"""What a pool may be told of its models."""

from __future__ import annotations

from typing import Any

import pytest
from model_pool.settings import changed, models

ONE = {"name": "a", "listen": "0.0.0.0:8001"}


def test_a_model_has_what_is_said_of_it() -> None:
    [model] = models([{**ONE, "slots": 4, "over": "refuse", "price": 2.5}])

    assert (model.slots, model.over, model.price, model.batch_s, model.replicas) == (4, "refuse", 2.5, 0.0, None)
    assert changed([model], {"a": {"slots": 2}})[0].slots == 2 and changed([model], {})[0] is model


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ([], "at least one"), ({}, "at least one"), ([7], "must be an object"), ([{"name": "a"}], "needs listen"),
        ([{**ONE, "slot": 1}], "has no key 'slot'"), ([{**ONE, "name": "A b"}], "name must be"),
        ([{**ONE, "seconds": float("nan")}], "seconds must be"), ([{**ONE, "slots": True}], "slots must be"),
        ([{**ONE, "over": "drop"}], "over must be one of"), ([{**ONE, "version": "1.2"}], "version must be"),
        ([{**ONE, "slots": 1, "replicas": 1}], "not both"), ([{**ONE, "replicas": 11}], "are the most"),
        ([ONE, ONE], "two models have one name"), ([ONE, {**ONE, "name": "b"}], "two models have one listen"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(raw: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        models(raw)
