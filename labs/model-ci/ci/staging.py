"""What passes goes into the team's staging."""


def deploy(forge, name):
    forge.send("PUT", "staging", {"bundle": name})
    smoke = forge.send("POST", "staging/smoke")
    print(f"{name}: deployed; smoke test: {smoke['ok']} of {smoke['calls']} ok")
