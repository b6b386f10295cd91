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
    "on-demand": (3.34, 0.0),
    "spot-a3": (0.82, 0.1086),
    "spot-a7": (0.87, 0.1123),
    "spot-d7": (1.67, 0.017),
    "spot-e5": (1.05, 0.0178),
    "spot-g2": (1.48, 0.0027),
    "spot-g4": (0.85, 0.0895),
    "spot-g9": (1.49, 0.0035),
    "spot-h3": (0.7, 0.1165),
    "spot-h7": (0.81, 0.0977),
    "spot-h8": (2.01, 0.0025),
    "spot-k2": (2.21, 0.0033),
    "spot-k4": (1.96, 0.0036),
    "spot-k7": (1.57, 0.0139),
    "spot-n3": (1.46, 0.0134),
    "spot-r3": (0.96, 0.1139),
    "spot-s5": (1.47, 0.0166),
    "spot-s8": (1.07, 0.0128),
    "spot-t3": (0.78, 0.0831),
    "spot-w3": (1.52, 0.0163),
    "spot-w6": (1.34, 0.0199),
    "spot-x8": (1.78, 0.0035),
    "spot-z4": (2.2, 0.003),
    "spot-z6": (0.67, 0.1118),
}
CLASSES = {  # USD a GB, USD a GB read, hours
    "archive": (0.004, 0.0189, 12),
    "cold": (0.0042, 0.0206, 5),
    "cool": (0.0121, 0.0107, 0),
    "deep": (0.0011, 0.0342, 48),
    "glacier": (0.0015, 0.0321, 36),
    "hot": (0.0245, 0.0, 0),
    "infrequent": (0.0108, 0.009, 0),
    "live": (0.0219, 0.0, 0),
    "nearline": (0.0121, 0.008, 0),
    "standard": (0.0255, 0.0, 0),
    "tape": (0.001, 0.0391, 36),
    "vault": (0.0039, 0.024, 4),
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
