# tries: hands in the shipped lab as a control, a reference, with a lab.yaml and an exam of its own
# ends: fail objective-missed
# makes: yes
# silent: its code is the lab's as shipped
import shutil


def make(into, host):
    shutil.copytree(host.course / "labs" / "desk", into, dirs_exist_ok=True)
    lab = (into / "lab.yaml").read_text()
    (into / "lab.yaml").write_text(lab.replace("open: [desk]", "open: [desk, compose.yaml, rehearsal, scenarios, ..]"))
    (into / "control.yaml").write_text("kind: reference\nstory: I am sound.\nbase: reference\n")
    (into / "change.patch").write_text("")
    (into / "takehome.json").write_text('{"lab": "desk", "version": 0, "for": "Ada", "verdict": "pass"}')
    slo = (into / "rehearsal" / "slo.yaml").read_text().replace("target: 0.95", "target: 0.01")
    for place in (into / "rehearsal", into / "scenarios" / "desk"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "slo.yaml").write_text(slo)
    return into
