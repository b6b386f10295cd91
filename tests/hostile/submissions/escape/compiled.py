# tries: hands in compiled modules, which Python would load where it is graded, and nobody can read
# ends: refused is compiled code
# makes: yes
import py_compile


def make(into, host):
    (into / "desk").mkdir()
    (into / "desk" / "routing.py").write_text("from hidden import team_for\n")
    source = into.parent / "hidden.py"
    source.write_text(f"open({str(host.witness)!r}, 'a').write('ran')\n")
    for path in (into / "desk" / "hidden.pyc", into / "grader.pyc", into / "json.pyc"):
        py_compile.compile(str(source), str(path), doraise=True)
    return into
