"""Bytes that cross a zone, a region, or the door."""

from prices import transfer


def findings(fleet):
    """Whoever reads moves to whoever sends; and everything is compressed."""
    for flow in fleet["flows"]:
        each = transfer(fleet, flow["from"], flow["to"])
        if flow["to"] != "internet" and flow["to"] != flow["from"]:
            yield {"resource": flow["name"], "action": "move", "zone": flow["from"]}, flow["gb"] * each
        yield {"resource": flow["name"], "action": "compress"}, flow["gb"] * each * (1 - flow["compresses_to"])
