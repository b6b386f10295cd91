"""How alike texts are, by copydetect's winnowing: reads {name: code} as JSON on stdin, writes [share, name, name] on
stdout, a list of those from LEAST up. The Python of the environment `copydetect` runs this file."""

from __future__ import annotations

import io
import itertools
import json
import sys

LEAST = 0.8
NOISE, GUARANTEE = 25, 30
"""Characters, names being one each: shorter matches count for nothing, longer ones are always found (its defaults)."""


def main() -> None:
    """Compare each with each."""
    from copydetect import CodeFingerprint, compare_files

    texts: dict[str, str] = json.load(sys.stdin)
    window = GUARANTEE - NOISE + 1
    prints = {name: CodeFingerprint("code.py", NOISE, window, fp=io.StringIO(text)) for name, text in texts.items()}
    found = []
    for a, b in itertools.combinations(prints, 2):
        share = 1.0 if texts[a] == texts[b] else float(max(compare_files(prints[a], prints[b])[1]))
        if share >= LEAST:
            found.append((min(share, 1.0), a, b))
    json.dump(sorted(found, reverse=True), sys.stdout)


if __name__ == "__main__":
    main()
