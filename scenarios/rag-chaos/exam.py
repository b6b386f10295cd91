"""The exam does to store, model and passages what the rehearsal does."""

from __future__ import annotations

from pathlib import Path

from grader.load.traffic import import_file

_rehearsal = import_file(Path(__file__).resolve().parents[2] / "labs" / "rag-chaos" / "rehearsal" / "exam.py")
alive, break_store, mend_store, store_is, break_llm, mend_llm, llm_is, sign, publish, search_lags = (
    getattr(_rehearsal, name)
    for name in (
        "alive", "break_store", "mend_store", "store_is", "break_llm", "mend_llm", "llm_is", "sign", "publish",
        "search_lags",
    )
)  # fmt: skip
