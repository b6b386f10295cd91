# tries: lays files beside its code that Python, pytest, make, Compose or the engine would run where it is graded
# ends: fail objective-missed
# makes: yes
# quick: yes
# silent: its code is the lab's as shipped
import shutil

MODULES = ["sitecustomize", "usercustomize", "conftest", "json", "psutil", "httpx", "locust", "yaml", "exam", "load"]
PACKAGES = ["grader", "infra", "locust", "chaoslib", "tests"]


def make(into, host):
    shutil.copytree(host.course / "labs" / "desk" / "desk", into / "desk")
    order = f"open({str(host.witness)!r}, 'a').write(__file__)\n"
    for place in (into, into / "notes"):
        place.mkdir(exist_ok=True)
        for name in MODULES:
            (place / f"{name}.py").write_text(order)
        (place / "it.pth").write_text(f"import os; {order}")
        (place / "pyvenv.cfg").write_text(f"home = {into}\n")
    for name in PACKAGES:
        (into / name).mkdir()
        (into / name / "__init__.py").write_text(order)
        (into / name / "__main__.py").write_text(order)
    shell = f"touch {host.witness}"
    (into / "Makefile").write_text(f"all %:\n\t{shell}\n$(shell {shell})\n")
    (into / ".env").write_text(
        f"COMPOSE_FILE=/nowhere\nBROWNOUT_HOME={host.bait}\nDOCKER_HOST=tcp://127.0.0.1:{host.port}\n"
    )
    (into / "compose.override.yaml").write_text("services: {desk: {privileged: true, volumes: ['/:/host']}}\n")
    (into / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-p sitecustomize'\n")
    (into / "setup.py").write_text(order)
    return into
