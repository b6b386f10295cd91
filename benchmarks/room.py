"""How much memory and processor a lab's system takes in a cluster, for `lab workshop size`.

    .venv/bin/python -m benchmarks.room LAB... [--write]

Starts each lab on the runtime k8s in a temporary course, takes what its processes used in practice (gentle traffic,
15 s) and then the most under the exam's highest rate, and prints a table. `--write` keeps the figures in
scenarios/LAB/room.json, and puts the table of these labs into docs/workshop.md.
Needs BROWNOUT_KUBE_CONTEXT.
"""

from __future__ import annotations

import argparse
import time

from benchmarks.machine import ROOT, in_use, made_by, main
from benchmarks.startup import LAB, MB, course, loaded, timed, total
from benchmarks.tables import publish, table
from grader.course import measured
from grader.course.catalog import find_lab, find_scenario, lab_ids
from grader.course.measured import Measured
from grader.errors import BadInput
from grader.practice import rig
from infra.k8s import state
from infra.runtime import Stats

PRACTICE_S = 15.0
PAGE = ROOT / "docs" / "workshop.md"


def room(lab_id: str, made: str) -> Measured:
    """Measure one lab.

    Raises:
        BadInput: it cannot be started.
    """
    with course():
        timed([LAB, "start", lab_id, "--runtime", "k8s"])
        deployment = rig.require(lab_id)
        before, began = deployment.stats(), time.monotonic()
        time.sleep(PRACTICE_S)
        after, seconds = deployment.stats(), time.monotonic() - began
        samples = [after, *loaded(find_scenario(find_lab(lab_id)))]
        pods = most(samples, homes(deployment.name))
    spent = sum(after[name].cpu_seconds - before[name].cpu_seconds for name in after.keys() & before.keys())
    return Measured(pods, round(spent / seconds, 3), made)


def homes(deployment: str) -> dict[str, str]:
    """The pod template of each service."""
    record = state.read(deployment)
    assert record is not None
    return {part.name: part.control.pod.removesuffix("-0") for part in record.parts}


def most(samples: list[dict[str, Stats]], pod_of: dict[str, str]) -> dict[str, int]:
    """Of the sample with the most memory in all, the memory of each pod."""
    top = max(samples, key=total)
    found = dict.fromkeys(sorted(set(pod_of.values())), 0)
    for service, used in top.items():
        found[pod_of[service]] += used.memory_bytes
    return found


def command() -> int:
    """Measure the chosen labs; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.room", description="What a lab's system takes in a cluster.")
    parser.add_argument("labs", nargs="+", metavar="LAB")
    parser.add_argument("--write", action="store_true", help="keep figures and table")
    options = parser.parse_args()
    if unknown := set(options.labs) - set(lab_ids()):
        raise BadInput(f"there is no lab {sorted(unknown)[0]!r}; there are: {', '.join(lab_ids())}")
    rows = []
    for lab_id in options.labs:
        found = room(lab_id, made_by(["room", lab_id], in_use()))
        if options.write:
            measured.write(lab_id, found)
        largest = max(found.pods, key=lambda name: found.pods[name])
        memory = sum(found.pods.values()) / MB
        size = f"{largest} {found.pods[largest] / MB:.0f} MB"
        rows.append([f"`{lab_id}`", str(len(found.pods)), f"{memory:.0f}", size, f"{found.cores:.2f}"])
    head = ["lab", "pods", "most MB under load", "largest pod", "cores in practice"]
    publish("room", f"{made_by(['room', *options.labs], in_use())}\n\n{table(head, rows)}", options.write, PAGE)
    return 0


if __name__ == "__main__":
    main(command)
