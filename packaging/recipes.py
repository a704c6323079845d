#!/usr/bin/env python3
"""Fills the recipes for other people's collections in, with the checksums of the archives of this release.

  recipes.py            target/dist/recipes; what is missing is named and stands as zeros
  recipes.py --release  fails where anything is missing or a placeholder
"""

import sys
from pathlib import Path

from project import DIST, PACKAGING, fail, fill, placeholders, substitutions

FOLDERS = [PACKAGING / "recipes", PACKAGING / "zed"]


def checksums():
    file = DIST / "SHA256SUMS"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {name.lstrip("*./"): digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def templates():
    for folder in FOLDERS:
        base = folder if folder.name == "recipes" else folder.parent
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(base)
            if path.is_file() and "target" not in inside.parts and path.name != "Cargo.lock":
                yield path, inside


def main(is_release):
    values = substitutions(checksums())
    unknown, count = set(), 0
    for path, inside in templates():
        text, missing = fill(path.read_text(encoding="utf-8"), values)
        out = DIST / "recipes" / inside
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
        unknown |= set(missing)
        count += 1
    wrong = sorted(name for name in unknown if not name.startswith("sha256:"))
    if wrong:
        fail(f"no such value: {', '.join(wrong)}")
    for name in sorted(unknown):
        print(f"no checksum yet: {name}")
    for name, value in placeholders().items():
        print(f"a placeholder: {name} = {value}")
    if is_release and (unknown or placeholders()):
        fail("the recipes are not ready to hand in")
    print(f"{count} files in {DIST / 'recipes'}")


main("--release" in sys.argv[1:])
