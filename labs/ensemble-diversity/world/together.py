"""Who errs together: the readers that the jury asks, on the labels of the folder `labels`, drawn one above the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casebook.page import document, heading, picture, table, text_of
from charts import Axis, Chart, Dots, Panel, Tone
from reading import Model

LABELS = Path(__file__).resolve().parents[1] / "labels" / "labels.json"
KINDS = {"clean": "clean labels", "framed": "labels with a dark frame"}
AGAIN_S = 5


class Together:
    """What each reader says of each of the known labels."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        self._models = models
        self._known: list[dict[str, Any]] = json.loads(LABELS.read_text("utf-8"))
        self._said: dict[str, list[int]] = {}

    def page(self, asked: Sequence[str]) -> str:
        """What people look at; `asked` are the readers that were asked lately."""
        if not asked:
            said = text_of("No reader has answered in the last ten seconds: start the lab, and look again.")
            return document("Who errs together", said, again_s=AGAIN_S)
        if not self._said:
            pixels = [list(bytes.fromhex(label["pixels"])) for label in self._known]
            self._said = {name: model.read(pixels) for name, model in self._models.items()}
        rows = [[kind, *(self._right(name, kind) for name in asked), self._together(asked, kind)] for kind in KINDS]
        head = ["right, of 100", *asked, "two or more are wrong"]
        return document(
            "Who errs together",
            picture(self._chart(asked)),
            heading("On the labels of the folder labels"),
            table(head, rows),
            again_s=AGAIN_S,
        )

    def _chart(self, asked: Sequence[str]) -> Chart:
        worst = self._together(asked, "framed")
        who = "the reader that you ask errs" if len(asked) == 1 else f"two or more of the {len(asked)} readers that you ask err together"
        if len(asked) == 1:
            worst = 100 - self._right(asked[0], "framed")
        return Chart(
            "together",
            f"On {worst} of 100 framed labels {who}",
            [self._panel(asked, kind, name) for kind, name in KINDS.items()],
        )

    def _panel(self, asked: Sequence[str], kind: str, name: str) -> Panel:
        least = min(2, len(asked))
        wrong = [self._wrong(reader, kind) for reader in asked]
        many = Counter(number for each in wrong for number in each)
        alone = [(number, row) for row, each in enumerate(wrong) for number in each if many[number] < least]
        shared = [(number, row) for row, each in enumerate(wrong) for number in each if many[number] >= least]
        lost = [(number, len(asked)) for number, times in sorted(many.items()) if times >= least]
        layers = [
            Dots("wrong alone", [float(x) for x, _ in alone], [float(y) for _, y in alone], Tone.OTHER),
            Dots("wrong together", [float(x) for x, _ in shared], [float(y) for _, y in shared], Tone.BAD),
            Dots("", [float(x) for x, _ in lost], [float(y) for _, y in lost], Tone.BAD),
        ]
        return Panel(layers, x=Axis("label", low=0, high=100), y=Axis(names=(*asked, "two or more")), name=name)

    def _wrong(self, reader: str, kind: str) -> list[int]:
        of_kind = [n for n, label in enumerate(self._known) if label["kind"] == kind]
        return [at for at, n in enumerate(of_kind) if self._said[reader][n] != self._known[n]["digit"]]

    def _right(self, reader: str, kind: str) -> int:
        return 100 - len(self._wrong(reader, kind))

    def _together(self, asked: Sequence[str], kind: str) -> int:
        many = Counter(number for reader in asked for number in self._wrong(reader, kind))
        return sum(times >= 2 for times in many.values())
