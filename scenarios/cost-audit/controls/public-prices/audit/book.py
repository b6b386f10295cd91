"""The provider's price list, typed from the public fleets."""

TYPES = {  # units, GB, USD an hour
    "a7.large": (439, 32, 0.672),
    "a7.medium": (220, 16, 0.297),
    "a7.small": (110, 8, 0.166),
    "a8.large": (335, 32, 0.599),
    "a8.medium": (167, 16, 0.289),
    "a8.small": (84, 8, 0.15),
    "b5.large": (376, 32, 0.559),
    "b5.medium": (188, 16, 0.297),
    "b5.small": (94, 8, 0.153),
    "d2.large": (560, 32, 0.848),
    "d2.medium": (280, 16, 0.458),
    "d2.small": (140, 8, 0.228),
    "d9.large": (446, 32, 0.621),
    "d9.medium": (223, 16, 0.309),
    "d9.small": (112, 8, 0.177),
    "g8.large": (456, 32, 0.642),
    "g8.medium": (228, 16, 0.323),
    "g8.small": (114, 8, 0.153),
    "h8.large": (472, 32, 0.775),
    "h8.medium": (236, 16, 0.407),
    "h8.small": (118, 8, 0.19),
    "k7.large": (425, 32, 0.76),
    "k7.medium": (212, 16, 0.353),
    "k7.small": (106, 8, 0.185),
    "n7.large": (400, 32, 0.628),
    "n7.medium": (200, 16, 0.32),
    "n7.small": (100, 8, 0.139),
    "s9.large": (360, 32, 0.634),
    "s9.medium": (180, 16, 0.305),
    "s9.small": (90, 8, 0.152),
    "v6.large": (488, 32, 0.653),
    "v6.medium": (244, 16, 0.339),
    "v6.small": (122, 8, 0.164),
    "w6.large": (496, 32, 0.649),
    "w6.medium": (248, 16, 0.329),
    "w6.small": (124, 8, 0.158),
    "x7.large": (504, 32, 0.844),
    "x7.medium": (252, 16, 0.42),
    "x7.small": (126, 8, 0.232),
    "x9.large": (372, 32, 0.616),
    "x9.medium": (186, 16, 0.298),
    "x9.small": (93, 8, 0.151),
    "z8.large": (410, 32, 0.561),
    "z8.medium": (205, 16, 0.313),
    "z8.small": (103, 8, 0.147),
}
POOLS = {  # USD an hour, interruptions an hour
    "on-demand": (3.53, 0.0),
    "spot-a4": (1.45, 0.0036),
    "spot-a6": (2.04, 0.0035),
    "spot-b8": (1.31, 0.015),
    "spot-c4": (0.88, 0.0888),
    "spot-e8": (0.87, 0.1143),
    "spot-e9": (1.55, 0.0185),
    "spot-f2": (1.11, 0.017),
    "spot-f6": (1.09, 0.0156),
    "spot-g5": (1.54, 0.0129),
    "spot-g6": (0.6, 0.0982),
    "spot-g7": (0.58, 0.1122),
    "spot-h4": (0.96, 0.0968),
    "spot-k7": (1.37, 0.0035),
    "spot-k9": (2.3, 0.0031),
    "spot-n9": (1.77, 0.0142),
    "spot-p4": (1.76, 0.0037),
    "spot-p9": (1.19, 0.0182),
    "spot-r3": (1.72, 0.0026),
    "spot-t9": (0.88, 0.0832),
    "spot-v4": (1.43, 0.0193),
    "spot-x3": (0.86, 0.1022),
    "spot-x9": (1.38, 0.0028),
    "spot-z3": (2.05, 0.004),
}
CLASSES = {  # USD a GB, USD a GB read, hours
    "archive": (0.0042, 0.0216, 12),
    "cold": (0.004, 0.0219, 4),
    "cool": (0.0113, 0.0082, 0),
    "deep": (0.0014, 0.0424, 48),
    "glacier": (0.0013, 0.032, 48),
    "hot": (0.0247, 0.0, 0),
    "infrequent": (0.0118, 0.0093, 0),
    "live": (0.0238, 0.0, 0),
    "nearline": (0.0115, 0.0109, 0),
    "standard": (0.0255, 0.0, 0),
    "tape": (0.0013, 0.0399, 36),
    "vault": (0.0042, 0.0236, 5),
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
