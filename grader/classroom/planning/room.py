"""Whether a workshop fits into a cluster: pods with what they ask for and what they were measured to use, against nodes
with what is left on them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Pod:
    """What one pod needs: processor in millicores as it asks for, memory in bytes as it asks for or was measured to
    use, whichever is more."""

    name: str
    cpu: int
    memory: int


@dataclass(frozen=True)
class Node:
    """What is left on a node: processor in millicores, memory in bytes, and how many pods it takes."""

    name: str
    cpu: int
    memory: int
    pods: int

    def without(self, pod: Pod) -> Node:
        """The same with this pod on it."""
        return replace(self, cpu=self.cpu - pod.cpu, memory=self.memory - pod.memory, pods=self.pods - 1)

    def lacks(self, pod: Pod) -> tuple[str, ...]:
        """Of what there is too little for this pod: pods, memory, cpu."""
        rest = self.without(pod)
        left = (("pods", rest.pods), ("memory", rest.memory), ("cpu", rest.cpu))
        return tuple(what for what, amount in left if amount < 0)


@dataclass(frozen=True)
class Fit:
    """How many participants fit beside the exams.

    Attributes:
        participants: that fit, no more than are wanted.
        exams: whether all wanted exams fit; without them no participant is counted.
        lack: of what there is too little for the next: pods, memory, cpu; empty when all fit.
        most: how many would fit if there were any number of them.
        bound: of what there is too little for one more than that: pods, memory, cpu; empty where counting ended.
    """

    participants: int
    exams: bool
    lack: str
    most: int
    bound: str = ""


def fit(
    nodes: Sequence[Node], exams: Iterable[Pod], participant: Sequence[Pod], wanted: int, ceiling: int = 1000
) -> Fit:
    """Place the exams, then participants one by one, each pod on the first node that has room.

    Args:
        exams: all pods of all exams at once.
        participant: all pods of one participant.
        ceiling: where counting ends.
    """
    placed, lack = _place(tuple(nodes), exams)
    if placed is None:
        return Fit(0, False, lack, 0)
    most = 0
    while most < ceiling:
        after, lack = _place(placed, participant)
        if after is None:
            break
        placed, most = after, most + 1
    return Fit(min(wanted, most), True, lack if most < wanted else "", most, lack)


def _place(nodes: tuple[Node, ...], pods: Iterable[Pod]) -> tuple[tuple[Node, ...] | None, str]:
    """The nodes with these pods on them, or None and of what there is too little."""
    for pod in pods:
        at = next((number for number, node in enumerate(nodes) if not node.lacks(pod)), None)
        if at is None:
            return None, _scarce(nodes, pod)
        nodes = (*nodes[:at], nodes[at].without(pod), *nodes[at + 1 :])
    return nodes, ""


def _scarce(nodes: tuple[Node, ...], pod: Pod) -> str:
    """What is lacking on most nodes."""
    lacking = [what for node in nodes for what in node.lacks(pod)]
    return max(("pods", "memory", "cpu"), key=lacking.count) if lacking else "nodes"
