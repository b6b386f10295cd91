"""Who errs together: the readers that the jury asks, on the labels of the folder `labels`, one above the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from casebook.page import document, heading, picture, table, text_of
from charts import Axis, Chart, Dots, Panel, Tone
from reading import Model

LABELS = Path(__file__).resolve().parents[1] / "labels" / "labels.json"
KINDS = {"clean": "clean labels", "edged": "labels with a dark edge"}
SMUDGED, SMUDGES = "smudged", "smudges, and how many readers see one digit there"
AGAIN_S = 5
Points = list[tuple[int, int]]


class Together:
    """What each reader says of each of the known labels; it is asked once, when somebody first looks."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        self._models = models
        self._truth: dict[str, list[int | None]] = {}
        self._said: dict[str, dict[str, list[int]]] = {}

    def page(self, asked: Sequence[str]) -> str:
        """What people look at; `asked` are the readers that were asked lately."""
        if not asked:
            said = text_of("No reader was asked for a label in the last ten seconds: start the lab, and look again.")
            return document("Who errs together", said, again_s=AGAIN_S)
        self._read()
        head = ["wrong, of 100", *asked, "two or more together"]
        rows = [[KINDS[kind], *(len(self._wrong(name, kind)) for name in asked), len(self._shared(asked, kind))]
                for kind in KINDS]  # fmt: skip
        return document(
            "Who errs together",
            picture(self.chart(asked)),
            heading("On the labels of labels/labels.json"),
            table(head, rows),
            again_s=AGAIN_S,
        )

    def chart(self, asked: Sequence[str]) -> Chart:
        """A row for each reader that is asked, a dot for each mistake."""
        self._read()
        many = len(self._shared(asked, "edged"))
        title = (
            f"On {many} of 100 labels with a dark edge, two or more of the {len(asked)} readers that you ask are wrong"
        )
        panels = [self._mistakes(asked, kind, name) for kind, name in KINDS.items()]
        return Chart("together", title, [*panels, self._agreed(asked)])

    def _read(self) -> None:
        if self._said:
            return
        known = json.loads(LABELS.read_text("utf-8"))
        for kind in (*KINDS, SMUDGED):
            labels = [label for label in known if label["kind"] == kind]
            pixels = [list(bytes.fromhex(label["pixels"])) for label in labels]
            self._truth[kind] = [label["digit"] for label in labels]
            self._said[kind] = {name: model.read(pixels) for name, model in self._models.items()}

    def _wrong(self, reader: str, kind: str) -> list[int]:
        """The numbers of the labels that it reads wrong."""
        pairs = zip(self._said[kind][reader], self._truth[kind], strict=True)
        return [number for number, (said, digit) in enumerate(pairs) if said != digit]

    def _shared(self, asked: Sequence[str], kind: str) -> list[int]:
        """The numbers of the labels that two or more read wrong."""
        many = Counter(number for reader in asked for number in self._wrong(reader, kind))
        return sorted(number for number, times in many.items() if times > 1)

    def _mistakes(self, asked: Sequence[str], kind: str, name: str) -> Panel:
        shared = self._shared(asked, kind)
        wrong: Points = [(number, row) for row, reader in enumerate(asked) for number in self._wrong(reader, kind)]
        layers = [
            _dots("wrong alone", [at for at in wrong if at[0] not in shared], Tone.OTHER),
            _dots("wrong together", [at for at in wrong if at[0] in shared], Tone.BAD),
            _dots("", [(number, len(asked)) for number in shared], Tone.BAD),
        ]
        return Panel(layers, x=Axis("label", low=0, high=100), y=Axis(names=(*asked, "two or more")), name=name)

    def _agreed(self, asked: Sequence[str]) -> Panel:
        """On how many smudges so many readers are of one mind, all above the rest."""
        columns = zip(*(self._said[SMUDGED][reader] for reader in asked), strict=True)
        most = [max(Counter(said).values()) for said in columns]
        names = tuple(f"{many} agree" for many in range(len(asked), 1, -1))
        points: Points = [(number, len(asked) - many) for number, many in enumerate(most) if many > 1]
        layers = [
            _dots("", [at for at in points if at[1] == 0], Tone.BAD),
            _dots("", [at for at in points if at[1]], Tone.OTHER),
        ]
        return Panel(layers, x=Axis("smudge", low=0, high=100), y=Axis(names=names), name=SMUDGES)


def _dots(name: str, at: Points, tone: Tone) -> Dots:
    return Dots(name, [float(x) for x, _ in at], [float(y) for _, y in at], tone)
