#!/usr/bin/env python3
"""Has the server change .bib files, and pybtex and pandoc read what comes out.

    tests/judges/bib_actions.py [--require] [--ibid IBID] [--entries N] [FILE…]

Every action that the server offers for an entry is done by itself on a copy of the file. Afterwards pybtex has to read all
entries with all fields that were there before, each key has to be an entry's or one of its `ids`, every entry that the
action does not name has to be the same byte for byte, and pandoc has to read as many entries as it reads keys. Without
FILEs a vault that is made up is taken, in which every kind of action is offered: one that is not fails the run. Without the
packages `pybtex` and `pypandoc_binary` nothing is checked, which is said; with --require it is an error.
"""

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = """% My library.
@string{jst = "Journal of Shores and Tides"}
@comment{kept as it is}

@misc{gulls,
  title = {Gulls and the {S}ea: A Study of RNA},
  author = {Finch, Ada and van Tern, Bo},
  year = 2016,
  eprint = {1601.00001},
  archiveprefix = {arXiv},
  note = {read twice},
}

@Article{Gulls:Again,
  Title  = "Gulls and the Sea: A Study of {RNA}",
  Author = "Ada Finch and Bo van Tern",
  Year   = "2016",
  Eprint = "1601.00001", Archiveprefix = "arXiv",
  Keywords = "sea, birds",
  Doi = "10.5555/Shores_7"
}
@article{voles, title = {Voles of the {N}orth}, author = {Rook, Eve}, year = 2012, journal = jst}
@incollection{part, title = {A Part}, author = {Wren, Di}, crossref = {whole}, pages = {1--2}}
@book{whole, title = {The Whole of It}, editor = {Wren, Di}, year = 1999, publisher = {P \\& Q}}
@article{tides,
title={{\\'E}t{\\'e} and \\"{o}ther Tides of the Northern Shores},author={P{\\'e}rez, Jos{\\'e} and Knot, Gil},year={2009},doi={10.5555/tides}
}
"""
KNOWN = [
    {"id": "z1", "type": "article-journal", "title": "Gulls and the Sea: A Study of RNA", "container-title": "Journal of Shores & Tides",
     "author": [{"family": "Finch", "given": "Ada"}, {"family": "van Tern", "given": "Bo"}], "volume": "12", "issue": "3", "page": "101-119",
     "DOI": "10.5555/Shores_7", "issued": {"date-parts": [[2016, 12, 1]]}, "number": "arXiv:1601.00001"},
    {"id": "z3", "type": "article-journal", "title": "Voles of the North", "author": [{"family": "Rook", "given": "Eve"}],
     "container-title": "Journal of Shores and Tides", "volume": "4", "page": "5-8", "issued": {"date-parts": [[2012]]}, "DOI": "10.5555/voles"},
    {"id": "z4", "type": "article-journal", "title": "Été and other Tides of the Northern Shores", "author": [{"family": "Pérez", "given": "José"}, {"family": "Knot", "given": "Gil"}],
     "container-title": "Journal of Tides", "issued": {"date-parts": [[2008]]}, "DOI": "10.5555/tides"},
]
KINDS = ["Cite the published version", "Merge the entr", "Add what is missing", "Give the entry the key", "Protect the capitals", "Correct the year"]


