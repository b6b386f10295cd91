"""Releases: a release is a list of digests, and what is in force is one pointer, moved last and in one step."""

import asyncio
import hashlib
import json
import logging

import store
import trainer
from model import PARTS

log = logging.getLogger("rents")
LIVE = "live.json"
one_at_a_time = asyncio.Lock()
in_force = None  # (id, parts): replaced as a whole, never changed


class Unknown(KeyError):
    """There is no such release."""


def live():
    """The id and the parts of what is in force, or None."""
    return in_force


async def release(params):
    """Train on what there is now, and go live; the new release's id."""
    async with one_at_a_time:
        night, table = await trainer.table()
        code = await trainer.code()
        parts = {name: await trainer.train(name, table, code, params) for name in PARTS}
        manifest = {
            "table_sha256": store.keep(table.encode()),
            "code": code,
            "params": params,
            "parts": {name: store.keep(data) for name, data in parts.items()},
        }
        digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
        release_id = f"{night}-{digest[:12]}"
        store.write_json(f"releases/{release_id}.json", manifest)
        point(release_id, parts)
        log.info("release %s is live", release_id)
        return release_id


async def rollback(release_id):
    """Have an older release in force again."""
    async with one_at_a_time:
        point(release_id, load(release_id))
        log.info("rolled back to %s", release_id)


def point(release_id, parts):
    """From now on this release is in force, after a crash as well."""
    global in_force
    store.write_json(LIVE, {"release": release_id})
    in_force = (release_id, parts)


def load(release_id):
    """The parts of a release."""
    return {name: store.kept(digest) for name, digest in record(release_id)["parts"].items()}


def begin():
    """After a start: what was in force is in force."""
    global in_force
    if store.exists(LIVE):
        release_id = store.read_json(LIVE)["release"]
        in_force = (release_id, load(release_id))


def record(release_id):
    """What a release was made from."""
    name = f"releases/{release_id}.json"
    if not store.exists(name):
        raise Unknown(release_id)
    return store.read_json(name)


def table_of(release_id):
    """The table that a release was trained on."""
    return store.kept(record(release_id)["table_sha256"])


def part_of(release_id, name):
    """A part of a release."""
    return store.kept(record(release_id)["parts"][name])
