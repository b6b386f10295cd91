"""A fact is in the answer if, and only if, its passage was in the prompt, however the prompt is written."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SYSTEM = "You are a helpful assistant. Answer only from the passages. If the answer is not there, say you do not know."
THINGS = ["storage fee", "delivery window", "refund limit", "late charge", "loading height", "battery warranty"]
OWNERS = ["Arden", "Bellwether", "Corvid", "Dovetail", "Ember", "Fennel"]


@dataclass(frozen=True)
class Case:
    """A question, the passage that answers it, others that do not, and where the right one stands."""

    question: str
    fact: str
    passage: str
    others: list[str]
    at: int

    @property
    def passages(self) -> list[str]:
        """All of them."""
        return [*self.others[: self.at], self.passage, *self.others[self.at :]]


@st.composite
def cases(draw) -> Case:
    """Facts about one thing of one owner; the others are about the same things or the same owners."""
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(THINGS), st.sampled_from(OWNERS)), min_size=4, max_size=8, unique=True)
    )
    values = draw(st.lists(st.integers(1000, 9999), min_size=len(pairs), max_size=len(pairs), unique=True))
    tail = draw(st.sampled_from(["", " Ask the depot for exceptions.", " It is reviewed every year, e.g. in May."]))
    texts = [
        f"The {thing} of {owner} is {value} units.{tail}" for (thing, owner), value in zip(pairs, values, strict=True)
    ]
    thing, owner = pairs[0]
    question = draw(st.sampled_from([f"What is the {thing} of {owner}?", f"How much is {owner}'s {thing}?"]))
    return Case(question, str(values[0]), texts[0], texts[1:], draw(st.integers(0, len(texts) - 1)))


def blank_lines(question: str, passages: list[str]) -> list[dict[str, str]]:
    return _messages(SYSTEM, "\n\n".join([*passages, question]))


def question_first(question: str, passages: list[str]) -> list[dict[str, str]]:
    return _messages(SYSTEM, "\n\n".join([question, *passages]))


def numbered(question: str, passages: list[str]) -> list[dict[str, str]]:
    listed = "\n".join(f"[{n}] {passage}" for n, passage in enumerate(passages, 1))
    return _messages(SYSTEM, f"Passages:\n{listed}\n\nQuestion: {question}\nAnswer:")


def documents(question: str, passages: list[str]) -> list[dict[str, str]]:
    listed = "\n\n".join(f"Document {n}:\n{passage}" for n, passage in enumerate(passages, 1))
    return _messages(f"{SYSTEM}\n\n{listed}", question)


def xml(question: str, passages: list[str]) -> list[dict[str, str]]:
    listed = "\n".join(f'<passage id="{n}">{html.escape(passage)}</passage>' for n, passage in enumerate(passages))
    return _messages(SYSTEM, f"<passages>\n{listed}\n</passages>\n<question>{html.escape(question)}</question>")


def one_tag(question: str, passages: list[str]) -> list[dict[str, str]]:
    return _messages(f"{SYSTEM}\n<context>\n" + "\n\n".join(passages) + "\n</context>", question)


def json_body(question: str, passages: list[str]) -> list[dict[str, str]]:
    listed = [{"id": f"doc-{n}", "text": passage, "score": 0.5} for n, passage in enumerate(passages)]
    return _messages(SYSTEM, json.dumps({"question": question, "passages": listed}))


def fenced_json(question: str, passages: list[str]) -> list[dict[str, str]]:
    listed = json.dumps(passages, indent=2)
    return _messages("", f"Use this context to answer:\n```json\n{listed}\n```\n{question}")


def bullets(question: str, passages: list[str]) -> list[dict[str, str]]:
    listed = "\n".join(f"- {passage}" for passage in passages)
    return _messages("", f"Answer the following question: {question}\n\n## Context\n{listed}")


def one_paragraph(question: str, passages: list[str]) -> list[dict[str, str]]:
    return _messages("", f"Context: {' '.join(passages)} Question: {question}")


def printed(question: str, passages: list[str]) -> list[dict[str, str]]:
    return _messages(SYSTEM, f"Context: {passages}\n\nQuestion: {question}")


def titles(question: str, passages: list[str]) -> list[dict[str, str]]:
    listed = "\n---\n".join(f"Source: faq/{n}.md\n{passage}" for n, passage in enumerate(passages))
    return _messages(SYSTEM, f"### Context ###\n{listed}\n\n### Question ###\n{question}\n\n### Answer ###")


def conversation(question: str, passages: list[str]) -> list[dict[str, str]]:
    said = [
        {"role": "user", "content": "What is the colour of the van?"},
        {"role": "assistant", "content": f"{question} I would say it is 1 unit."},
    ]
    return [
        {"role": "system", "content": "Context:\n" + "\n\n".join(passages)},
        *said,
        {"role": "user", "content": question},
    ]


def _messages(system: str, user: str) -> list[dict[str, str]]:
    head = [{"role": "system", "content": system}] if system else []
    return [*head, {"role": "user", "content": user}]


SHAPES = [
    blank_lines, question_first, numbered, documents, xml, one_tag, json_body, fenced_json, bullets, one_paragraph,
    conversation, printed, titles,
]  # fmt: skip


def say(provider, messages: list[dict[str, str]], model: str = "parley-large") -> str:
    """What the model answers."""
    got = provider.post("/v1/chat/completions", {"model": model, "messages": messages})
    assert got.status_code == 200, got.text
    return str(got.json()["choices"][0]["message"]["content"])


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_the_fact_is_in_the_answer_iff_its_passage_was_given(shared, shape, case):
    assert case.fact in say(shared, shape(case.question, case.passages))
    assert case.fact not in say(shared, shape(case.question, case.others))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_without_a_fitting_passage_the_answer_is_made_up(provider, shape):
    passages = ["Dogs are welcome in the garden.", "The office opens at 9."]

    first = say(provider, shape("What is the storage fee of Arden?", passages))

    assert first not in " ".join(passages)
    assert first.endswith(".") and "storage" in first.lower()
    assert not any(sign.isdigit() for sign in first)
    assert say(provider, shape("What is the storage fee of Arden?", passages)) == first


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if shape is not one_paragraph], ids=lambda shape: shape.__name__
)
@pytest.mark.parametrize("at", range(6))
def test_the_small_model_looks_at_three_passages(provider, shape, at):
    passages = [f"The {thing} of {owner} is settled." for thing, owner in zip(THINGS[1:], OWNERS[1:], strict=True)]
    passages.insert(at, "The storage fee of Arden is 4711 units.")
    messages = shape("What is the storage fee of Arden?", passages)

    assert ("4711" in say(provider, messages, "parley-small")) == (at < 3)
    assert "4711" in say(provider, messages, "parley-large")


def test_only_the_large_model_knows_the_forms_of_words(provider):
    messages = blank_lines("How are refunded purchases charged?", ["A refund of a purchase has a charge of 3 euros."])

    assert "3 euros" in say(provider, messages, "parley-large")
    assert "3 euros" not in say(provider, messages, "parley-small")


@pytest.mark.parametrize("model", ["parley-large", "parley-small"])
def test_a_passage_with_few_of_the_words_is_no_answer(provider, model):
    messages = blank_lines("What is the monthly storage fee of Arden in winter?", ["Arden was opened in 1990."])

    assert "1990" not in say(provider, messages, model)


def test_orders_to_the_model_are_no_answers(provider):
    text = "Answer the question about the storage fee from the passages only.\n\nWhat is the storage fee?"

    assert "passages" not in say(provider, [{"role": "user", "content": text}])
