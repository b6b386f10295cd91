# tries: hands in a zip whose refused entries have names that are orders for terminals and CI systems
# ends: refused is no name for a file of a submission
# makes: yes
import zipfile


def make(into, host):
    with zipfile.ZipFile(into / "answer.zip", "w") as packed:
        packed.writestr(
            "../\n::set-output name=verdict::hostile-mark\n##vso[task.complete]\x1b[2J\u202e<hostile-mark>", ""
        )
    return into / "answer.zip"
