"""What the experiment does: tables and trainers change, the pipeline releases and rolls back, and the api crashes."""

from __future__ import annotations

from grader.labkit import answers, control, current, kill_service, read, start_service

LOOK_S = 0.03
WAITS_S, AFTER_S, DEAD_S = 1.5, 0.2, 0.5
API = "http://front:8080/rents/healthz"


def plan(seed_of: int, before: int) -> bool:
    """Begin a time of its own; whether both sealed parts have it."""
    given = {"seed": int(seed_of), "before": int(before)}
    return bool(control("foundry", 9000, "/plan", given)["seed"] == given["seed"] == _front("/plan", given)["seed"])


def dawn(before: int, each_s: float) -> None:
    """The releases of the first morning, one after the other, for each of which there is some time."""
    for k in range(1, int(before) + 2):
        begun = current().now()
        release(before, k - 1 - int(before))
        current().hurry.wait(max(0.0, begun + float(each_s) - current().now()))


def release(before: int, after: int) -> bool:
    """The table and the trainer change, and the release is asked for that comes so many after the first morning's last
    one; whether the foundry has them."""
    k = 1 + int(before) + int(after)
    there = control("foundry", 9000, "/due", {"k": k})
    _front("/act", {"do": "release", "k": k})
    return bool(there["k"] == k)


def rollback(target: int) -> bool:
    """Roll back to a release."""
    _front("/act", {"do": "rollback", "k": int(target)})
    return True


def crash(before: int, after: int, call: int) -> bool:
    """A release is asked for. Then the api is killed, and started again: when this call of it to the trainer is held
    back, or, with 0, as soon as it was answered; whether it was gone."""
    context = current()
    k, held = str(1 + int(before) + int(after)), read("foundry", 9000, "/ledger")["held"]
    control("foundry", 9000, "/hold", {"call": int(call)})
    release(before, after)
    by = context.now() + WAITS_S
    while context.now() < by and not context.hurry.wait(LOOK_S):
        answered = not int(call) and k in read("front", 9000, "/ledger")["ids"]
        if answered or read("foundry", 9000, "/ledger")["held"] > held:
            break
    context.hurry.wait(AFTER_S if int(call) else 0.0)
    kill_service("api")
    back = context.now() + DEAD_S
    gone = not answers(API, timeout_s=0.3)
    control("foundry", 9000, "/lift")
    context.hurry.wait(max(0.0, back - context.now()))
    start_service("api")
    return gone


def anew(before: int, again: int) -> None:
    """After the crash: roll back to a release, or with 0 make one more."""
    if int(again):
        rollback(again)
    else:
        release(before, 4)


def ended(before: int, again: int) -> bool:
    """Whether the foundry has what the last release is made from."""
    return there(before, 3 if int(again) else 4)


def there(before: int, after: int) -> bool:
    """Whether the foundry still has the table and the trainer of this release."""
    return bool(read("foundry", 9000, "/ledger")["k"] == 1 + int(before) + int(after))


def _front(path: str, payload: object) -> dict[str, object]:
    said: dict[str, object] = control("front", 9000, path, payload)
    return said
