"""What is mounted in the pods of a system, as the cluster keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from infra.k8s import bundle
from infra.k8s.pods import mounted, pods
from infra.system import System


@dataclass(frozen=True)
class Content:
    """Attributes:
    files: by pod, every file by its path: the cluster shows them, and the pod starts at once.
    archives: by pod, of all others: an init container unpacks it.
    """

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    archives: dict[str, bytes] = field(default_factory=dict)


def content(system: System, open_root: Path | None) -> Content:
    """Of all pods. A candidate's pod waits for its policies in any case, and its code may change: it has an archive.

    Raises:
        PlatformBroken: as `bundle.pack`.
    """
    found = Content()
    for pod in pods(system):
        sources = list(mounted(system, pod, open_root))
        files = None if pod.open else bundle.plain(sources)
        if files is None:
            found.archives[pod.name] = bundle.pack(sources)
        else:
            found.files[pod.name] = files
    return found
