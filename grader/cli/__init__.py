"""The `lab` command. `main` maps every failure to one sentence and the exit code that docs/cli.md promises."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

from grader.cli import signals
from grader.errors import BadInput, GraderError, Unproven
from infra.errors import InfraError, PlatformBroken, ServiceFailed

_DISK = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT}


def main() -> None:
    """Run `lab` with the process's arguments, and exit."""
    signals.heed()
    code = _run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _hush()
    sys.exit(code)


def _run() -> int:
    try:
        _dispatch(sys.argv[1:])
    except SystemExit as end:
        if signals.overdue:
            _complain(f"the exam did not end within {signals.overdue[0]:g} s and was ended; run it again")
            return 3
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return 130
    except RuntimeError as error:  # DuckDB ends its query at a signal, and forgets what the handler raised
        return 128 + signals.told[0] if signals.told else _unexpected(error)
    except BrokenPipeError:
        _hush()
    except (GraderError, InfraError) as error:
        return _known(error)
    except OSError as error:
        if error.errno not in _DISK:
            return _unexpected(error)
        _complain(f"{error.filename or 'the disk'}: {error.strerror}; free space or choose another folder")
        return 2
    except Exception as error:
        return _misused(error) if hasattr(error, "format_message") else _unexpected(error)
    return 0


def _dispatch(arguments: list[str]) -> None:
    """Call the command. `lab list` goes past typer, whose parsing of options imports pydantic and takes 0.2 s."""
    from grader.classroom.desk import joined

    joined.environment()
    if arguments[:1] == ["workshop"] and joined.joined():
        raise BadInput("this checkout is a participant's: use another one for a teacher's commands, or `lab leave`")
    if arguments in (["list"], ["list", "--json"]):
        from grader.cli.listing import list_labs

        list_labs(as_json="--json" in arguments)
        return
    from grader.cli.app import app

    code = app(prog_name="lab", standalone_mode=False)
    if isinstance(code, int) and code:
        sys.exit(code)


def _known(error: GraderError | InfraError) -> int:
    """The exit code of an error, after saying it."""
    _complain(_with_remedy(error))
    if isinstance(error, ServiceFailed):
        from grader.safe import quoted

        print(quoted(error.log_tail, 40).strip(), file=sys.stderr)
        return 1
    return 3 if isinstance(error, Unproven | PlatformBroken) else 2


def _misused(error: Any) -> int:
    """2, after one sentence where typer, whose errors all have `format_message`, has several lines; where a group of
    commands was named alone, after its help."""
    said = error.format_message()
    if said.startswith("Usage:"):
        print(said, file=sys.stderr)
        return 2
    said = " ".join(said.split()).rstrip(".")
    _complain(f"{said[:1].lower()}{said[1:]}; `{_command(error)} --help` says how it is called")
    return 2


def _command(error: Any) -> str:
    """The command that was called amiss, as the user calls it; the program alone where the error does not know."""
    from grader.invocation import COMMANDS, name

    if getattr(error, "ctx", None):
        words = error.ctx.command_path.split()[1:]
    else:
        words = [word for word in sys.argv[1:2] if word in COMMANDS]
    return " ".join([name(), *words])


def _unexpected(error: Exception) -> int:
    """3, as for a broken machine: a fault of ours says nothing about a submission."""
    import traceback

    from grader.safe import quoted

    print(quoted("".join(traceback.format_exception(error)), 40).strip(), file=sys.stderr)
    _complain(f"unexpected: {type(error).__name__}; this is a fault of Brownout's, so please report the lines above")
    return 3


def _with_remedy(error: GraderError | InfraError) -> str:
    """What it says; what a participant does about a cluster that is silent because their kit has ended."""
    from grader.classroom.desk import joined

    if isinstance(error, PlatformBroken) and joined.over():
        return f"{joined.expired()} ({error})"
    return str(error)


def _complain(message: str) -> None:
    """One sentence on stderr: wrapped for people, one line for programs."""
    from grader.cli.console import fill
    from grader.invocation import pasteable

    text = f"lab: {message}"
    print(fill(text) if sys.stderr.isatty() else pasteable(text), file=sys.stderr)


def _hush() -> None:
    """The reader has gone: say nothing more, and nothing at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
