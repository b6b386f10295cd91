"""What stands in for a network and a file system of one's own: texts of `environment` and `command`, rewritten.

| written in compose.yaml | becomes |
|---|---|
| `<service>:<port>` | `127.0.0.1:<the free port chosen for it>`, for every published or exposed port |
| `0.0.0.0:<port>` | `127.0.0.1:<the same>`, for the service's own ports |
| `/app/x`, where `/app` is a mount | `<host source>/x`; of an open mount, in the submission if there is one |
| `/data/x`, where `/data` is a volume | `<scratch>/volumes/<name>/x` |
| `/tmp/x` | `<scratch>/tmp/<service>/x` |

Paths are replaced longest first and only on path boundaries: not `/application`, not the path of a URL. `working_dir`
follows the same rules. Nothing else is rewritten: not the files that a service reads, not paths in code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from infra.system import Service, System

ANY_HOST = "0.0.0.0"  # noqa: S104 - the name for it in compose.yaml; nothing binds it
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Names:
    """How one service's texts are rewritten.

    Attributes:
        service: its name.
        ports: port on this machine, by service and port in the system.
        paths: path on this machine, by path in the service.
    """

    service: str
    ports: Mapping[tuple[str, int], int]
    paths: Mapping[str, str]

    def text(self, text: str) -> str:
        """The text with addresses and paths of this machine."""
        return self._paths(self._addresses(text))

    def _addresses(self, text: str) -> str:
        def replace(match: re.Match[str]) -> str:
            host = self.service if match[1] == ANY_HOST else match[1]
            port = self.ports.get((host, int(match[2])))
            return match[0] if port is None else f"{LOOPBACK}:{port}"

        return _address_pattern({name for name, _ in self.ports}).sub(replace, text)

    def _paths(self, text: str) -> str:
        if not self.paths:
            return text
        longest_first = sorted(self.paths, key=len, reverse=True)
        inside = "|".join(re.escape(path) for path in longest_first)
        pattern = rf"(?:(?<![\w./~-])|(?<=//))(?:{inside})(?=[/:,;=\s\"'?&#)\]}}]|$)"
        return re.sub(pattern, lambda match: self.paths[match[0]], text)


def unwritable(system: System) -> str | None:
    """The first address or path in a system that the rules cannot stand in for, as a reason to refuse; else None."""
    declared = {(s.name, port) for s in system.services.values() for port in (*s.published, *s.exposed)}
    pattern = _address_pattern(system.services)
    for service in system.services.values():
        for text in (*service.command, *service.environment.values()):
            if re.search(rf"{re.escape(ANY_HOST)}(?!:\d)", text):
                return f"service {service.name}: local processes need {ANY_HOST}:<port> in one piece, not {text!r}"
            for host, port in pattern.findall(text):
                if (service.name if host == ANY_HOST else host, int(port)) not in declared:
                    return f"service {service.name}: {host}:{port} is neither in `ports` nor in `expose` of its service"
        if (inner := _overlay(service)) is not None:
            return f"service {service.name}: {inner} lies inside another mount, which local processes cannot overlay"
    return None


def _address_pattern(names: Iterable[str]) -> re.Pattern[str]:
    hosts = "|".join(re.escape(name) for name in sorted({ANY_HOST, *names}, key=len, reverse=True))
    return re.compile(rf"(?<![\w.-])({hosts}):(\d+)(?!\d)")


def _overlay(service: Service) -> str | None:
    for outer in service.mounts:
        targets = {mount.target: mount.source for mount in service.mounts}
        targets |= {volume.target: outer.source / volume.name for volume in service.volumes}
        for target, source in targets.items():
            if outer.target in target.parents and source != outer.source / target.relative_to(outer.target):
                return str(target)
    return None
