# tries: hands in a folder whose own name is an order, which the refusal then says
# ends: refused has none of the files that may be edited
# makes: yes


def make(into, host):
    folder = into / "a\n::set-output name=verdict::hostile-mark\n\x1b[2J##vso[task.complete]\u202e<hostile-mark>"
    folder.mkdir()
    (folder / "README.md").write_text("✓ Pass.")
    return folder
