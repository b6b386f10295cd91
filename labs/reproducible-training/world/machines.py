"""Where and in what surroundings a release is trained: once as ever, and eight times with one thing different."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from common.names import generator
from wards import Nights, Release

TRAINERS = "trainer-a", "trainer-b", "trainer-c"
SAME = "again", "machine", "order", "clock", "cores"
HOLDOUT, OTHER = "holdout", ("data", "seed")
KINDS = "base", *SAME, HOLDOUT, *OTHER
CORES, OTHER_CORES = 2, (1, 3, 5, 8)
AT_HOME = "UTC0"
ZONES = "<+1245>-12:45", "NST3:30", "<+0545>-05:45", "<+13>-13"
"""Of Chatham, St. John's, Kathmandu, Apia; in a form that needs no files."""
LATER_S = (20, 90)
SEEDS = 1, 1000
"""Another seed is so many times a number away: a seed's last digits are the same half the time."""
FOLDERS = ["data", "export", "nights", "in", "release", "snapshot", "wards", "input"]
RESULTS = ["out", "built", "model", "artefacts", "result", "published"]
LEFT = '{"bias": 0.5, "weights": {}}\n'


class Order(NamedTuple):
    """A run to order. `data` and `out` are folders in its working directory, `folder` is that directory's name."""

    kind: str
    runner: str
    folder: str
    data: str
    out: str
    seed: int
    files: Mapping[str, str]
    surroundings: Mapping[str, Any]

    @property
    def written(self) -> dict[str, str]:
        """All files, by path, in the order in which they are written."""
        return {name if "/" in name else f"{self.data}/{name}": text for name, text in self.files.items()}


def orders(seed: int | str, case: Release, nights: Nights) -> list[Order]:
    """The nine runs of a case, that all others are compared with first."""
    rng = generator(seed, case["id"], "runs")
    files = shuffled(rng, nights.files)
    home, *others = rng.sample(TRAINERS, len(TRAINERS))
    base = Order(
        "base", home, a_folder(rng), rng.choice(FOLDERS), rng.choice(RESULTS), rng.randrange(1, 100_000), files,
        {
            "clock": moment(nights.day + timedelta(minutes=rng.randrange(2 * 1440))), "tz": AT_HOME, "cores": CORES,
            "listing": rng.getrandbits(40), "mtimes": rng.getrandbits(40), "umask": 0o022,
        },
    )  # fmt: skip

    def but(kind: str, **more: Any) -> Order:
        around = dict(base.surroundings) | more.pop("around", {})
        around.setdefault("clock", base.surroundings["clock"])
        if kind != "clock":
            around["clock"] = moment(later(around["clock"], rng.uniform(*LATER_S)))
        return base._replace(kind=kind, runner=rng.choice(others), surroundings=around)._replace(**more)

    far = timedelta(rng.choice((rng.randrange(-700, -60), rng.randrange(60, 900))), rng.randrange(86_400))
    out = rng.choice(RESULTS)
    left = {f"{out}/{name}": LEFT for name in ("model.json", "metrics.json", "manifest.json")}
    return [
        base,
        but("again", runner=home),
        but("machine", folder=a_folder(rng), data=f"{a_folder(rng)}/{rng.choice(FOLDERS)}", out=out,
            files={**files, **left}, around={"umask": rng.choice((0o002, 0o027, 0o077))}),
        but("order", files=shuffled(rng, files),
            around={"listing": rng.getrandbits(40), "mtimes": rng.getrandbits(40)}),
        but("clock", around={"clock": moment(later(base.surroundings["clock"], far.total_seconds())),
                             "tz": rng.choice(ZONES)}),
        but("cores", around={"cores": rng.choice(OTHER_CORES)}),
        but(HOLDOUT, runner=home, files=nights.rechecked()),
        but("data", files=nights.corrected()),
        but("seed", seed=(base.seed + rng.choice(SEEDS) * rng.randrange(1, 100)) % 100_000),
    ]  # fmt: skip


def wrong(order: Order, witness: Mapping[str, Any]) -> str:
    """What a witness saw otherwise than it was ordered; empty if all was as it should be."""
    around = order.surroundings
    off_s = witness["clock"] - datetime.fromisoformat(around["clock"]).timestamp()
    checks = {
        "cores": witness["cores"] == around["cores"],
        "clock": -1 <= off_s < 600,
        "umask": witness["umask"] == around["umask"],
        "listing": sorted(witness["listing"]) == sorted(name for name in order.files if "/" not in name),
    }
    return ", ".join(name for name, fine in checks.items() if not fine)


def shuffled(rng: random.Random, files: Mapping[str, str]) -> dict[str, str]:
    """The same files in another order."""
    return {name: files[name] for name in rng.sample(sorted(files), len(files))}


def a_folder(rng: random.Random) -> str:
    """A name of a folder."""
    return f"{rng.choice(['build', 'job', 'ci', 'run', 'home', 'work', 'srv'])}-{rng.getrandbits(24):06x}"


def moment(when: datetime) -> str:
    """As an order names it, in UTC."""
    return f"{when.isoformat(timespec='milliseconds')}+00:00"


def later(text: str, seconds: float) -> datetime:
    """So long after a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=None) + timedelta(seconds=seconds)
