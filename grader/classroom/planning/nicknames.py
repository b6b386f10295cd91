"""Friendly names for people who do not want theirs on the wall. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

_ADJECTIVES = """
able amber bold brave bright brisk calm candid cheerful clever cosy crisp curious dapper daring deft eager easy
fair fleet fond frank fresh gentle glad golden hardy humble jolly keen kind lively lucky mellow merry mighty neat
nimble noble patient plucky polite proud quick quiet ready rosy royal silver smart snug solid steady sturdy sunny
swift tidy warm wise witty zesty
"""
_ANIMALS = """
badger beaver bison crane cricket curlew deer dolphin dove eagle egret falcon ferret finch fox gecko goose grouse
hare hawk hedgehog heron ibex ibis kestrel kiwi koala lark lemur lion llama lynx magpie marmot marten mole moose
newt osprey otter owl panda parrot pelican pika plover puffin quail raven robin seal shrew sparrow stoat stork
swallow swan swift tapir tern toucan turtle vole walrus wombat wren yak
"""
ADJECTIVES, ANIMALS = tuple(_ADJECTIVES.split()), tuple(_ANIMALS.split())


def generate(workshop: str, ids: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """A nickname for each id, all different and none of `taken`; the same for the same workshop and ids, in order.

    With more people than pairs of words, later ones get a number.
    """
    used, found = set(taken), {}
    for who in ids:
        at = int.from_bytes(hashlib.sha256(f"{workshop} {who}".encode()).digest()[:8], "big")
        found[who] = _free(at, used)
        used.add(found[who])
    return found


def _free(at: int, used: Collection[str]) -> str:
    count = len(ADJECTIVES) * len(ANIMALS)
    for step in range(count):
        number = (at + step) % count
        name = f"{ADJECTIVES[number % len(ADJECTIVES)]}-{ANIMALS[number // len(ADJECTIVES)]}"
        if name not in used:
            return name
    return f"guest-{len(used)}"
