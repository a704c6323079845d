#!/usr/bin/env python3
"""Prepares a release.

  prepare.py version 0.2.0    writes the version wherever one stands
  prepare.py addresses        writes the addresses of release.toml into the manifests
  prepare.py check [v0.2.0]   fails where a placeholder is left, or where the tag is not the version
  prepare.py matrix           prints the targets as the workflow wants them
"""

import json
import re
import sys

from project import NAMES, REPOSITORY, ROOT, TARGETS, VERSION, fail, placeholders

VERSION_LINES = [
    ("Cargo.toml", r'(?m)^(version = ")[^"]+(")', 1),
    ("Cargo.lock", r'(name = "ibid"\nversion = ")[^"]+(")', 1),
    ("editors/vscode/package.json", r'(?m)^(  "version": ")[^"]+(")', 1),
    ("editors/vscode/package-lock.json", r'("name": "ibid",\s+"version": ")[^"]+(")', 2),
    ("editors/neovim/lua/ibid/init.lua", r"(?m)^(M\.version = ')[^']+(')", 1),
]


def rewrite(path, pattern, replacement, count):
    file = ROOT / path
    text, done = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), count=count)
    if done != count:
        fail(f"{path}: {done} places in place of {count}; nothing is written there")
    file.write_text(text, encoding="utf-8")
    print(path)


def set_version(version):
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9a-z.]+)?", version):
        fail(f"not a version: {version}")
    for path, pattern, count in VERSION_LINES:
        rewrite(path, pattern, rf"\g<1>{version}\g<2>", count)


def set_addresses():
    if "repository" in placeholders():
        fail("the repository in packaging/release.toml is a placeholder; nothing is written")
    cargo = ROOT / "Cargo.toml"
    if re.search(r"(?m)^repository = ", cargo.read_text(encoding="utf-8")):
        rewrite("Cargo.toml", r'(?m)^(repository = ")[^"]+(")', rf"\g<1>{REPOSITORY}\g<2>", 1)
    else:
        rewrite("Cargo.toml", r'(?m)^(license = "[^"]+")', rf'\g<1>\nrepository = "{REPOSITORY}"', 1)
    manifest = ROOT / "editors/vscode/package.json"
    value = json.loads(manifest.read_text(encoding="utf-8"))
    value["repository"] = {"type": "git", "url": REPOSITORY}
    value["publisher"] = NAMES["vscode_publisher"]
    manifest.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print("editors/vscode/package.json")


def check(tag=None):
    left = [f"{key} = {value}" for key, value in placeholders().items()]
    if left:
        fail("placeholders are left in packaging/release.toml: " + "; ".join(left))
    if not re.search(r"(?m)^repository = ", (ROOT / "Cargo.toml").read_text(encoding="utf-8")):
        fail("Cargo.toml has no repository yet: run packaging/prepare.py addresses, and commit")
    if tag is not None and tag != f"v{VERSION}":
        fail(f"the tag is {tag}, the version is {VERSION}")
    print(f"ready to release {VERSION} from {REPOSITORY}")


def matrix():
    print(json.dumps({"include": [{key: entry[key] for key in ("rust", "runner", "native", "zig")} for entry in TARGETS.values()]}))


def main(arguments):
    match arguments:
        case ["version", version]:
            set_version(version)
        case ["addresses"]:
            set_addresses()
        case ["check", *tag] if len(tag) < 2:
            check(*tag)
        case ["matrix"]:
            matrix()
        case _:
            sys.exit(__doc__)


main(sys.argv[1:])
