"""A bundle: a card, code and weights in a tar."""

import io
import json
import tarfile


class Bundle:
    """Unpacked into a folder. Nothing of it is run here: see probe.py."""

    def __init__(self, data, folder):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(folder, filter="data")
        self.folder = folder
        self.card = json.loads((folder / "bundle.json").read_text())
        self.name = self.card["bundle"]
