"""Files and folders out of an archive, in place: a folder that is mounted elsewhere stays the same folder."""

import io
import os
import shutil
import tarfile
from pathlib import Path


def unpack(packed, root):
    """Make what is below `root` what the archive (tar.gz, bytes) says: regular files, folders, links."""
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        members = {member.name: member for member in archive}
        _remove_others(Path(root), members)
        for member in sorted(members.values(), key=lambda one: one.issym()):
            _place(archive, member, Path(root, member.name))


def _place(archive, member, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    if member.isdir():
        path.mkdir(exist_ok=True)
    elif member.issym():
        os.symlink(member.linkname, path)
    elif member.isfile():
        path.write_bytes(archive.extractfile(member).read())
        path.chmod(0o755 if member.mode & 0o100 else 0o644)
        os.utime(path, (member.mtime, member.mtime))


def _remove_others(root, members):
    """What the archive has not, or has as something else; links always."""
    parents = {str(parent) for name in members for parent in Path(name).parents}
    for folder, folders, files in os.walk(root, topdown=False):
        for path in (Path(folder, name) for name in (*files, *folders)):
            name = str(path.relative_to(root))
            member = members.get(name)
            kept = path.is_dir() if name in parents else member is not None and path.is_dir() == member.isdir()
            if path.is_symlink() or not kept:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
