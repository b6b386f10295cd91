"""Models on nodes, the largest first, each where it leaves the least."""

WEIGHTS = (0.5, 0.8, 1, 1.2, 1.5)
"""Of memory, against cores, in what is called large; the best result counts."""


def pack(size, models):
    """Lists of replicas, one a node."""
    parts = {m["replica"]: (m["gb"] / size["gb"], m["cores"] / size["cores"], m["model"]) for m in models}
    found = []
    for weight in WEIGHTS:
        nodes, of = [], {}
        for replica in sorted(parts, key=lambda r: -weight * parts[r][0] - parts[r][1]):
            gb, cores, model = parts[replica]
            of[model] = put(nodes, replica, gb, cores, of.get(model))
        found.append([node[2] for node in nodes])
    return min(found, key=len)


def put(nodes, replica, gb, cores, other):
    """The node that it goes on: one with room, but not that of the other replica. A node: what is left of both, and its
    replicas."""
    room = [n for n in nodes if n[0] >= gb and n[1] >= cores and n is not other]
    node = min(room, key=lambda n: (n[0] - gb) ** 2 + (n[1] - cores) ** 2, default=None)
    if node is None:
        node = [1.0, 1.0, []]
        nodes.append(node)
    node[0] -= gb
    node[1] -= cores
    node[2].append(replica)
    return node
