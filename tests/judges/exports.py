#!/usr/bin/env python3
"""Exports every key of some corpora with ibid, and has pandoc and pybtex read the exports.

    tests/judges/exports.py [--require] [--ibid IBID] [FILE…]

A note cites every key of a file that the file gives one entry; the export must have each of them, under that spelling,
in the .bib file as pandoc and pybtex read it and in the CSL-JSON file as pandoc reads it. Without FILEs the .bib and
CSL-JSON files of tests/formats, tests/judges and, where it is there, ../shared/quality/data/cdl.bib.xz are taken.
Files may be compressed by xz. Without pandoc (the package `pypandoc_binary`) nothing is checked, which is said; with
--require it is an error.
"""

import argparse
import collections
import importlib.util
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OTHER_ENTRIES = {"comment", "string", "preamble", "xdata", "set"}
# What pandoc reads as a key.
KEY = re.compile(r"[\w.:;?!`'()/*@+=\-\[\]&$]+")


def defaults():
    own = [*ROOT.glob("tests/formats/*.bib"), *ROOT.glob("tests/formats/zotero.json"), *ROOT.glob("tests/judges/reference_lists/references.*")]
    return [*sorted(own), *ROOT.parent.glob("shared/quality/data/cdl.bib.xz")]


def keys_of(name, text):
    if name.endswith(".json"):
        items = json.loads(text)
        keys = [str(item["id"]) for item in (items if isinstance(items, list) else items.get("items", [])) if "id" in item]
    else:
        found = re.findall(r"^[ \t]*@(\w+)[ \t]*[{(][ \t]*([^\s,={}]+)[ \t]*,", text, re.M)
        keys = [key for kind, key in found if kind.lower() not in OTHER_ENTRIES]
    # pandoc reads no key with a mark that combines with the letter before it, and pybtex none that differs from another
    # in its capitals only.
    def is_plain(key):
        return KEY.fullmatch(key) and not any(map(unicodedata.combining, key))

    count = collections.Counter(key.lower() for key in keys)
    return {key for key in keys if count[key.lower()] == 1 and is_plain(key)}


def run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)


def read_by_pandoc(pandoc, file):
    kind = "csljson" if file.suffix == ".json" else "biblatex"
    done = run([pandoc, "-f", kind, "-t", "csljson", file])
    if done.returncode != 0:
        return None, done.stderr.strip()[:300]
    return {item["id"] for item in json.loads(done.stdout)}, ""


def read_by_pybtex(file):
    from pybtex.database import parse_file

    return set(parse_file(str(file)).entries.keys())


def check(ibid, pandoc, file, folder):
    name = file.name.removesuffix(".xz")
    text = (lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()).decode("utf-8", "replace")
    keys = keys_of(name, text)
    folder.mkdir()
    (folder / name).write_text(text)
    (folder / "ibid.toml").write_text("")
    (folder / "note.md").write_text("".join(f"[@{{{key}}}]\n\n" for key in sorted(keys)))
    environment = dict(os.environ, IBID_CACHE_DIR=str(folder.with_suffix(".cache")), IBID_CONFIG_DIR=str(folder.with_suffix(".config")), IBID_ZOTERO_PROFILES="")
    faults = []
    for ending, kind in (("bib", "bibtex"), ("json", "csl-json")):
        export = folder.with_suffix(f".{ending}")
        done = run([ibid, "export", "--root", folder, "--to", kind], env=environment)
        export.write_text(done.stdout)
        if done.returncode not in (0, 1):
            faults.append(f"{kind}: ibid failed: {done.stderr.strip()[:300]}")
            continue
        read, fault = read_by_pandoc(pandoc, export)
        readings = {f"{kind}, pandoc": read}
        if fault:
            faults.append(f"{kind}: pandoc refuses it: {fault}")
        if kind == "bibtex" and importlib.util.find_spec("pybtex") is not None:
            try:
                readings["bibtex, pybtex"] = read_by_pybtex(export)
            except Exception as error:  # whatever it is, the file is not read
                faults.append(f"bibtex: pybtex refuses it: {error}")
        for reader, found in readings.items():
            lacking = sorted(keys - found) if found is not None else []
            if lacking:
                faults.append(f"{reader}: {len(lacking)} keys are missing, among them {', '.join(lacking[:8])}")
    print(f"{'FAILED' if faults else 'ok':7} {file.name:28} {len(keys)} keys")
    for fault in faults:
        print("   ", fault)
    return not faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--require", action="store_true", help="fail where pandoc is not installed")
    parser.add_argument("--ibid", type=Path, help="the program [default: $IBID_BIN, else target/debug/ibid]")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    ibid = (arguments.ibid or Path(os.environ.get("IBID_BIN", ROOT / "target/debug/ibid"))).resolve()
    if importlib.util.find_spec("pypandoc") is None:
        print("SKIPPED: pandoc is not installed, so no export is read (pip install pypandoc_binary pybtex)")
        return 1 if arguments.require else 0
    import pypandoc

    pandoc = pypandoc.get_pandoc_path()
    with tempfile.TemporaryDirectory() as temporary:
        files = arguments.files or defaults()
        results = [check(ibid, pandoc, file, Path(temporary) / f"v{at}") for at, file in enumerate(files)]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