class Server:
    """The server behind its standard streams."""

    def __init__(self, ibid, vault, environment):
        command = [str(ibid), "lsp"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        self.number = 0
        capabilities = {
            "general": {"positionEncodings": ["utf-16"]},
            "workspace": {"workspaceEdit": {"documentChanges": True}},
            "textDocument": {"diagnostic": {}, "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}},
        }
        folder = {"uri": vault.as_uri(), "name": "vault"}
        self.ask("initialize", {"processId": None, "rootUri": vault.as_uri(), "capabilities": capabilities, "workspaceFolders": [folder]})
        self.tell("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            if not line and self.process.poll() is not None:
                raise RuntimeError("the server has ended")
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return json.loads(self.process.stdout.read(length))

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while True:
            message = self.receive()
            if "method" in message and "id" in message:
                self.send({"id": message["id"], "result": None})
            elif message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def stop(self):
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.process.wait(timeout=20)


def changed(text, edits):
    """The text after the edits, whose positions count UTF-16."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def offset(position):
        line = lines[position["line"]] if position["line"] < len(lines) else ""
        units = line.encode("utf-16-le")[: 2 * position["character"]]
        return starts[min(position["line"], len(lines))] + len(units.decode("utf-16-le"))

    places = [(offset(it["range"]["start"]), offset(it["range"]["end"]), it["newText"]) for it in edits]
    for start, end, new in sorted(places, key=lambda it: (it[0], it[1]), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def sources(text):
    """The source of every entry by its key; the first of several."""
    found = {}
    starts = [it.start() for it in re.finditer(r"^[ \t]*@", text, re.M)] + [len(text)]
    for start, end in zip(starts, starts[1:]):
        source = text[start:end].rstrip()
        if key := re.match(r"[ \t]*@\w+\s*[{(]\s*([^,\s]+)\s*,", source):
            found.setdefault(key[1], source)
    return found


def entries(text):
    """Every entry as pybtex reads it: its fields in lower case, and the people."""
    from pybtex.database import parse_string

    read = parse_string(text, "bibtex").entries
    # As it stands: pybtex lets entries inherit.
    own = lambda entry: {name.lower() for name in dict(entry.fields.items())} | {role.lower() for role in entry.persons}
    return {key: (own(entry), entry.fields.get("ids", "")) for key, entry in read.items()}


def keys_of_pandoc(pandoc, text):
    done = subprocess.run([pandoc, "-f", "biblatex", "-t", "csljson"], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        return None, done.stderr.strip()[:300]
    return {item["id"] for item in json.loads(done.stdout)}, ""


def judge(pandoc, title, before, after):
    """What is wrong with a file after an action."""
    faults = []
    try:
        old, new = entries(before), entries(after)
    except Exception as error:  # whatever it is, the file is not read
        return [f"pybtex refuses it: {error}"]
    aliases = {alias.strip(): key for key, (_, ids) in new.items() for alias in ids.split(",") if alias.strip()}
    for key, (fields, _) in old.items():
        home = key if key in new else aliases.get(key)
        if home is None:
            faults.append(f"the key {key} leads nowhere")
        elif fields - new[home][0]:
            faults.append(f"{key} has lost {', '.join(sorted(fields - new[home][0]))}")
    old_sources, new_sources = sources(before), sources(after)
    differing = [key for key, source in old_sources.items() if new_sources.get(key) != source]
    # One entry changes, those go that were merged into it, and those that refer to it may follow.
    refer = [key for key in differing if re.search(r"\b(crossref|xdata|xref)\b", old_sources[key], re.I)]
    gone = [key for key in differing if key not in new_sources]
    other = [key for key in differing if key not in refer and key not in gone]
    if "of all" not in title and "in all" not in title and len(other) > 1:
        faults.append(f"more than one entry has changed: {', '.join(other)}")
    read, fault = keys_of_pandoc(pandoc, after)
    if fault:
        faults.append(f"pandoc refuses it: {fault}")
    elif set(new) - read:
        faults.append(f"pandoc lacks {', '.join(sorted(set(new) - read)[:8])}")
    return faults


def check(ibid, pandoc, vault, file, most):
    environment = dict(os.environ, IBID_CACHE_DIR=str(vault.with_suffix(".cache")), IBID_CONFIG_DIR=str(vault.with_suffix(".config")), IBID_ZOTERO_PROFILES="")
    # The index is complete before the server answers.
    subprocess.run([str(ibid), "index", "--root", str(vault)], env=environment, capture_output=True, check=False)
    text = file.read_text(encoding="utf-8")
    server = Server(ibid, vault, environment)
    document = {"uri": file.as_uri()}
    server.tell("textDocument/didOpen", {"textDocument": {**document, "languageId": "bibtex", "version": 1, "text": text}})
    # Entries are judged once the file has rested.
    for _ in range(60):
        report = server.ask("textDocument/diagnostic", {"textDocument": document})
        if report["items"]:
            break
        subprocess.run(["sleep", "0.1"], check=False)
    places = [text[: it.start()].count("\n") for it in re.finditer(r"^[ \t]*@(?!string|comment|preamble)", text, re.M | re.I)]
    step = max(1, len(places) // most)
    found, faults = {}, []
    for line in places[::step]:
        place = {"line": line, "character": 1}
        for only in ("quickfix", "refactor.rewrite", "source"):
            context = {"diagnostics": [], "only": [only]}
            if only == "source" and line != places[0]:
                continue
            params = {"textDocument": document, "range": {"start": place, "end": place}, "context": context}
            for action in server.ask("textDocument/codeAction", params) or []:
                title = action["title"]
                edits = [edit for change in action["edit"]["documentChanges"] for edit in change["edits"]]
                after = changed(text, edits)
                found[title] = found.get(title, 0) + 1
                faults += [f"line {line + 1}, {title}: {fault}" for fault in judge(pandoc, title, text, after)]
    server.stop()
    return found, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--require", action="store_true", help="fail where pybtex or pandoc is not installed")
    parser.add_argument("--ibid", type=Path, help="the program [default: $IBID_BIN, else target/debug/ibid]")
    parser.add_argument("--entries", type=int, default=40, help="at most as many entries of a file [default: 40]")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    ibid = (arguments.ibid or Path(os.environ.get("IBID_BIN", ROOT / "target/debug/ibid"))).resolve()
    if any(importlib.util.find_spec(name) is None for name in ("pypandoc", "pybtex")):
        print("SKIPPED: pybtex and pandoc are not both installed, so nothing is read (pip install pypandoc_binary pybtex)")
        return 1 if arguments.require else 0
    import pypandoc

    pandoc = pypandoc.get_pandoc_path()
    failed = 0
    for at, source in enumerate([None, *arguments.files]):
        with tempfile.TemporaryDirectory() as folder:
            vault = Path(folder).resolve() / f"vault{at}"
            vault.mkdir()
            (vault / "ibid.toml").write_text('bibliography.key = "{{author}}{{year}}{{word}}"\n')
            (vault / "known.json").write_text(json.dumps(KNOWN))
            own = vault / "own.bib"
            own.write_text(OWN if source is None else source.read_text(encoding="utf-8", errors="replace"), encoding="utf-8")
            try:
                entries(own.read_text(encoding="utf-8"))
            except Exception as error:  # nothing can be said of what becomes of it
                print(f"SKIPPED {source.name}: pybtex refuses it as it is: {error}")
                continue
            found, faults = check(ibid, pandoc, vault, own, arguments.entries)
            if source is None:
                faults += [f"no action is called “{kind}…”" for kind in KINDS if not any(title.startswith(kind) for title in found)]
        failed += bool(faults)
        print(f"{'FAILED' if faults else 'ok':7} {source.name if source else 'made up':28} {sum(found.values())} actions")
        for fault in faults:
            print("   ", fault)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
