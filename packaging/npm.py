#!/usr/bin/env python3
"""Makes the npm packages: one with the program for each platform, and `ibid`, which starts the one that fits.

  npm.py platform TARGET PROGRAM   target/dist/npm/…-PLATFORM.tgz
  npm.py main                      target/dist/npm/ibid-VERSION.tgz
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from project import (CRATE, DIST, LICENCES, NAMES, PACKAGING, REPOSITORY, ROOT, TARGETS, VERSION, placeholders, program,
                     target_of, write_json)


def platform_name(target):
    return f"{NAMES['npm_platform_scope']}/{target['npm']['name']}"


def manifest(name, description):
    value = {"name": name, "version": VERSION, "description": description, "license": CRATE["license"]}
    if "repository" not in placeholders():
        value["repository"] = {"type": "git", "url": f"git+{REPOSITORY}.git"}
    # A release by trusted publishing says where it was built.
    return value | {"publishConfig": {"access": "public"}}


def pack(folder):
    out = DIST / "npm"
    out.mkdir(parents=True, exist_ok=True)
    for licence in LICENCES:
        shutil.copy(ROOT / licence, folder)
    npm = shutil.which("npm")
    command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(out)]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split()[-1]
    print(f"{out / made}: {(out / made).stat().st_size} bytes")


def make_platform(folder, target, binary):
    entry = target_of(target)
    (folder / "bin").mkdir()
    shutil.copy(binary, folder / "bin" / program(target))
    (folder / "bin" / program(target)).chmod(0o755)
    value = manifest(platform_name(entry), f"The program ibid for {entry['npm']['name']}; install the package {NAMES['npm']}")
    value |= {"os": [entry["npm"]["os"]], "cpu": [entry["npm"]["cpu"]]}
    if "libc" in entry["npm"]:
        value["libc"] = [entry["npm"]["libc"]]
    write_json(folder / "package.json", value | {"preferUnplugged": True})


def make_main(folder):
    (folder / "bin").mkdir()
    shutil.copy(PACKAGING / "npm" / "ibid.js", folder / "bin" / "ibid.js")
    shutil.copy(PACKAGING / "npm" / "README.md", folder)
    packages = {entry["npm"]["name"]: platform_name(entry) for entry in TARGETS.values()}
    write_json(folder / "bin" / "packages.json", packages)
    value = manifest(NAMES["npm"], CRATE["description"]) | {"keywords": CRATE["keywords"]}
    value |= {"bin": {"ibid": "bin/ibid.js"}, "engines": {"node": ">=18"}, "type": "commonjs"}
    write_json(folder / "package.json", value | {"optionalDependencies": {name: VERSION for name in packages.values()}})


def main(arguments):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        match arguments:
            case ["platform", target, binary]:
                make_platform(folder, target, binary)
            case ["main"]:
                make_main(folder)
            case _:
                sys.exit(__doc__)
        pack(folder)


main(sys.argv[1:])
