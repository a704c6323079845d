#!/usr/bin/env python3
"""Holds what ibid reads and exports against pandoc and pybtex.

    compare.py [--ibid BINARY] [--pandoc BINARY] [--required] [--whole] [--only NAME] [--show N] [FILE…]

Every bibliography of tests/formats, of tests/judges/cases and of ../shared/quality/data that pandoc can read is read by
both, of a very large one every eighth entry. Entries, keys, titles as plain text, family names, whole names, year, DOI, container and type have to agree, or the
difference falls under a kind of explained.toml. Where pandoc itself misreads one of the cases, right.toml has the right
value. Then a note that cites every key is exported as CSL-JSON and BibTeX: pandoc has to find every key in both, read
them alike, and pybtex has to read the latter.

pandoc comes from PyPI's `pypandoc_binary` (or the path); where there is none, the comparison is left out aloud, unless
it is --required. The exit status is 1 where a difference is not explained.
"""

import argparse
import json
import lzma
import re
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from facts import Difference, Facts, corrected, differences, facts, folded
from kinds import Explained
from programs import Ibid, Pandoc, entries_by_key, entry_lines, find_pandoc, keys_by_pybtex

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
OUTSIDE = REPOSITORY.parent / "shared" / "quality" / "data"
# A bibliography of more bytes than this is read in part, unless it is to be read --whole: one entry of so many.
LARGE = 1_000_000
ONE_OF = 8


@dataclass
class Corpus:
    """One bibliography and how pandoc is to read it."""

    name: str
    file: Path
    format: str
    is_sample: bool = False


@dataclass
class Findings:
    """What came of one corpus: differences by stage, each with the entry it is about."""

    corpus: Corpus
    entries: int = 0
    notes: list = field(default_factory=list)
    found: list = field(default_factory=list)

    def add(self, stage, difference, source=""):
        self.found.append((stage, difference, source))


def main():
    arguments = parse_arguments()
    pandoc = find_pandoc(arguments.pandoc)
    if pandoc is None:
        print("SKIPPED: there is no pandoc (pip install pypandoc_binary pybtex); nothing was compared")
        return 1 if arguments.required else 0
    pandoc = Pandoc(pandoc)
    print(f"{pandoc.version()} beside {arguments.ibid}")
    begin = time.monotonic()
    corpora = [one for one in find_corpora(arguments.files) if arguments.only in one.name]
    for corpus in corpora:
        corpus.is_sample = not arguments.whole and corpus.format == "biblatex" and corpus.file.stat().st_size > LARGE
    right = tomllib.loads((HERE / "right.toml").read_text(encoding="utf-8"))
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(lambda corpus: compare(corpus, arguments.ibid, pandoc, right), corpora))
    status = report(results, Explained(), arguments.show)
    print(f"took {time.monotonic() - begin:.0f} s")
    return status


def parse_arguments():
    builds = [REPOSITORY / "target" / build / "ibid" for build in ("release", "debug")]
    built = next((str(build) for build in builds if build.exists()), "ibid")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="compare these instead")
    parser.add_argument("--ibid", default=built, metavar="BINARY")
    parser.add_argument("--pandoc", metavar="BINARY")
    parser.add_argument("--required", action="store_true", help="fail where pandoc is missing")
    parser.add_argument("--whole", action="store_true", help="all entries of very large bibliographies too")
    parser.add_argument("--show", type=int, default=12, metavar="N", help="show so many differences of a field")
    parser.add_argument("--only", default="", metavar="NAME", help="the corpora whose name holds this")
    return parser.parse_args()


def find_corpora(files):
    """The files that are named, or all there are; says which of them pandoc cannot read."""
    if not files:
        files = [file for folder in (REPOSITORY / "tests" / "formats", HERE / "cases") for file in below(folder)]
        files += sorted(OUTSIDE.glob("*.bib.xz"))
        if not OUTSIDE.exists():
            print("SKIPPED: the large bibliographies of ../shared/quality/data are not here")
    corpora, unread = [], []
    for file in files:
        name = file.relative_to(HERE.parent) if file.is_relative_to(HERE.parent) else file.name
        if form := format_of(file):
            corpora.append(Corpus(str(name), file, form))
        else:
            unread.append(file.name)
    if unread:
        print(f"not in a format of pandoc's: {', '.join(unread)}")
    return corpora


