"""Documents that a sealed service has when a trial ends, kept in the run folder for a person to read.

None of it counts: whatever happens here, the verdict is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from grader.addresses import locate
from grader.course.observers import ExhibitSpec
from grader.errors import BadInput
from grader.exchange import exchange
from grader.report.exhibits import FOLDER, Kept

TIMEOUT_S = 2.0


def keep_exhibits(
    out: Path, trial: str, exhibits: Sequence[ExhibitSpec], addresses: Mapping[str, str], token: str
) -> None:
    """Read each, and write it as `exhibits/<SHA-256>`, with `exhibits/<trial>.json` that says which are of this trial.
    After one that is not answered in time no further one is asked for. Raises nothing.

    Args:
        out: the run folder.
        trial: the trial's id.
        exhibits: in their order.
        addresses: `service:port` to `host:port`.
        token: the deployment's.
    """
    try:
        folder = out / FOLDER
        folder.mkdir(exist_ok=True)
        kept: list[Kept] = []
        late = False
        for exhibit in exhibits:
            try:
                if late:
                    raise TimeoutError("an earlier one was not answered in time")
                kept.append(_kept(folder, exhibit, addresses, token))
            except (OSError, ValueError, BadInput) as error:
                late = late or isinstance(error, TimeoutError)
                kept.append(Kept(exhibit.name, exhibit.media, error=f"{type(error).__name__}: {error}"[:200]))
        (folder / f"{trial}.json").write_text(json.dumps([asdict(each) for each in kept]), "utf-8")
    except OSError:
        pass  # the disk is full: what counts says so


def _kept(folder: Path, exhibit: ExhibitSpec, addresses: Mapping[str, str], token: str) -> Kept:
    url = locate(exhibit.url, addresses)
    status, body = exchange("GET", url, None, {"authorization": f"Bearer {token}"}, TIMEOUT_S)
    if status != 200:
        raise ValueError(f"status {status}")
    data = body[: exhibit.max_bytes]
    digest = hashlib.sha256(data).hexdigest()
    (folder / digest).write_bytes(data)
    return Kept(exhibit.name, exhibit.media, digest=digest, cut=len(body) > len(data))
