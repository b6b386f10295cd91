"""Beside a service whose code may change: puts new code where the service sees it read-only.

courier.py PORT CODE_FOLDER
"""

import base64
import hashlib
import os
import signal
import sys

import tree
import wire

have = [""]


def answer(message):
    """`have`: the SHA-256 of the archive that is unpacked; `update`: unpack this one."""
    if message["do"] == "update":
        packed = base64.b64decode(message["archive"])
        tree.unpack(packed, sys.argv[2])
        have[0] = hashlib.sha256(packed).hexdigest()
    return have[0]


def main():
    token = wire.take_token("BROWNOUT_CONTROL")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    wire.hide()
    wire.serve(int(sys.argv[1]), token, answer)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
