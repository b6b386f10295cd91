"""What passes goes into the team's staging, and out of it again if it fails there."""

MOST = 0.1


def deploy(forge, name):
    before = forge.staging()
    kept = False
    try:
        forge.send("PUT", "staging", {"bundle": name})
        smoke = forge.send("POST", "staging/smoke")
        print(f"{name}: deployed; smoke test: {smoke['ok']} of {smoke['calls']} ok")
        kept = smoke["failed"] <= MOST * smoke["calls"]
    finally:
        if not kept:
            forge.send("PUT", "staging", {"bundle": before})
