"""Models on nodes, the largest first, each where it leaves the least."""

WEIGHTS = (0.5, 0.8, 1, 1.2, 1.5)
"""Of memory, against cores, in what is called large; the best result counts."""


def pack(size, models):
    """Lists of replicas, one a node."""
    parts = {m["replica"]: (m["gb"] / size["gb"], m["cores"] / size["cores"], m["model"]) for m in models}
    found = []
    for weight in WEIGHTS:
        nodes = []
        for replica in sorted(parts, key=lambda r: -weight * parts[r][0] - parts[r][1]):
            put(nodes, replica, *parts[replica])
        found.append([node[3] for node in nodes])
    return min(found, key=len)


def put(nodes, replica, gb, cores, model):
    """Into a node that has room, or a new one. A node: what is left of both, its models, its replicas."""
    room = [n for n in nodes if n[0] >= gb and n[1] >= cores and model not in n[2]]
    node = min(room, key=lambda n: (n[0] - gb) ** 2 + (n[1] - cores) ** 2, default=None)
    if node is None:
        node = [1.0, 1.0, set(), []]
        nodes.append(node)
    node[0] -= gb
    node[1] -= cores
    node[2].add(model)
    node[3].append(replica)
