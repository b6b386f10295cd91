# tries: changes Python for whoever comes next: the image's packages, start-up files, compiled modules, the interpreter
# ends: fail objective-missed
# twice: yes
import os
import site
import sys
import sysconfig

from attempts import attempt

ORDER = "open('/tmp/poisoned', 'w')\n"
PLACES = sorted(
    {*sys.path, *site.getsitepackages(), *sysconfig.get_paths().values(), site.getusersitepackages(), "/app"}
)


def written(path, text):
    with open(path, "a") as file:
        return file.write(text)


attempt("Python was changed by another", lambda: os.path.exists("/tmp/poisoned"))
for place in PLACES:
    if place and not place.startswith(("/tmp", "/data")):
        for name in ("it.pth", "sitecustomize.py", "routing.py", "__pycache__/json.cpython-311.pyc"):
            attempt(f"{place}/{name}", lambda: written(f"{place}/{name}", ORDER))
attempt("a module of Python's", lambda: written(os.__file__, ORDER))
attempt("the interpreter", lambda: written(sys.executable, "x"))
attempt(
    "its configuration",
    lambda: written(os.path.join(sys.prefix, "pyvenv.cfg"), "include-system-site-packages = true\n"),
)
