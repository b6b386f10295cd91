"""Flows: data that goes from one place to another, and what may be done about its price."""

REGIONS, ZONES = 3, 2
OUT = "internet"


def drawn_transfer(rng, regions):
    """Zones by region, and USD a GB: within a region, between two, and out."""
    zones = {f"{region}{letter}": region for region in regions for letter in "abc"[:ZONES]}
    between = {
        f"{one}|{other}": round(rng.uniform(0.02, 0.08), 3)
        for at, one in enumerate(regions)
        for other in regions[at + 1 :]
    }
    prices = {"same_zone": 0.0, "same_region": 0.01, "between": between, OUT: round(rng.uniform(0.08, 0.11), 3)}
    return zones, prices | {"compression": round(rng.uniform(0.003, 0.006), 4)}


def drawn_flows(rng, zones, regions):
    """One of each kind: free to stand beside what sends it (far, near), bound to its region (twice), going out."""

    def place(region):
        return rng.choice([zone for zone, of in zones.items() if of == region])

    def flow(begin, end, may, ratio):
        kinds = sorted(may)
        rng.shuffle(kinds)
        return {
            "gb": rng.randint(50, 120) * 1000,
            "from": begin,
            "to": end,
            "may_stand_in": kinds,
            "compresses_to": ratio,
        }

    def three():
        return rng.sample(regions, 3)

    one, here, third = three()
    free = flow(
        place(one),
        place(here),
        {one, here} | ({third} if rng.random() < 0.5 else set()),
        _ratio(rng, rng.random() < 0.5),
    )
    one, here, third = three()
    bound = flow(place(one), place(here), {here, third}, _ratio(rng, True))
    one, here, third = three()
    held = flow(
        place(one), place(here), {here} | ({third} if rng.random() < 0.5 else set()), _ratio(rng, rng.random() < 0.5)
    )
    near = rng.choice(regions)
    begin, end = rng.sample([zone for zone, of in zones.items() if of == near], 2)
    beside = flow(begin, end, {near}, _ratio(rng, rng.random() < 0.5))
    out = flow(place(rng.choice(regions)), OUT, set(), _ratio(rng, True))
    flows = [free, bound, held, beside, out]
    rng.shuffle(flows)
    return flows


def _ratio(rng, small):
    """To which share of its size it can be compressed; what is compressed already hardly can."""
    return round(rng.uniform(0.25, 0.5) if small else rng.uniform(0.96, 0.99), 2)


def price(fleet, begin, end):
    """USD a GB from one zone to another, or out."""
    if end == OUT:
        return fleet["transfer"][OUT]
    if begin == end:
        return fleet["transfer"]["same_zone"]
    one, other = fleet["zones"][begin], fleet["zones"][end]
    if one == other:
        return fleet["transfer"]["same_region"]
    between = fleet["transfer"]["between"]
    return between.get(f"{one}|{other}", between.get(f"{other}|{one}"))


def cost(fleet, after):
    """USD of next month."""
    return sum(
        _cost(fleet, each, after.places[each["name"]], each["name"] in after.compressed) for each in fleet["flows"]
    )


def _cost(fleet, flow, end, compressed):
    each = price(fleet, flow["from"], end)
    if compressed:
        each = each * flow["compresses_to"] + fleet["transfer"]["compression"]
    return flow["gb"] * each


def harm(fleet, after, flow):
    """Why what reads a flow may not stand where it does; empty if it may."""
    end = after.places[flow["name"]]
    if end == OUT or fleet["zones"][end] in flow["may_stand_in"]:
        return ""
    return f"reads in {end}, may only in {', '.join(sorted(flow['may_stand_in']))}"


def best(fleet):
    """The least that flows can cost without harm."""
    return sum(_best(fleet, each) for each in fleet["flows"])


def _best(fleet, flow):
    ends = [zone for zone, region in fleet["zones"].items() if region in flow["may_stand_in"]] or [flow["to"]]
    return min(_cost(fleet, flow, end, compressed) for end in ends for compressed in (False, True))
