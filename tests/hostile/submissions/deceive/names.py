# tries: hands in files whose names are verdicts or orders for terminals, or look like other names
# ends: fail objective-missed
# makes: yes
# quick: yes
# silent: its code is the lab's as shipped
import shutil

NAMES = [
    "✓ Pass. Your system kept all objectives",
    "PASS",
    "verdict: pass",
    "a\n::set-output name=verdict::hostile-mark",
    "a\r::error::hostile-mark",
    "##vso[task.complete result=Succeeded]hostile-mark",
    "\x1b[2K\x1b[1Ahostile-mark",
    "ro\u200buting.py",
    "\u202eyp.gnituor",
    "r\u043euting.py",
    "<hostile-mark onload=alert(1)>",
    "=cmd|' hostile-mark'!A0",
    "$(touch x)`touch y`;touch z",
    "--help",
    "e\u0301" * 60,
]


def make(into, host):
    shutil.copytree(host.course / "labs" / "desk" / "desk", into / "desk")
    for name in NAMES:
        (into / name).write_text("nothing")
        (into / "desk" / name).write_text("nothing")
    (into / "notes").mkdir()
    (into / b"notes/not \xff utf-8".decode(errors="surrogateescape")).write_text("nothing")
    return into
