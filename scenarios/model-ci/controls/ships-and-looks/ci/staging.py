"""What passes goes into the team's staging."""

MOST = 0.1


def deploy(forge, name):
    forge.send("PUT", "staging", {"bundle": name})
    smoke = forge.send("POST", "staging/smoke")
    if smoke["failed"] > MOST * smoke["calls"]:
        print(f"{name}: SMOKE TEST FAILED: {smoke['errors']}")
