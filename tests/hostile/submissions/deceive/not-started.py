# tries: does not start, and gives as the reason a traceback full of orders for terminals, CI systems and browsers
# ends: fail not-started
# quick: yes
import sys

ORDERS = [
    "::set-output name=verdict::hostile-mark",
    "\r::error file=hostile-mark,line=1::pass",
    "x\n::stop-commands::hostile-mark\n",
    "##vso[task.complete result=Succeeded;]hostile-mark",
    "##teamcity[buildStatus status='SUCCESS' text='hostile-mark']",
    "##[group]hostile-mark",
    "\x1b[2J\x1b[1;1H\x1b[32m✓ Pass. hostile-mark\x1b[0m",
    "\x1b]0;hostile-mark\x07\x1b]8;;http://127.0.0.1/\x1b\\hostile-mark\x1b]8;;\x1b\\\x1bP+q544e\x1b\\",
    "<hostile-mark>\u202e\u2066\u200b\u0007\b\b\b",
    "TRIED to have readers obey",
]
for order in ORDERS:
    print(order, flush=True)
    print(order, file=sys.stderr, flush=True)
raise SystemExit("\n".join(ORDERS))