def below(folder):
    return sorted(file for file in folder.rglob("*") if file.is_file())


def format_of(file):
    """pandoc's name for the format of a file; `None` where it has none."""
    suffix = file.name.removesuffix(".xz").rpartition(".")[2].lower()
    if suffix in ("bib", "biblatex"):
        return "biblatex"
    if suffix == "ris":
        return "ris"
    text = file.read_bytes()[:4096].decode("utf-8", errors="replace")
    if suffix == "json" and re.match(r'\s*\[\s*\{[^{}\[\]]*"(id|type)"\s*:', text) and '"itemType"' not in text:
        return "csljson"
    if suffix in ("yaml", "yml") and re.search(r"^references:", text, re.M):
        return "csl-yaml"
    if suffix == "xml" and "<rec-number>" in text:
        return "endnotexml"
    return None


def compare(corpus, binary, pandoc, right):
    """Reads and exports one corpus with all programs."""
    findings = Findings(corpus)
    with tempfile.TemporaryDirectory() as folder:
        file = unpacked(corpus, Path(folder))
        items, refused = pandoc.items(file, corpus.format)
        source = file.read_bytes().decode("utf-8", errors="replace")
        sources = entries_by_key(source) if corpus.format == "biblatex" else {}
        known = right.get(corpus.file.name, {})
        theirs = right_facts(items, known)
        made_up = {key for key in theirs if is_made_up(key, corpus.format, source)}
        vault = Path(folder, "vault")
        vault.mkdir()
        ibid = Ibid(binary, vault)
        keys = [key for key in [*theirs, *keys_of_refused(refused)] if key not in made_up]
        titles = [theirs[key].texts.get("title", "") for key in theirs if key in made_up]
        ibid.fill(file, [f"[@{{{key}}}]" for key in keys] + [f"[[{title}]]" for title in titles])
        exports = written_exports(ibid)
        compare_reading(findings, theirs, made_up, len(items) + len(refused), sources, ibid, exports)
        compare_export(findings, keys, exports, pandoc)
    return findings


def unpacked(corpus, folder):
    """The file without its compression, and of a sample only the entries that are in it."""
    file = corpus.file
    if file.suffix != ".xz" and not corpus.is_sample:
        return file
    content = lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()
    plain = folder / file.name.removesuffix(".xz")
    plain.write_bytes(sample(content.decode("utf-8", errors="replace")).encode() if corpus.is_sample else content)
    return plain


def sample(text):
    """One of so many entries of a .bib text, with what they inherit from and all that is no entry."""
    lines, starts = entry_lines(text)
    blocks = ["\n".join(lines[start:end]) for start, end in zip(starts, starts[1:])]
    is_shared = lambda block: re.match(r"\s*@(string|preamble|xdata)\b", block, re.I)
    kept = {at for at, block in enumerate(blocks) if at % ONE_OF == 0 or is_shared(block)}
    wanted = {key for at in kept for key in re.findall(r"crossref\s*=\s*[{\"]\s*([^},\"]+)", blocks[at])}
    key = lambda block: next(iter(entries_by_key(block)), None)
    kept |= {at for at, block in enumerate(blocks) if wanted and key(block) in wanted}
    return "\n".join(blocks[at] for at in sorted(kept)) + "\n"


def is_made_up(key, format, source):
    """Whether pandoc has made up a key where the file has none; EndNote's are the numbers of its records."""
    return format == "endnotexml" or (format != "biblatex" and (not key or key not in source))


def right_facts(items, right):
    """What is right for every key that stands for one entry: what pandoc says, save where it is known to be wrong."""
    times = Counter(item.get("id", "") for item in items)
    known = {key: facts(item) for item in items if times[key := item.get("id", "")] == 1}
    for key, values in right.items():
        known[key] = corrected(known.get(key, Facts()), values)
    return known


def keys_of_refused(refused):
    return [key for entry in refused for key in entries_by_key(entry)]


