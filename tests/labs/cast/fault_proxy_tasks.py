"""Run by the proxy's own Python: how many tasks are left once every toxic has met connections. Prints a number."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

ROUNDS = 10
ATTRIBUTES: dict[str, dict[str, int]] = {
    "latency": {"latency": 5},
    "timeout": {"timeout": 5},
    "reset_peer": {},
    "bandwidth": {"rate": 500},
    "slow_close": {"delay": 5},
    "slicer": {"average_size": 2},
    "limit_data": {"bytes": 2},
}


async def visit(port: int) -> None:
    """Say something and leave, whatever happens."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello")
        writer.write_eof()
        await reader.read()
        writer.close()
    except OSError:
        return


async def main(folder: str) -> int:
    sys.path.insert(0, folder)
    collection: Any = __import__("collection")
    toxics: Any = __import__("toxics")

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(await reader.read())
            writer.close()
        except OSError:
            return

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxies = collection.Proxies(seed=1)
    upstream = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for kind, attributes in ATTRIBUTES.items():
        for stream in ("upstream", "downstream"):
            proxy = await proxies.create({"name": f"{kind}-{stream}", "upstream": upstream})
            proxy.add(toxics.Toxic.parse({"type": kind, "stream": stream, "attributes": attributes}))
            await asyncio.gather(*(visit(int(proxy.listen.rpartition(":")[2])) for _ in range(ROUNDS)))
    await proxies.stop()
    server.close()
    await asyncio.sleep(0.2)
    return len(asyncio.all_tasks()) - 1


if __name__ == "__main__":
    print(asyncio.run(main(sys.argv[1])))
