"""Configuration, in four layers. The later one wins: built in, base.json, hotfix.json, what was pushed."""

import json
from pathlib import Path

import flags

HERE = Path(__file__).parent
HOME = "se"  # the first shop; pushes without a tenant are from its old deploy script
BUILT_IN = {
    "weight_fit": 0.4,
    "weight_margin": 0.2,
    "weight_fresh": 0.2,
    "weight_quick": 0.1,
    "weight_light": 0.1,
    "min_stock": 2,
    "max_price": 2500,
    "fresh_days": 365,
}
pushed = {}
_layers = {}


def layer(name):
    """A file beside this one."""
    if name not in _layers:
        _layers[name] = json.loads((HERE / name).read_text("utf-8"))
    return _layers[name]


def settings_of(tenant):
    """What is in force for a tenant."""
    settings = {}
    settings.update(BUILT_IN)
    settings.update(layer("base.json"))
    settings.update(layer("hotfix.json"))
    settings.update(pushed.get(tenant, {}))
    return settings


def accept(document):
    """Take a push: it replaces the one before."""
    tenant = document.get("tenant") or HOME
    new = document["config"]
    if not flags.on(new, "config_v3"):
        new = read_ini(document["text"])
    if not flags.on(new, "config_by_tenant"):
        tenant = everywhere(new)
    pushed[tenant] = dict(new)
    return tenant


def number(settings, key):
    """A number. Some come as text, since the web form sends them so."""
    return float(settings[key])


def read_ini(text):
    """The format of the first two versions: a line a key, sections ignored."""
    found = {}
    for line in text.splitlines():
        if "=" not in line or line.lstrip().startswith(("#", ";", "[")):
            continue
        key, _, value = line.partition("=")
        found[key.strip()] = ini_value(value)
    return found


def ini_value(text):
    """A number where it looks like one."""
    text = text.strip().strip('"')
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return {"yes": True, "no": False}.get(text.lower(), text)


def everywhere(new):
    """Before we had tenants there was one configuration for all of them."""
    for tenant in list(pushed):
        pushed[tenant] = dict(new)
    return HOME
