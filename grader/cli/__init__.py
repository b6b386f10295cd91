"""The `lab` command. `main` maps every failure to one sentence and the exit code that docs/cli.md promises."""

from __future__ import annotations

import errno
import os
import signal
import sys
from types import FrameType

from grader.errors import GraderError, Unproven
from infra.errors import InfraError, PlatformBroken, ServiceFailed

_DISK = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT}


def main() -> None:
    """Run `lab` with the process's arguments, and exit."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    code = _run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _hush()
    sys.exit(code)


def _end(number: int, _: FrameType | None) -> None:
    """Let everything that is to be cleaned up be cleaned up."""
    raise SystemExit(128 + number)


def _run() -> int:
    from grader.cli.app import app

    try:
        app(prog_name="lab")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except BrokenPipeError:
        _hush()
    except (GraderError, InfraError) as error:
        return _known(error)
    except OSError as error:
        if error.errno not in _DISK:
            raise
        _complain(f"{error.filename or 'the disk'}: {error.strerror}; free space or choose another folder")
        return 2
    return 0


def _known(error: GraderError | InfraError) -> int:
    """The exit code of an error, after saying it."""
    _complain(str(error))
    if isinstance(error, ServiceFailed):
        from grader.cli.console import plain

        print(plain(error.log_tail).rstrip(), file=sys.stderr)
        return 1
    return 3 if isinstance(error, Unproven | PlatformBroken) else 2


def _complain(message: str) -> None:
    from grader.cli.console import note

    note(f"lab: {message}")


def _hush() -> None:
    """The reader has gone: say nothing more, and nothing at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
