# tries: fills every place that can be written, first with bytes and then with empty files
# ends: fail objective-missed service-ended
import os

from attempts import at_answer, attempt, later, say

PLACES = ("/tmp", "/dev/shm", "/data", "/dev/mqueue", "/run", "/var/tmp", "/app", "/home")
MOST = 700 << 20


def bytes_of(place):
    written = 0
    with open(f"{place}/large", "wb", buffering=0) as file:
        try:
            while written < MOST:
                written += file.write(b"x" * (1 << 20))
        except OSError as error:
            say(f"TRIED bytes in {place}: {written >> 20} MiB, {error.strerror}")
    return written >= MOST


def files_of(place):
    for number in range(100_000):
        try:
            os.close(os.open(f"{place}/{number}", os.O_CREAT | os.O_WRONLY))
        except OSError as error:
            say(f"TRIED files in {place}: {number}, {error.strerror}")
            return False
    return True


def run():
    for place in PLACES:
        attempt(f"bytes in {place}", lambda: bytes_of(place))
        attempt(f"files in {place}", lambda: files_of(place))


at_answer(3, lambda: later(run))
