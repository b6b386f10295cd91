"""Releases: made, rolled back, and remembered."""

import hashlib
import logging

import store
import trainer
from model import PARTS

log = logging.getLogger("rents")
LIVE = "live.json"


class Unknown(KeyError):
    """There is no such release."""


def live():
    """The id of what is in force, or None."""
    return store.read_json(LIVE)["release"] if store.exists(LIVE) else None


def parts():
    """The parts of what is in force."""
    return {name: store.read(f"{name}.json") for name in PARTS}


async def build(table, code, params):
    """Train the three parts."""
    for name in PARTS:
        store.write(f"{name}.json", await trainer.train(name, table, code, params))
        log.info("%s: trained by %s", name, code)


async def release(params):
    """Train on what there is now, and go live; the new release's id."""
    night, table = await trainer.table()
    code = await trainer.code()
    await build(table, code, params)
    store.write_json(f"releases/{night}.json", {"table": "latest", "code": code, "params": params})
    store.write_json(LIVE, {"release": night})
    log.info("release %s is live", night)
    return night


async def rollback(release_id):
    """Have an older release in force again."""
    record = known(release_id)
    _, table = await trainer.table()
    await build(table, await trainer.code(), record["params"])
    store.write_json(LIVE, {"release": release_id})
    log.info("rolled back to %s", release_id)


async def complete():
    """After a start: whatever is missing of the model is trained anew."""
    missing = [name for name in PARTS if not store.exists(f"{name}.json")]
    if live() is None or not missing:
        return
    _, table = await trainer.table()
    await build(table, await trainer.code(), known(live())["params"])


def known(release_id):
    """What was written down of a release."""
    name = f"releases/{release_id}.json"
    if not store.exists(name):
        raise Unknown(release_id)
    return store.read_json(name)


async def record(release_id):
    """What a release was made from."""
    found = known(release_id)
    table = await table_of(release_id)
    digests = {name: digest(data) for name, data in parts().items()}
    return {
        "table_sha256": digest(table.encode()),
        "code": found["code"],
        "params": found["params"],
        "parts": digests,
    }


async def table_of(release_id):
    """The table that a release was trained on."""
    if known(release_id)["table"] == "latest":
        _, table = await trainer.table()
        return table
    return store.read(f"tables/{release_id}.csv").decode()


def part_of(release_id, name):
    """A part of a release."""
    known(release_id)
    return parts()[name]


def digest(data):
    return hashlib.sha256(data).hexdigest()
