"""Laid beside each hostile submission: it tries something, and says in its log what came of it."""

import http.server
import os
import threading
import time
import zlib


def say(text):
    """A line of the log, at once."""
    os.write(1, (" ".join(str(text).split())[:400] + "\n").encode("utf-8", "replace"))


def attempt(what, act):
    """Try something; it got through if `act` returns something true."""
    try:
        got = act()
    except BaseException as error:
        say(f"TRIED {what}: {type(error).__name__} {error}")
    else:
        say(f"{'GOT THROUGH' if got else 'TRIED'} {what}: {got!r}")


def later(act, seconds=0.0):
    """Do it beside whatever else runs."""

    def run():
        time.sleep(seconds)
        try:
            act()
        except BaseException as error:
            say(f"TRIED, and ended with {type(error).__name__} {error}")

    threading.Thread(target=run, daemon=True).start()


def at_answer(number, act):
    """Do it when so many customers were answered, and before the next one is."""
    plain, answered = http.server.BaseHTTPRequestHandler.send_response, []

    def send_response(self, status, message=None):
        plain(self, status, message)
        if self.path != "/healthz":
            answered.append(status)
            if len(answered) == number:
                act()

    http.server.BaseHTTPRequestHandler.send_response = send_response


def packed(mebibytes):
    """So many of nothing, packed to a thousandth, without ever holding them."""
    packer = zlib.compressobj(1, wbits=31)
    parts = [packer.compress(bytes(1 << 20)) for _ in range(mebibytes)]
    return b"".join([*parts, packer.flush()])
