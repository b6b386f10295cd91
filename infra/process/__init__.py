"""The runtime `process`: a system's services as local processes, with private ports and scratch folders.

For practice and for fast tests, **never for judging a stranger's code**: services run as you, see your files and each
other's environment, mounts are not read-only, `mem_limit` and `cpus` are not enforced, networks are not separated, and
the deployment's name shows in the scratch paths.

One supervisor process a deployment (`infra.process.supervisor`) owns the services and dies with the deployment's owner.
What stands in for container addresses and paths is in `infra.process.rewrite`.

`RUNTIME` is made on first use, so that the supervisor, also in this package, starts without the engine's imports.
"""

from __future__ import annotations


def __getattr__(name: str) -> object:
    if name == "RUNTIME":
        from infra.process.runtime import ProcessRuntime

        return ProcessRuntime()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
