"""How good the hits of the engine are: queries with known answers, asked of the engine alone."""

import json
import lzma
import re
import time
import unicodedata
from collections import defaultdict
from pathlib import Path


def fold(text):
    text = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", " ", "".join(letter for letter in text if not unicodedata.combining(letter))).strip()


def measure(bench, url, folder):
    """Pushes the bibliographies `NAME.bib.xz` of `folder`, asks the queries of its `dev.jsonl` in a workspace without papers,
    and prints for each kind how often the paper stood first and among the first five."""
    folder = Path(folder)
    names = {path.name.split(".")[0] for path in folder.glob("*.bib.xz")}
    for name in sorted(names):
        corpus = bench.base / f"{name}.bib"
        corpus.write_bytes(lzma.decompress((folder / f"{name}.bib.xz").read_bytes()))
        status, output, errors = bench.run("push", str(corpus), "--json", url=url)
        bench.checks.check(f"{name}.bib is pushed", status == 0, errors)
        print(f"        {output.strip()}", flush=True)
    if bench.is_quickwit:
        time.sleep(40)  # until it commits
    root = bench.base / "nothing"
    root.mkdir(exist_ok=True)
    counts = defaultdict(lambda: [0, 0, 0])
    for line in (folder / "dev.jsonl").open():
        query = json.loads(line)
        if query["needs_abstracts"] or query["corpus"] not in names:
            continue
        _, output, _ = bench.run("search", "--root", str(root), "-n", "10", "--json", "--", query["query"], url=url)
        hits = json.loads(output or "[]")
        keys, title = set(query["keys"] or ()), fold(query["title"])
        right = (at for at, hit in enumerate(hits) if keys & {hit["ids"].get("key"), *hit["names"]} or fold(hit["title"]) == title)
        rank = next(right, None)
        for kind in (query["kind"], "all"):
            count = counts[kind]
            count[0] += 1
            count[1] += rank == 0
            count[2] += rank is not None and rank < 5
    for kind, (asked, first, five) in counts.items():
        print(f"        {kind:24} {asked:5}  first {100 * first / asked:5.1f} %  in five {100 * five / asked:5.1f} %", flush=True)
    for kind, wanted in (("title_full", 0.9), ("title3_words", 0.9), ("author_year", 0.9), ("all", 0.85)):
        asked, first, _ = counts[kind]
        bench.checks.check(f"papers by {kind} stand first", first >= wanted * asked, counts[kind])
