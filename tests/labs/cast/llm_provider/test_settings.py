"""What the environment must say for the provider to start."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LISTEN", ""),
        ("LISTEN", "8000"),
        ("CONTROL", "127.0.0.1:x"),
        ("CONTROL", "127.0.0.1:1"),
        ("SEED", "1.5"),
        ("TTFT_S", "soon"),
        ("TTFT_S", "nan"),
        ("TOKEN_S", "-1"),
        ("LEDGER_SIZE", "0"),
        ("MAX_CONCURRENT", "many"),
    ],
)
def test_a_bad_variable_is_named_in_one_sentence(fail_to_start, variable, value):
    said = fail_to_start(**{variable: value})

    assert said.startswith(f"llm-provider: {variable} is ")
    assert said.count("\n") == 1
