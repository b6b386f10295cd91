"""Files in the data folder."""

import json
import os
from pathlib import Path

DATA = Path(os.environ["DATA_DIR"])


def write(name, data):
    """Write it whole, then put it in its place, so that nobody reads half a file."""
    path = DATA / name
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(data)
    draft.replace(path)


def read(name):
    return (DATA / name).read_bytes()


def exists(name):
    return (DATA / name).exists()


def write_json(name, value):
    write(name, json.dumps(value).encode())


def read_json(name):
    return json.loads(read(name))
