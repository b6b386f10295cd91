"""The reference's SQL over a whole season in a real postgres, in a process with the image's packages.

Reads a JSON object: `store`, `world`, `features` (folders), `seed`. Writes the values of each definition, moment by
moment.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import asyncpg


async def main(order: dict[str, Any]) -> list[list[Any]]:
    """A list a definition, of a value a moment."""
    sys.path[:0] = [order["world"], order["features"]]
    import values  # type: ignore[import-not-found]
    from season import Season  # type: ignore[import-not-found]
    from tables import Tables  # type: ignore[import-not-found]

    season, tables = Season(order["seed"]), Tables(order["store"])
    await tables.open()
    await tables.begin(season)
    for one in season.checkouts:
        await tables.write(one.customer, one.at)
    moments = season.checkouts[::3] + season.batches[0][::2] + season.batches[1][1::2]
    customers, ats = [one.customer for one in moments], [one.at for one in moments]
    async with asyncpg.create_pool(order["store"]) as pool:
        made = [*season.definitions.values(), *season.edits]
        return [await values.of_feature(pool, one.data, customers, ats) for one in made]


if __name__ == "__main__":
    json.dump(asyncio.run(main(json.load(sys.stdin))), sys.stdout)
