"""Whatever a stranger writes is a list of documents, or one sentence."""

from __future__ import annotations

import pytest
from plainyaml import NotPlain, checked, documents
from pydantic import BaseModel, ConfigDict

BOMB = "a: &a [x, x]\n" + "\n".join(f"{name}: &{name} [*a, *a]" for name in "bcdefgh")


class Target(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    share: list[float]


def test_documents_without_empty_ones() -> None:
    assert documents("a: 1\n---\n---\nb: [2, null]\n") == [{"a": 1}, {"b": [2, None]}]
    assert documents("") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BOMB, "aliases"),
        ("a: [1", "no YAML"),
        ("a: !!python/object/apply:os.system [x]", "no YAML"),
        ("a: 2026-13-45", "no YAML"),
        ("[" * 3000, "no YAML|nested too deep"),
        ("a: 1\x00", "no YAML"),
        ("{[1, 2]: 3}", "no YAML"),
        ("é" * 40_000, "more than 64 KiB"),
    ],
    ids=["bomb", "broken", "a tag", "a date", "deep", "a null byte", "a list for a key", "large"],
)
def test_anything_else_is_one_sentence(text: str, why: str) -> None:
    with pytest.raises(NotPlain, match=why) as refused:
        documents(text)
    assert "\n" not in str(refused.value)


def test_a_document_fits_a_model_or_the_key_is_named() -> None:
    assert checked(Target, {"name": "a", "share": [0.5]}) == Target(name="a", share=[0.5])
    with pytest.raises(NotPlain, match=r"^share\.1: Input should be a valid number$"):
        checked(Target, {"name": "a", "share": [0.5, "x"]})
    with pytest.raises(NotPlain, match=r"^more: Extra inputs"):
        checked(Target, {"name": "a", "share": [], "more": 1})
    with pytest.raises(NotPlain, match=r"^Input should be"):
        checked(Target, 3)
