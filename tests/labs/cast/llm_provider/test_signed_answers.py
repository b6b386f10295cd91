"""A service sees signatures of one form every day, in the rehearsal and in the exam; loads read them alike."""

from __future__ import annotations

import pytest
from signed_answers import SIGNATURE, by_model, signed, unsigned

from grader.course.spec import Lab, Scenario
from grader.load.traffic import import_file
from infra.system import load_system
from tests.labs.cast.conftest import CAST
from tests.labs.cast.llm_provider.test_seal import PASSAGE, PROMPT

LABS = CAST.parent
EXAMS = LABS.parent / "scenarios"


def test_loads_and_provider_sign_alike(monkeypatch):
    monkeypatch.syspath_prepend(str(CAST / "llm-provider"))
    seal = import_file(CAST / "llm-provider" / "seal.py")

    for text, key in ((PASSAGE, "12"), ("Ü.", "k"), ("", "1"), ("a", "")):
        assert signed(text, key) == seal.sealed(text, key)
        assert unsigned(signed(text, key)) == text


def test_an_answer_is_the_models_if_its_signature_fits_or_is_any_where_no_key_is_known():
    assert by_model(signed(PASSAGE, "a"), PASSAGE, "a")
    assert not by_model(signed(PASSAGE, "b"), PASSAGE, "a")
    assert by_model(signed(PASSAGE, "b"), PASSAGE, "")
    assert not by_model(PASSAGE, PASSAGE, "a") and not by_model(PASSAGE, PASSAGE, "")
    assert not by_model(signed("Prams travel free.", "b"), PASSAGE, "")
    assert not by_model(f"{signed(PASSAGE, 'b')}\n", PASSAGE, "")


@pytest.mark.parametrize("lab", ["rag-chaos", "latency-spike"])
def test_what_a_service_sees_of_the_model_is_the_same_with_a_key_of_the_exams_and_every_day(lab, start):
    services = load_system(LABS / lab / "compose.yaml", Lab(LABS / lab).spec.open).services
    own = ("LISTEN", "CONTROL", "API_KEY", "PYTHONPATH")
    provider = start(**{key: value for key, value in services["llm"].environment.items() if key not in own})
    everyday = provider.ask(PROMPT)
    assert provider.control("POST", "/seal", {"key": "1234567"}).json() == {"sealed": True}
    exam = provider.ask(PROMPT)

    said = [each.json()["choices"][0]["message"]["content"] for each in (everyday, exam)]
    assert [len(SIGNATURE.findall(text)) for text in said] == [1, 1] and said[0] != said[1]
    assert [unsigned(text) for text in said] == [PASSAGE] * 2
    assert list(everyday.headers) == list(exam.headers) and shape(everyday.json()) == shape(exam.json())


@pytest.mark.parametrize("lab", ["rag-chaos", "latency-spike"])
def test_no_day_of_rehearsal_or_exam_lifts_the_seal(lab):
    for scenario in (Scenario(LABS / lab / "rehearsal", Lab(LABS / lab)), Scenario(EXAMS / lab, Lab(LABS / lab))):
        for trial in scenario.spec.trials:
            key = trial.parameters.get("seal")
            assert (key is None) == (trial.drill is not None)
            assert key is None or isinstance(key, str) and key or key.integer[0] > 0


def shape(value):
    """The form of a JSON value: its keys and types, and how long its texts are."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return len(value) if isinstance(value, str) else type(value)
