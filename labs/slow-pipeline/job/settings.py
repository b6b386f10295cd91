"""What can be set: addresses from the environment, the rest from settings.ini."""

import os
from configparser import ConfigParser
from pathlib import Path

_file = ConfigParser()
_file.read(Path(__file__).with_name("settings.ini"))

URLS = {name: os.environ[name.upper()] for name in ("lake", "profiles", "scorer", "letters")}
RETRIES = _file.getint("service", "retries", fallback=1)
TIMEOUT_S = _file.getfloat("service", "timeout_s", fallback=30)
BATCH = _file.getint("service", "batch", fallback=1)


def chunks(items):
    """In parts of BATCH, which no service takes more of."""
    for at in range(0, len(items), BATCH):
        yield items[at : at + BATCH]
