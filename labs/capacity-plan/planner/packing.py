"""Models on nodes, first fit."""


class Node:
    def __init__(self, size):
        self.gb = size["gb"]
        self.cores = size["cores"]
        self.held = []

    def takes(self, model):
        """Asked when a model is placed."""
        twin = any(other["model"] == model["model"] for other in self.held)
        return model["gb"] <= self.gb and model["cores"] <= self.cores and not twin

    def place(self, model):
        self.gb -= model["gb"]
        self.cores -= model["cores"]
        self.held.append(model)


def pack(size, models):
    """Lists of replicas, one for each node."""
    nodes = []
    for model in models:
        node = next((node for node in nodes if node.gb >= model["gb"]), None)
        if node is None or not node.takes(model):
            node = Node(size)
            nodes.append(node)
        node.place(model)
    return [[model["replica"] for model in node.held] for node in nodes]
