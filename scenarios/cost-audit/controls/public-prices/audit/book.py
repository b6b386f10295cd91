"""The provider's price list, typed from the public fleets."""

TYPES = {  # units, GB, USD an hour
    "a7.large": (439, 32, 0.632),
    "a7.medium": (220, 24, 0.361),
    "a7.small": (110, 8, 0.14),
    "a8.large": (335, 28, 0.622),
    "a8.medium": (167, 14, 0.323),
    "a8.small": (84, 4, 0.133),
    "b5.large": (376, 48, 0.639),
    "b5.medium": (188, 14, 0.299),
    "b5.small": (94, 12, 0.145),
    "d2.large": (560, 28, 0.797),
    "d2.medium": (280, 14, 0.414),
    "d2.small": (140, 8, 0.205),
    "d9.large": (446, 32, 0.619),
    "d9.medium": (223, 24, 0.298),
    "d9.small": (112, 6, 0.179),
    "g8.large": (456, 32, 0.609),
    "g8.medium": (228, 16, 0.283),
    "g8.small": (114, 4, 0.181),
    "h8.large": (472, 32, 0.77),
    "h8.medium": (236, 24, 0.32),
    "h8.small": (118, 12, 0.18),
    "k7.large": (425, 32, 0.705),
    "k7.medium": (212, 24, 0.345),
    "k7.small": (106, 12, 0.186),
    "n7.large": (400, 48, 0.704),
    "n7.medium": (200, 14, 0.323),
    "n7.small": (100, 4, 0.161),
    "s9.large": (360, 48, 0.593),
    "s9.medium": (180, 14, 0.369),
    "s9.small": (90, 4, 0.137),
    "v6.large": (488, 32, 0.744),
    "v6.medium": (244, 24, 0.272),
    "v6.small": (122, 8, 0.18),
    "w6.large": (496, 32, 0.651),
    "w6.medium": (248, 24, 0.302),
    "w6.small": (124, 6, 0.135),
    "x7.large": (504, 28, 0.896),
    "x7.medium": (252, 14, 0.53),
    "x7.small": (126, 8, 0.195),
    "x9.large": (372, 28, 0.654),
    "x9.medium": (186, 14, 0.302),
    "x9.small": (93, 4, 0.164),
    "z8.large": (410, 32, 0.594),
    "z8.medium": (205, 16, 0.263),
    "z8.small": (103, 4, 0.181),
}
POOLS = {  # USD an hour, interruptions an hour
    "on-demand": (2.66, 0.0),
    "spot-a7": (1.84, 0.0155),
    "spot-b2": (0.75, 0.0024),
    "spot-c2": (1.39, 0.1006),
    "spot-d6": (0.64, 0.095),
    "spot-e7": (1.44, 0.0138),
    "spot-f7": (1.92, 0.1102),
    "spot-h2": (1.29, 0.0976),
    "spot-k2": (1.53, 0.0024),
    "spot-m6": (1.63, 0.1157),
    "spot-n2": (0.7, 0.0031),
    "spot-n9": (0.81, 0.0021),
    "spot-p6": (1.16, 0.0144),
    "spot-p8": (0.75, 0.1005),
    "spot-t8": (1.29, 0.0192),
    "spot-v4": (0.71, 0.0135),
    "spot-v6": (0.6, 0.004),
    "spot-w4": (1.16, 0.0836),
    "spot-w9": (1.87, 0.0021),
    "spot-x2": (1.19, 0.0125),
    "spot-z2": (1.9, 0.0181),
    "spot-z3": (1.83, 0.0177),
    "spot-z5": (0.8, 0.0028),
}
CLASSES = {  # USD a GB, USD a GB read, hours
    "archive": (0.0048, 0.0205, 13),
    "cold": (0.0047, 0.0199, 13),
    "cool": (0.0115, 0.0108, 0),
    "deep": (0.0011, 0.0398, 36),
    "glacier": (0.0014, 0.0415, 36),
    "hot": (0.0201, 0.0, 0),
    "infrequent": (0.0118, 0.0107, 0),
    "live": (0.0233, 0.0, 0),
    "nearline": (0.0117, 0.01, 0),
    "standard": (0.0272, 0.0, 0),
    "tape": (0.0015, 0.0431, 80),
    "vault": (0.0044, 0.0222, 13),
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
