"""The programs that take part: ibid, pandoc and pybtex."""

import json
import lzma
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
STYLE = HERE / "title-only.csl"


def find_pandoc(named=None):
    """The pandoc to ask: the one that is named, that of PyPI's `pypandoc_binary`, or the one on the path."""
    if named:
        return named
    try:
        import pypandoc

        return pypandoc.get_pandoc_path()
    except (ImportError, OSError):
        return shutil.which("pandoc")


def entry_lines(text):
    """Where the entries of a .bib text begin: every line that starts with an @, and the end."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if line.lstrip().startswith("@")]
    return lines, [*starts, len(lines)]


def entries_by_key(text):
    """The source of every entry of a .bib text, the first where a key is there twice."""
    lines, starts = entry_lines(text)
    found = {}
    for start, end in zip(starts, starts[1:]):
        source = "\n".join(lines[start:end])
        if key := re.match(r"\s*@\w+\s*[{(]\s*([^,\s]+)\s*,", source):
            found.setdefault(key[1], source)
    return found


@dataclass
class Pandoc:
    """pandoc reads bibliographies (`-t csljson`) and resolves citations (`--citeproc`)."""

    path: str

    def version(self):
        return subprocess.run([self.path, "--version"], capture_output=True, text=True).stdout.split("\n")[0]

    def items(self, file, format):
        """The CSL items of a file, and the entries that pandoc refuses; one bad entry costs only itself."""
        if format == "csl-yaml":
            text = file.read_text(encoding="utf-8")
            block = text if text.lstrip().startswith("---") else f"---\n{text}\n...\n"
            done = self._run(["-f", "markdown", "-t", "csljson"], block.encode())
        else:
            done = self._run(["-f", format, "-t", "csljson"], file.read_bytes())
        if done.returncode == 0:
            return json.loads(done.stdout), []
        if format != "biblatex":
            return [], [done.stderr.decode(errors="replace")]
        return self._without_refused(file)

    def _without_refused(self, file):
        lines, starts = entry_lines(file.read_bytes().decode("utf-8", errors="replace"))
        refused = []
        while len(refused) < len(starts):
            done = self._run(["-f", "biblatex", "-t", "csljson"], "\n".join(lines).encode())
            if done.returncode == 0:
                return json.loads(done.stdout), refused
            place = re.search(rb"line (\d+), column", done.stderr)
            before = [start for start in starts if place and start < int(place[1])]
            if not before:
                break
            start, end = before[-1], starts[len(before)]
            refused.append("\n".join(lines[start:end]))
            lines[start:end] = [""] * (end - start)
        return [], []

    def not_found(self, bibliography, keys):
        """The keys that a document which cites them all does not find in the bibliography."""
        cite = lambda key: {
            "citationId": key, "citationPrefix": [], "citationSuffix": [], "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": 0, "citationHash": 0,
        }
        blocks = [{"t": "Para", "c": [{"t": "Cite", "c": [[cite(key)], []]}]} for key in keys]
        document = {"pandoc-api-version": [1, 23], "meta": {}, "blocks": blocks}
        options = ["-f", "json", "-t", "plain", "--citeproc", "--csl", str(STYLE), "--bibliography", str(bibliography)]
        done = self._run(options, json.dumps(document).encode())
        errors = done.stderr.decode(errors="replace")
        if done.returncode != 0:
            return [f"pandoc cannot read {bibliography.name}: {errors.strip()[:200]}"]
        return re.findall(r"citation (.*) not found", errors)

    def _run(self, arguments, given):
        """Runs pandoc on a text; some bibliographies, such as those with cross-references in a circle, keep it for ever."""
        command = [self.path, *arguments]
        seconds = 60 + len(given) // 50_000
        try:
            return subprocess.run(command, input=given, capture_output=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, b"", b"pandoc does not come to an end")


@dataclass
class Ibid:
    """A vault with one bibliography and one note that cites all of it."""

    binary: str
    vault: Path

    def index(self):
        """What `ibid index` says: the number of records, the problems."""
        return json.loads(self._run(["index", "--json"]).stdout)

    def export(self, format):
        """The text of an export."""
        return self._run(["export", "--to", format]).stdout

    def fill(self, file, citations):
        """Puts the bibliography and the note into the vault."""
        content = file.read_bytes()
        if file.suffix == ".xz":
            content = lzma.decompress(content)
        (self.vault / file.name.removesuffix(".xz")).write_bytes(content)
        (self.vault / "ibid.toml").touch()
        (self.vault / "note.md").write_text("\n\n".join(citations) + "\n", encoding="utf-8")

    def _run(self, arguments):
        environment = dict(os.environ, IBID_CACHE_DIR=str(self.vault / ".cache"), IBID_CONFIG_DIR=str(self.vault / ".config"), IBID_ZOTERO_PROFILES="")
        command = [self.binary, *arguments, "--root", str(self.vault)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", env=environment)


def keys_by_pybtex(file):
    """The keys that pybtex finds in a .bib file, or `None` where pybtex is not installed."""
    try:
        from pybtex.database import parse_string
    except ImportError:
        return None
    return set(parse_string(file.read_text(encoding="utf-8"), "bibtex").entries.keys())
