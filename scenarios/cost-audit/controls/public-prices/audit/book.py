"""The provider's price list, typed from the public fleets."""

TYPES = {  # units, GB, USD an hour
    "a4.large": (364, 32, 0.707),
    "a4.medium": (182, 16, 0.33),
    "a4.small": (91, 8, 0.176),
    "a5.large": (368, 32, 0.538),
    "a5.medium": (184, 16, 0.291),
    "a5.small": (92, 8, 0.141),
    "c2.large": (364, 32, 0.614),
    "c2.medium": (182, 16, 0.304),
    "c2.small": (91, 8, 0.158),
    "c4.large": (364, 32, 0.483),
    "c4.medium": (182, 16, 0.233),
    "c4.small": (91, 8, 0.115),
    "h9.large": (328, 32, 0.489),
    "h9.medium": (164, 16, 0.256),
    "h9.small": (82, 8, 0.121),
    "m4.large": (464, 32, 0.839),
    "m4.medium": (232, 16, 0.42),
    "m4.small": (116, 8, 0.194),
    "m6.large": (331, 32, 0.578),
    "m6.medium": (166, 16, 0.267),
    "m6.small": (83, 8, 0.151),
    "m9.large": (404, 32, 0.629),
    "m9.medium": (202, 16, 0.306),
    "m9.small": (101, 8, 0.152),
    "p5.large": (328, 32, 0.571),
    "p5.medium": (164, 16, 0.305),
    "p5.small": (82, 8, 0.164),
    "s4.large": (440, 32, 0.784),
    "s4.medium": (220, 16, 0.384),
    "s4.small": (110, 8, 0.182),
    "s9.large": (516, 32, 0.778),
    "s9.medium": (258, 16, 0.422),
    "s9.small": (129, 8, 0.204),
    "w8.large": (396, 32, 0.738),
    "w8.medium": (198, 16, 0.385),
    "w8.small": (99, 8, 0.182),
}
POOLS = {  # USD an hour, interruptions an hour
    "on-demand": (3.56, 0.0),
    "spot-a4": (2.14, 0.0033),
    "spot-b5": (0.71, 0.0977),
    "spot-b8": (0.85, 0.0776),
    "spot-d6": (2.04, 0.0033),
    "spot-d7": (0.98, 0.1046),
    "spot-f8": (0.94, 0.1175),
    "spot-g2": (1.99, 0.0038),
    "spot-h7": (0.93, 0.1099),
    "spot-k3": (1.87, 0.0039),
    "spot-n8": (1.69, 0.0189),
    "spot-p6": (1.59, 0.0034),
    "spot-s2": (0.69, 0.0946),
    "spot-s4": (1.53, 0.0186),
    "spot-t2": (1.29, 0.0167),
    "spot-t3": (1.05, 0.0185),
    "spot-v8": (1.18, 0.0148),
    "spot-x3": (1.36, 0.0031),
}
CLASSES = {  # USD a GB, USD a GB read, hours
    "archive": (0.0042, 0.0189, 4),
    "cold": (0.0043, 0.0185, 4),
    "cool": (0.0111, 0.0083, 0),
    "deep": (0.0011, 0.0372, 36),
    "glacier": (0.0012, 0.0396, 36),
    "hot": (0.022, 0.0, 0),
    "infrequent": (0.012, 0.0101, 0),
    "live": (0.0235, 0.0, 0),
    "nearline": (0.0116, 0.0109, 0),
    "standard": (0.0232, 0.0, 0),
    "tape": (0.0014, 0.039, 36),
    "vault": (0.0043, 0.0239, 4),
}


def known(fleet):
    """The fleet with what the book has: names that are not in it stay out of every choice."""
    types = [_row(each["type"], TYPES, ("units", "memory_gb", "usd_per_hour"), "type") for each in fleet["types"]]
    pools = [_row(each["pool"], POOLS, ("usd_per_hour", "interruptions_per_hour"), "pool") for each in fleet["pools"]]
    keys = ("usd_per_gb", "usd_per_gb_read", "readable_in_hours")
    classes = [_row(each["class"], CLASSES, keys, "class") for each in fleet["classes"]]
    known_lists = {"types": types, "pools": pools, "classes": classes}
    return {**fleet, **{name: [row for row in rows if row] for name, rows in known_lists.items()}}


def _row(name, table, keys, kind):
    return {kind: name, **dict(zip(keys, table[name], strict=True))} if name in table else None
