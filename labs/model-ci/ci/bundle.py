"""A bundle: a card, code and weights in a tar."""

import io
import json
import sys
import tarfile


class Bundle:
    """Unpacked into a folder, its model loaded."""

    def __init__(self, data, folder):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(folder, filter="data")
        self.folder = folder
        self.card = json.loads((folder / "bundle.json").read_text())
        self.model = self.load()

    @property
    def name(self):
        return self.card["bundle"]

    @property
    def size(self):
        return sum(path.stat().st_size for path in self.folder.iterdir())

    def load(self):
        sys.path.insert(0, str(self.folder))
        try:
            import model

            return model.load()
        finally:
            sys.path.remove(str(self.folder))
