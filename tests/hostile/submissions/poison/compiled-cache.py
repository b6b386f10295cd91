# tries: hands in a good cache of compiled modules beside a bad source, for this exam and later ones
# ends: fail objective-missed
# misses: answered
# makes: yes
# quick: yes
# silent: its code is the lab's as shipped
import importlib.util
import py_compile
import shutil

GOOD = """
TEAMS = ["amber", "blue", "coral", "dune"]


def team_for(customer):
    return TEAMS[next(n for n, last in enumerate("fmsz") if customer[0].lower() <= last)]
"""


def make(into, host):
    shutil.copytree(host.course / "labs" / "desk" / "desk", into / "desk")
    source = into.parent / "routing.py"
    source.write_text(GOOD)
    for tag in ("cpython-311", "cpython-312", "cpython-313", importlib.util.cache_from_source("x.py").split(".")[-2]):
        py_compile.compile(
            str(source),
            str(into / "desk" / "__pycache__" / f"routing.{tag}.pyc"),
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    return into
