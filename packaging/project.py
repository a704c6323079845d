"""What the release scripts share: the version, the targets, the addresses, and filling templates in."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlparse

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
# What a release publishes is collected here; the scripts run in any order that has its parts.
DIST = Path(os.environ.get("IBID_DIST", ROOT / "target" / "dist"))


def toml(path):
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


CRATE = toml("Cargo.toml")["package"]
VERSION = CRATE["version"]
RELEASE = toml("packaging/release.toml")
NAMES = RELEASE["names"]
TARGETS = {target["rust"]: target for target in toml("packaging/targets.toml")["target"]}

# A workflow knows its own address better than the file.
REPOSITORY = os.environ.get("IBID_REPOSITORY") or RELEASE["repository"]
LICENCES = ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT", "LICENSE-styles"]


def fail(message):
    sys.exit(f"{Path(sys.argv[0]).name}: {message}")


def target_of(name):
    """The entry of a target; one that is not released, such as Windows by MinGW, gets what its name says."""
    if name in TARGETS:
        return TARGETS[name]
    if name == "x86_64-pc-windows-gnu":
        return TARGETS["x86_64-pc-windows-msvc"] | {"rust": name}
    return fail(f"unknown target {name}; there are {', '.join(TARGETS)}")


def is_windows(target):
    return "windows" in target


def program(target):
    return "ibid.exe" if is_windows(target) else "ibid"


def stem(target):
    return f"ibid-{VERSION}-{target}"


def archive_name(target):
    return stem(target) + (".zip" if is_windows(target) else ".tar.gz")


def release_time():
    """Seconds since 1970 that all packed files carry, so that the same commit gives the same bytes."""
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is None:
        log = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
        said = log.stdout.strip() or "315532800"
    return int(said)


def placeholders():
    """The values of release.toml that are not real yet."""
    values = {key: value for key, value in RELEASE.items() if isinstance(value, str)} | {"repository": REPOSITORY}
    return {key: value for key, value in values.items() if ".invalid" in value or value == value.upper()}


def substitutions(sums):
    """Everything that may stand between @@ in a template. `sums` are the checksums of archives by name."""
    values = {
        "version": VERSION,
        "description": CRATE["description"],
        "license": CRATE["license"],
        "repository": REPOSITORY,
        "owner_and_name": urlparse(REPOSITORY).path.strip("/"),
        "download": f"{REPOSITORY}/releases/download/v{VERSION}",
        "maintainer": RELEASE["maintainer"],
        "maintainer_mail": RELEASE["maintainer_mail"],
        **NAMES,
    }
    for target in TARGETS:
        values[f"archive:{target}"] = archive_name(target)
        values[f"sha256:{target}"] = sums.get(archive_name(target))
    return values


def fill(text, values):
    """Puts values in place of @@name@@, and gives the names that have no value beside the text."""
    missing = []

    def value(match):
        found = values.get(match[1])
        if found is None:
            missing.append(match[1])
        return "0" * 64 if found is None else found

    return re.sub(r"@@([a-z0-9_:-]+)@@", value, text), missing


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