def written_exports(ibid):
    """All that the note cites, once in each format."""
    folder = ibid.vault / ".cache"
    files = {"export.json": "csl-json", "export.bib": "bibtex"}
    folder.mkdir(exist_ok=True)
    for name, format in files.items():
        (folder / name).write_text(ibid.export(format) or "[]", encoding="utf-8")
    return {name: folder / name for name in files}


def compare_reading(findings, theirs, made_up, entries, sources, ibid, exports):
    """Entries, keys and every field, by way of the export as CSL-JSON. Keys that pandoc has made up name no entry."""
    findings.entries = ibid.index()["records"]
    expected = max(entries, len(theirs))
    if findings.entries != expected:
        findings.add("reading", Difference("", "entries", str(expected), str(findings.entries)))
    ours = {item["id"]: facts(item) for item in read_json(exports["export.json"])}
    titles = {value.texts.get("title", ""): value for value in ours.values()}
    for key, value in theirs.items():
        mine = titles.get(value.texts.get("title", "")) if key in made_up else ours.get(key)
        if mine is None:
            findings.add("reading", Difference(key, "key", key, ""), sources.get(key, ""))
            continue
        for difference in differences(key, value, mine):
            findings.add("reading", difference, sources.get(key, ""))


def compare_export(findings, keys, exports, pandoc):
    """Both exports have every key for every program, and say the same."""
    bib = exports["export.bib"]
    sources = entries_by_key(bib.read_text(encoding="utf-8"))
    for name, file in exports.items():
        for key in pandoc.not_found(file, keys):
            findings.add(name, Difference(key, "key", "", "not found by pandoc"), sources.get(key, ""))
    by_pybtex = keys_by_pybtex(bib)
    if by_pybtex is None:
        findings.notes.append("pybtex is not installed")
    else:
        for key in sorted(set(keys) - by_pybtex):
            findings.add("export.bib", Difference(key, "key", "", "not found by pybtex"), sources.get(key, ""))
    again, refused = pandoc.items(bib, "biblatex")
    for entry in refused:
        findings.add("export.bib", Difference("", "entries", "pandoc refuses it", entry[:80]))
    back = {item["id"]: facts(item) for item in again}
    for item in read_json(exports["export.json"]):
        key = item["id"]
        for difference in differences(key, back[key], facts(item)) if key in back else []:
            findings.add("export.bib", difference, sources.get(key, ""))


def read_json(file):
    return json.loads(file.read_text(encoding="utf-8"))


def report(results, explained, most_shown):
    """Says what came out, kinds last, and gives the exit status. A corpus is one check for each of its stages."""
    passed = failed = shown = 0
    for findings in results:
        unexplained = [
            (stage, difference)
            for stage, difference, source in findings.found
            if explained.explain(stage, findings.corpus.name, difference, source) is None
        ]
        bad_stages = {stage for stage, _ in unexplained}
        failed += len(bad_stages)
        passed += 3 - len(bad_stages)
        count = len(findings.found) - len(unexplained)
        notes = "; a sample" * findings.corpus.is_sample + "".join(f"; {note}" for note in findings.notes)
        print(f"{findings.corpus.name}: {findings.entries} entries, {count} differences explained, "
              f"{len(unexplained)} not{notes}")
        show(unexplained, most_shown)
    for kind in explained.kinds:
        print(f"{explained.counts[kind.name]:6} of at most {kind.most:6}  {kind.name}")
    for kind in explained.excessive():
        failed += 1
        print(f"more than {kind.most} of the kind “{kind.name}”, such as")
        for corpus, difference in explained.examples[kind.name][-5:]:
            print(f"  {corpus}: {difference.key}: {difference.theirs!r} but ibid {difference.ours!r}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def show(unexplained, most_shown):
    """The differences by stage and field, the first few of each."""
    groups = defaultdict(list)
    for stage, difference in unexplained:
        groups[stage, difference.field].append(difference)
    for (stage, name), group in sorted(groups.items(), key=lambda item: -len(item[1])):
        print(f"  {stage}, {name}: {len(group)}")
        for difference in group[:most_shown]:
            print(f"    {difference.key}: {difference.theirs!r} but ibid {difference.ours!r}")


if __name__ == "__main__":
    sys.exit(main())
