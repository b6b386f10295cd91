"""Stands around one model, in a process of its own: reads calls from stdin, a line each, answers on what was stdout."""

import importlib.util
import json
import os
import sys
import time
import tracemalloc
from pathlib import Path


def main(folder, traced):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if traced:
        tracemalloc.start()
    begun = time.monotonic()
    spec = importlib.util.spec_from_file_location("model", Path(folder) / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.load()
    print(json.dumps({"load_s": time.monotonic() - begun}), file=answers, flush=True)
    for line in sys.stdin:
        rows, times = json.loads(line)
        begun = time.monotonic()
        for _ in range(times):
            found = model.predict(rows)
        took = time.monotonic() - begun
        held = tracemalloc.get_traced_memory()[0] / 2**20 if traced else 0.0
        print(json.dumps({"answers": list(found), "seconds": took, "held": held}), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] == ["traced"])
