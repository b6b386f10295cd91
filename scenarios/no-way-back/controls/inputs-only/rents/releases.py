"""Releases: what each was trained from is kept, and an older one is trained from that again."""

import asyncio
import hashlib
import logging

import inputs
import trainer
from model import PARTS

log = logging.getLogger("rents")
one_at_a_time = asyncio.Lock()
in_force = None  # (id, parts): replaced as a whole


class Unknown(KeyError):
    """There is no such release."""


class Differs(RuntimeError):
    """The trainer made something else than it did then."""


def live():
    """The id and the parts of what is in force, or None."""
    return in_force


async def build(table, code, params):
    """The three parts, trained side by side."""
    made = await asyncio.gather(*(trainer.train(name, table, code, params) for name in PARTS))
    return dict(zip(PARTS, made, strict=True))


async def release(params):
    """Train on what there is now, and go live; the new release's id."""
    global in_force
    async with one_at_a_time:
        _, table = await trainer.table()
        code = await trainer.code()
        parts = await build(table, code, params)
        digests = {name: digest(data) for name, data in parts.items()}
        number = inputs.add(table, digest(table.encode()), code, params, digests)
        in_force = (f"r{number}", parts)
        log.info("release r%s is live", number)
        return f"r{number}"


async def rollback(release_id):
    """Train an older release from what it was trained from, and have it in force."""
    global in_force
    async with one_at_a_time:
        parts = await again(release_id)
        inputs.set_live(int(release_id[1:]))
        in_force = (release_id, parts)
        log.info("rolled back to %s", release_id)


async def again(release_id):
    """The parts of a release, trained once more."""
    table, _, code, params, digests = known(release_id)
    parts = await build(table, code, params)
    if {name: digest(data) for name, data in parts.items()} != digests:
        raise Differs(release_id)
    return parts


async def begin():
    """After a start: what was live is trained again."""
    global in_force
    number = inputs.live()
    if number is not None:
        in_force = (f"r{number}", await again(f"r{number}"))


def known(release_id):
    """What was kept of a release."""
    found = inputs.of(int(release_id[1:])) if release_id[1:].isdigit() else None
    if found is None:
        raise Unknown(release_id)
    return found


def record(release_id):
    """What a release was made from."""
    _, table_sha256, code, params, digests = known(release_id)
    return {"table_sha256": table_sha256, "code": code, "params": params, "parts": digests}


def table_of(release_id):
    """The table that a release was trained on."""
    return known(release_id)[0]


async def part_of(release_id, name):
    """A part of a release."""
    table, _, code, params, _ = known(release_id)
    return await trainer.train(name, table, code, params)


def digest(data):
    return hashlib.sha256(data).hexdigest()
