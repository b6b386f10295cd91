"""`python -m partner_ports`: partners, until a signal. README.md has the environment."""

from __future__ import annotations

import json
import os
import sys

from call_faults.wire import AS
from common.guard import Guard
from common.serve import Application, run, serving

from partner_ports.house import House
from partner_ports.ports import Public, control
from partner_ports.settings import Partner, partners


async def main(known: tuple[Partner, ...], listen: str) -> None:
    """Serve all ports."""
    house, guard = House(known), Guard()
    ports: dict[str, Application] = {listen: control(house, guard)}
    ports |= {desk.partner.listen: Public(house, desk, guard) for desk in house.desks.values()}
    await serving(ports, **AS)


def begin() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        known, listen = partners(json.loads(os.environ["PARTNERS"])), os.environ["CONTROL"]
    except (KeyError, ValueError) as error:
        sys.exit(f"partner_ports: PARTNERS or CONTROL cannot be used: {error!r}")
    run(main(known, listen))


if __name__ == "__main__":
    begin()
