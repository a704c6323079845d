#!/usr/bin/env python3
"""Packs the archive of one target: the program, completions, manual pages, the plug-in of Neovim and the licences.

  archive.py TARGET PROGRAM [RUNNABLE]   target/dist/ibid-VERSION-TARGET.tar.gz, or .zip for Windows

RUNNABLE is a program of the same version that runs here; it writes the completions and manual pages. Left out, PROGRAM is.
"""

import gzip
import io
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

from project import DIST, LICENCES, ROOT, VERSION, archive_name, fail, is_windows, program, release_time, stem

SHELLS = {"bash": "ibid.bash", "elvish": "ibid.elv", "fish": "ibid.fish", "powershell": "_ibid.ps1", "zsh": "_ibid"}


def pages(runnable):
    """The completions and manual pages, by their paths in the archive."""
    said = subprocess.run([runnable, "-V"], capture_output=True, text=True, check=True).stdout.strip()
    if said != f"ibid {VERSION}":
        fail(f"{runnable} is “{said}”, not version {VERSION}")
    files = {}
    for shell, name in SHELLS.items():
        made = subprocess.run([runnable, "completions", shell], capture_output=True, check=True)
        files[f"completions/{name}"] = made.stdout
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([runnable, "man", folder], capture_output=True, check=True)
        files |= {f"man/man1/{page.name}": page.read_bytes() for page in Path(folder).iterdir()}
    return files


def sources():
    names = ["README.md", "CHANGELOG.md", *LICENCES]
    files = {name: (ROOT / name).read_bytes() for name in names}
    for path in sorted((ROOT / "editors" / "neovim").rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    for path in (ROOT / "editors").glob("*.md"):
        files[f"editors/{path.name}"] = path.read_bytes()
    return files


def tarball(files, executable):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), release_time()
            entry.mode = 0o755 if name == executable else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), mtime=0)


def zipped(files, executable):
    raw = io.BytesIO()
    moment = time.gmtime(release_time())[:6]
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if name == executable else 0o644) << 16
            archive.writestr(entry, content)
    return raw.getvalue()


def main(target, binary, runnable=None):
    files = sources() | pages(runnable or binary) | {program(target): Path(binary).read_bytes()}
    placed = [(f"{stem(target)}/{name}", files[name]) for name in sorted(files)]
    packed = (zipped if is_windows(target) else tarball)(placed, f"{stem(target)}/{program(target)}")
    DIST.mkdir(parents=True, exist_ok=True)
    path = DIST / archive_name(target)
    path.write_bytes(packed)
    print(f"{path}: {len(packed)} bytes, {len(placed)} files")


if len(sys.argv) not in (3, 4):
    sys.exit(__doc__)
main(*sys.argv[1:])
