#!/usr/bin/env python3
"""Has pandoc read the reference lists of papers whose titles, names and journals are full of mark-up.

    tests/judges/hostile_text.py [--require] [IBID]

In every kind of Markdown that pandoc knows, a list must be a list of plain entries: emphasis as the style sets it and links
to the works' own addresses, but no citation, no other link, no code, mathematics, HTML, note, highlight or list in it. The text
that pandoc reads must be the text that ibid wrote, without its escapes. pandoc is that of the package `pypandoc_binary`;
without it nothing is compared, which is said; with --require it is an error.
"""

import argparse
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STYLES = ["apa", "ieee", "mla", "chicago-author-date", "nature", "plain.csl"]
KINDS = ["markdown-smart", "markdown-smart+mark+emoji", "gfm", "commonmark_x-smart-emoji", "markdown_mmd"]
PIECES = """@key -@key [@key] @{key} me@e.org %% %%x%% == ==x== [[LoRA]] ![[LoRA]] [a](b) ![a](b) [^1] ^[note] ^ x^2^ ~ H~2~O
~~x~~ $ $x$ $$x$$ #tag # {{title}} {% %} {.class} {#id} {=html} `x` ` *x* **x** _x_ __x__ snake_case <b> <script>x</script>
<!-- --> https://e.org www.e.org <https://e.org> \\ \\alpha \\( \\[ & &amp; &#64; | --- ... 1. 1) (1) a. a) (a) i. (iv) #. (@) : :::
::: box ! !! ' " “x” > - + * = % § 100% C# A&B 3:2 AT&T""".split()
HARMLESS = {"Str", "Space", "SoftBreak", "Emph", "Strong", "Link", "Plain", "Para", "Quoted", "SmallCaps"}
PLAIN = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>Plain</title><id>p</id>
<updated>2026-01-01T00:00:00+00:00</updated></info><citation><layout><text variable="title"/></layout></citation>
<bibliography><layout><text variable="title"/><text variable="container-title" prefix=" | " font-style="italic"/>
<text variable="publisher" prefix="#"/></layout></bibliography></style>"""


def works(count):
    dice = random.Random(7)

    def text():
        return dice.choice(["", " "]).join(dice.choice(PIECES) for _ in range(dice.randint(1, 4)))

    single = [{"title": piece, "container-title": piece, "publisher": piece} for piece in PIECES]
    mixed = [{"title": text(), "container-title": text(), "publisher": text()} for _ in range(count)]
    for number, work in enumerate(single + mixed):
        author = [{"family": text() or "x", "given": text()}, {"literal": text()}]
        yield {"id": f"k{number}", "type": "article-journal", "issued": {"date-parts": [[2000 + number % 20]]},
               "author": author, "DOI": f"10.1000/{number}", **work}


def unescaped(markdown):
    """The text of a line of ibid's Markdown: without escapes, emphasis and addresses of links."""
    line = re.sub(r"(?<!\\)((?:\\\\)*)\[((?:[^\]\\]|\\.)*)\]\([^)]*\)", r"\1\2", markdown)
    line = re.sub(r"(?<!\\)((?:\\\\)*)<(https?:[^>]*)>", r"\1\2", line)
    line = re.sub(r"\\(.)|\*", lambda found: found[1] or "", line)
    return " ".join(line.split())


def judge(node, found, text):
    """Gathers what there is beside plain text, and the text."""
    if isinstance(node, list):
        for part in node:
            judge(part, found, text)
        return
    kind, content = node["t"], node.get("c")
    if kind == "Str":
        text.append(content)
    elif kind in ("Space", "SoftBreak"):
        text.append(" ")
    elif kind == "Link":
        if not content[2][0].startswith("https://doi.org/10.1000/"):
            found.add(f"Link to {content[2][0]}")
        judge(content[1], found, text)
    elif kind in HARMLESS:
        judge(content[-1] if kind == "Quoted" else content, found, text)
    else:
        found.add(kind)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--require", action="store_true")
    arguments.add_argument("ibid", nargs="?", default=str(ROOT / "target/debug/ibid"))
    chosen = arguments.parse_args()
    if importlib.util.find_spec("pypandoc") is None:
        print("SKIPPED: pypandoc_binary is not installed, so nothing is judged (pip install pypandoc_binary)")
        return 1 if chosen.require else 0
    import pypandoc

    pandoc, bad, read = pypandoc.get_pandoc_path(), 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "vault"
        folder.mkdir()
        items = list(works(600))
        (folder / "works.json").write_text(json.dumps(items))
        (folder / "plain.csl").write_text(PLAIN)
        (folder / "note.md").write_text("".join(f"[@{item['id']}]\n\n" for item in items))
        environment = dict(os.environ, IBID_CACHE_DIR=f"{scratch}/cache", IBID_CONFIG_DIR=f"{scratch}/config", IBID_ZOTERO_PROFILES="")
        for style in STYLES:
            command = [Path(chosen.ibid).resolve(), "export", "--root", folder, "--to", "markdown", "--style", style]
            done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, env=environment, cwd=folder)
            if done.returncode not in (0, 1):
                sys.exit(f"ibid failed: {done.stderr}")
            for kind in KINDS:
                lines = done.stdout.splitlines()
                read += len(lines)
                # Each is a list of its own, so that one entry that is wrong does not hide in its neighbours.
                parsed = subprocess.run([pandoc, "-f", kind, "-t", "json"], input="\n\n<!-- -->\n\n".join(lines),
                                        capture_output=True, text=True, check=True)
                blocks = [block for block in json.loads(parsed.stdout)["blocks"] if block["t"] != "RawBlock"]
                entries = []
                for block in blocks:
                    is_list = block["t"] in ("BulletList", "OrderedList")
                    content = block["c"][1] if block["t"] == "OrderedList" else block["c"]
                    entries += content if is_list else [[block]]
                if len(entries) != len(lines):
                    print(f"{style}, {kind}: {len(lines)} entries are read as {len(entries)}")
                    bad += 1
                for line, entry in zip(lines, entries):
                    found, text = set(), []
                    judge(entry, found, text)
                    expected = unescaped(re.sub(r"^(-|\d+\.) ", "", line))
                    shown = " ".join("".join(text).split())
                    if found or shown != expected:
                        bad += 1
                        if bad < 40:
                            print(f"{style}, {kind}: {sorted(found)}\n  {line}\n  {expected}\n  {shown}")
    print(f"{read} entries read by pandoc, {bad} of them not as plain text")
    return 1 if bad else 0


sys.exit(main())
