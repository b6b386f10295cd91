"""The platform team's check: whatever is not green, and whether it answers."""

MAX_ECHO_MS = 4


def check(cell):
    """What is wrong, in a sentence; None if nothing is."""
    for node in cell.nodes():
        if node["status"] == "green":
            continue
        echo = cell.echo(node["name"], 1)
        if echo["lost"]:
            return f"{node['name']} does not answer"
        if echo["median_ms"] > MAX_ECHO_MS:
            return f"{node['name']} answers in {echo['median_ms']} ms"
    return None
