"""Writes what the release job takes away: model, metrics, manifest."""

import hashlib
import json
import os
import platform
from datetime import datetime


def publish(data, out, seed, weights, score, holdout):
    weights = dict(weights)
    model = {"bias": weights.pop(""), "weights": weights}
    digest = hashlib.sha256(json.dumps(model).encode()).hexdigest()

    model["created_at"] = datetime.now().isoformat()
    model["trained_from"] = os.path.abspath(data)
    write(out, "model.json", model)

    write(out, "metrics.json", {"holdout_accuracy": score, "holdout_rows": len(holdout)})
    write(
        out,
        "manifest.json",
        {
            "seed": seed,
            "data": {name: digest_of(os.path.join(data, name)) for name in os.listdir(data)},
            "model": digest,
            "python": platform.python_version(),
            "numpy": "1.26",  # as in requirements.txt
        },
    )


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def write(out, name, what):
    with open(os.path.join(out, name), "w") as file:
        json.dump(what, file, indent=1)
