"""What can be set: addresses from the environment, the rest from settings.ini."""

import os
from configparser import ConfigParser
from pathlib import Path

_file = ConfigParser()
_file.read_string(Path(__file__).with_name("settings.ini").read_text())

URLS = {name: os.environ[name.upper()] for name in ("lake", "profiles", "scorer", "letters")}
RETRIES = _file.getint("service", "retries")
TIMEOUT_S = _file.getfloat("service", "timeout_s")
NIGHTS = _file.getint("service", "nights")
PAGES_IN_HAND = _file.getint("nightly", "pages_in_hand")
