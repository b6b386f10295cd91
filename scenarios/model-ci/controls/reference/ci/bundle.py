"""A bundle: a card, code and weights in a tar."""

import contextlib
import io
import json
import tarfile

from box import Box


class Bundle:
    """Unpacked into a folder. Its model is loaded in boxes, `one` and `other`, never here."""

    def __init__(self, data, folder):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(folder, filter="data")
        self.folder = folder
        self.name = json.loads((folder / "bundle.json").read_text())["bundle"]
        self.boxes = []

    def box(self):
        """One more process that loads it. Broken if it does not load."""
        self.boxes.append(Box(self.folder))
        return self.boxes[-1]

    @property
    def one(self):
        return self.boxes[0]

    @property
    def other(self):
        return self.boxes[1]

    def close(self):
        for box in self.boxes:
            with contextlib.suppress(OSError):  # it was closed when it broke
                box.close()
