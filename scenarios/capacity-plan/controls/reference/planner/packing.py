"""Models on nodes: a node is opened with the largest, then gets what uses most of what is left."""

ORDERS = (0, 0.5, 1, 1.5, 2)
"""Weights of memory in what is called large; the rest of 2 is that of cores. The best result counts."""


def pack(size, models):
    """Lists of replicas, one for each node."""
    return min((packed(size, models, weight) for weight in ORDERS), key=len)


def packed(size, models, weight):
    left = sorted(models, key=lambda m: weight * m["gb"] / size["gb"] + (2 - weight) * m["cores"] / size["cores"])
    nodes = []
    while left:
        node = [left.pop()]
        gb, cores = size["gb"] - node[0]["gb"], size["cores"] - node[0]["cores"]
        while fits := [m for m in left if m["gb"] <= gb and m["cores"] <= cores and apart(m, node)]:
            best = max(fits, key=lambda m: m["gb"] * gb / size["gb"] ** 2 + m["cores"] * cores / size["cores"] ** 2)
            left.remove(best)
            node.append(best)
            gb, cores = gb - best["gb"], cores - best["cores"]
        nodes.append([model["replica"] for model in node])
    return nodes


def apart(model, node):
    """Whether none of the node's is a replica of the same model."""
    return all(other["model"] != model["model"] for other in node)
