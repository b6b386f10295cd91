"""What can go wrong below the grader, named by what happened.

    InfraError
    ├── RuntimeUnavailable   the place to run is missing here (Docker absent, not running, too old)
    ├── SystemInvalid        the lab's compose.yaml is wrong, or uses what we do not support
    ├── SystemRefused        the description is fine, but this runtime cannot honour it
    ├── ServiceFailed        a service exited or never became ready: the code in it is to blame
    ├── UnknownService       a service, port or replica that the system does not have
    ├── GivenUp              whoever asked for a deployment called it off
    └── PlatformBroken       the machine is to blame (disk full, daemon gone): proves nothing about the code

`ServiceFailed` and `PlatformBroken` must never be confused: the first can fail a candidate, the second makes a run
invalid. Every message is one sentence that says what, where, and what to do.
"""

from __future__ import annotations


class InfraError(Exception):
    """Base of everything raised by `infra`."""


class RuntimeUnavailable(InfraError):
    """The runtime cannot be used on this machine; the message says why and what to do."""


class SystemInvalid(InfraError):
    """A compose.yaml that is malformed or uses a key outside our subset; the message names file and key."""


class SystemRefused(InfraError):
    """A sound system that this runtime cannot honour; the message gives the reason."""


class UnknownService(InfraError):
    """A service, port or replica that the system does not have."""


class GivenUp(InfraError):
    """A deployment was called off while it was made; nothing of it is left."""


class PlatformBroken(InfraError):
    """The machine or daemon failed, not the code under test."""


class ServiceFailed(InfraError):
    """A service exited, or was not ready in time.

    Attributes:
        service: its name in compose.yaml.
        exit_code: the exit status, negative for a signal; None if it still runs but never became ready.
        log_tail: the last lines that it wrote, at most 4 KiB.
    """

    def __init__(self, service: str, exit_code: int | None, log_tail: str, waited_s: float | None = None) -> None:
        self.service = service
        self.exit_code = exit_code
        self.log_tail = log_tail[-4096:]
        if exit_code is None:
            what = f"was not ready after {waited_s or 0:.0f} s"
        else:
            what = f"exited with code {exit_code} before it was ready"
        super().__init__(f"service {service} {what}")
