# tries: hands in a repository whose own configuration, hooks and attributes have git run programs
# ends: fail objective-missed
# makes: yes
# silent: its code is the lab's as shipped
import shutil
import subprocess


def make(into, host):
    shutil.copytree(host.course / "labs" / "desk" / "desk", into / "desk")
    order = f"touch {host.witness}"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(into)]
    subprocess.run([*git, "init", "-q"], check=True)
    (into / ".gitattributes").write_text("* filter=it diff=it merge=it\n")
    (into / ".gitmodules").write_text(f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c {order!r}\n')
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "::set-output name=hostile-mark::pass"], check=True)
    with (into / ".git" / "config").open("a") as config:
        config.write(f'[core]\n\tfsmonitor = "{order}"\n\tsshCommand = "{order}"\n\tpager = "{order}"\n')
        config.write(f'[filter "it"]\n\tsmudge = "{order}"\n\tclean = "{order}"\n[diff "it"]\n\ttextconv = "{order}"\n')
    for hook in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (into / ".git" / "hooks" / hook).write_text(f"#!/bin/sh\n{order}\n")
        (into / ".git" / "hooks" / hook).chmod(0o755)
    return into
