"""Releases: made once, kept whole, rolled back to without training, and remembered."""

import asyncio
import json
import logging
from dataclasses import dataclass

import store
import trainer
from model import PARTS

log = logging.getLogger("rents")
kept = store.in_data_folder()
one_at_a_time = asyncio.Lock()


@dataclass(frozen=True)
class Live:
    """What rents are quoted from: an id and the parts that belong to it. It is replaced whole, never changed."""

    release: str
    parts: dict


_live = None


def live():
    """What is in force, or None. Ask once for each rent: a second time it may be another."""
    return _live


def _load(release_id):
    row = kept.release(release_id)
    return Live(release_id, {name: kept.blob(row[name]) for name in PARTS})


def start():
    """After a start: in force is what was."""
    global _live
    release_id = kept.in_force()
    _live = release_id and _load(release_id)
    log.info("in force after the start: %s", release_id)


async def release(params):
    """Train on what there is now, keep it, and go live; the new release's id.

    Until all of it is on the disk nobody sees anything of it.
    """
    global _live
    async with one_at_a_time:
        (night, table), code = await asyncio.gather(trainer.table(), trainer.code())
        trained = await asyncio.gather(*(trainer.train(name, table, code, params) for name in PARTS))
        parts = dict(zip(PARTS, trained, strict=True))
        release_id = await asyncio.to_thread(kept.add, night=night, table=table, code=code, params=params, parts=parts)
        _live = Live(release_id, parts)
    log.info("release %s is live: night %s, table %.8s, %s", release_id, night, store.digest(table), code)
    return release_id


async def rollback(release_id):
    """Have an older release in force again: its own bytes, whatever the foundry has today."""
    global _live
    async with one_at_a_time:
        older = await asyncio.to_thread(_load, release_id)
        await asyncio.to_thread(kept.put_in_force, release_id)
        _live = older
    log.info("rolled back to %s", release_id)


def record(release_id):
    """What a release was made from."""
    row = kept.release(release_id)
    return {
        "release": release_id,
        "night": row["night"],
        "made": row["made"],
        "table_sha256": row["table_sha256"],
        "code": row["code"],
        "params": json.loads(row["params"]),
        "parts": {name: row[name] for name in PARTS},
    }


def table_of(release_id):
    """The bytes of the table that a release was trained on."""
    return kept.blob(kept.release(release_id)["table_sha256"])


def part_of(release_id, name):
    """The bytes of a part of a release."""
    return kept.blob(kept.release(release_id)[name])
