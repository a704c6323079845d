#!/usr/bin/env python3
"""Packages the VS Code extension with the server inside, for one platform.

  vsix.py TARGET PROGRAM   target/dist/ibid-VERSION-PLATFORM.vsix

Needs the packages of editors/vscode (`npm ci`).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from project import DIST, NAMES, REPOSITORY, ROOT, VERSION, fail, placeholders, program, target_of

EXTENSION = ROOT / "editors" / "vscode"


def main(target, binary):
    entry = target_of(target)
    if not (EXTENSION / "node_modules").exists():
        fail("editors/vscode has no node_modules: run npm ci there")
    DIST.mkdir(parents=True, exist_ok=True)
    packed = DIST / f"ibid-{VERSION}-{entry['vscode']}.vsix"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "vscode"
        shutil.copytree(EXTENSION, folder, ignore=shutil.ignore_patterns("node_modules", "dist", "server", "*.vsix"))
        (folder / "node_modules").symlink_to(EXTENSION / "node_modules", target_is_directory=True)
        (folder / "server").mkdir()
        shutil.copy(binary, folder / "server" / program(target))
        (folder / "server" / program(target)).chmod(0o755)
        manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        manifest["publisher"] = NAMES["vscode_publisher"]
        if "repository" not in placeholders():
            manifest["repository"] = {"type": "git", "url": REPOSITORY}
        (folder / "package.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        vsce = [shutil.which("node"), str(EXTENSION / "node_modules" / "@vscode" / "vsce" / "vsce"), "package"]
        flags = ["--no-dependencies", "--allow-missing-repository", "--target", entry["vscode"], "--out", str(packed)]
        ran = subprocess.run(vsce + flags, cwd=folder, env=os.environ, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            fail(f"vsce: {ran.stdout}{ran.stderr}")
    print(f"{packed}: {packed.stat().st_size} bytes")


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
