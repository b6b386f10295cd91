"""Writes what the release job takes away: model, metrics, manifest. All that they say is of the bytes written."""

import hashlib
import json
import os
import platform
import shutil
import tempfile

import numpy as np
from fit import accuracy


def publish(out, model, seed, files, held_back, holdout):
    """Writes the three files, whatever lay there before; the manifest last. Returns the metrics."""
    content = encoded(model)
    written = json.loads(content)  # what others will load
    metrics = {
        "holdout_accuracy": accuracy(written, holdout),
        "holdout_rows": len(holdout),
        "held_back_accuracy": accuracy(written, held_back),
        "held_back_rows": len(held_back),
    }
    manifest = {
        "seed": seed,
        "data": {name: digest(files[name]) for name in sorted(files)},
        "model": digest(content),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }

    os.umask(0o022)  # readable to the release job, whoever started us; the process is ours alone
    os.makedirs(out, exist_ok=True)
    write(out, "model.json", content)
    write(out, "metrics.json", encoded(metrics))
    write(out, "manifest.json", encoded(manifest))
    return metrics


def encoded(what):
    return (json.dumps(what, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()


def digest(content):
    return hashlib.sha256(content).hexdigest()


def write(out, name, content):
    """A new file in place of what has the name: never through a link, never half written."""
    target = os.path.join(out, name)
    if os.path.isdir(target) and not os.path.islink(target):
        shutil.rmtree(target)
    handle, fresh = tempfile.mkstemp(dir=out)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(fresh, 0o644)
    os.replace(fresh, target)
