#!/usr/bin/env python3
"""ibid against a real search engine: two nodes of it on the loopback interface, or the one of Quickwit.

    engine.py --engine NAME --ibid PROGRAM --program FOLDER [--records N] [--quality FOLDER]

PROGRAM of the engine is a folder of jars, or the program of Quickwit. Starts the nodes, fills them by `ibid push`, works in an editor's stead against them, takes them away by degrees, and says
how many checks passed. The figures are of this machine and this build. `run.sh` fetches the jars first.
"""

import argparse
import contextlib
import http.client
import http.server
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import quality

HERE = Path(__file__).resolve().parent
SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo xu za bri cla dre flo gra".split()
COMMON = "learning model analysis network theory cell protein language data dynamics field quantum social climate".split()
LIMIT = 60


class Checks:
    """Counts what holds and what does not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, holds, detail=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        print(f"{'ok    ' if holds else 'FAILED'}  {what}{'' if holds else f': {detail}'}", flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Node:
    """A node of the engine."""

    def __init__(self, name, jars, home, port, transport, all_transports):
        # It works for others elsewhere, and gives way here.
        command = ["nice", "-n", "19", "java", "-Xms512m", f"-Xmx{os.environ.get('IBID_ENGINE_HEAP', '768m')}",
                   "-cp", f"{jars}/*:{jars}/classes", "Launcher", str(home), name, str(port), str(transport), ",".join(all_transports)]
        self.log = open(f"{home}.log", "wb")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=self.log, stderr=self.log)
        self.port = port

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


class QuickwitNode(Node):
    """The only node of Quickwit, which keeps its index in a folder."""

    def __init__(self, program, home, port):
        settings = {"version": "0.8", "node_id": "one", "listen_address": "127.0.0.1", "data_dir": str(home),
                    "grpc_listen_port": free_port(), "gossip_listen_port": free_port(), "rest": {"listen_port": port}}
        config = home.with_suffix(".json")
        config.write_text(json.dumps(settings))
        self.log = open(f"{home}.log", "wb")
        env = {**os.environ, "QW_DISABLE_TELEMETRY": "1"}
        self.process = subprocess.Popen([program, "run", "--config", str(config)], env=env, stdout=self.log, stderr=self.log)
        self.port = port


def ask(port, method, path, body=None, timeout=60):
    """One request to a node: its status and what it answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text[:1] in b"{[" else text
    finally:
        connection.close()


def wait_for(what, holds, limit=LIMIT):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            if holds():
                return
        except (OSError, http.client.HTTPException, KeyError, TypeError):
            pass
        time.sleep(0.2)
    raise SystemExit(f"{what}: not within {limit} s")


class Proxy:
    """Stands between ibid and a node, and makes it slow or broken."""

    def __init__(self, port, path):
        proxy = self
        self.delay, self.status, self.port, self.asked = 0.0, None, port, []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.asked.append(self.path)
                time.sleep(proxy.delay)
                status, text = proxy.status, b"{}"
                if status is None:
                    try:
                        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
                        kind = self.headers.get("Content-Type", "application/json")
                        connection.request(self.command, self.path, body, {"Content-Type": kind})
                        answer = connection.getresponse()
                        status, text = answer.status, answer.read()
                        connection.close()
                    except OSError:
                        status = 502
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = do_PUT = forward

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}{path}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def works(count):
    """Works as OpenAlex publishes them, one a line. The same number is always the same work."""
    rng = random.Random(20)
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(4000)]
    families = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 3))).capitalize() for _ in range(2000)]
    for number in range(count):
        title = [rng.choice(words).capitalize(), *rng.choices(words, k=rng.randint(2, 5)), rng.choice(COMMON)]
        people = [{"author": {"display_name": f"{rng.choice(COMMON).capitalize()} {rng.choice(families)}"}}
                  for _ in range(rng.randint(1, 4))]
        text = rng.choices(words, k=60)
        places = {}
        for at, word in enumerate(text):
            places.setdefault(word, []).append(at)
        yield {"id": f"https://openalex.org/W{number}", "doi": f"https://doi.org/10.5555/ibid.{number}",
               "title": " ".join(title), "display_name": " ".join(title), "publication_year": 1980 + number % 45,
               "authorships": people, "type": "article", "abstract_inverted_index": places,
               "primary_location": {"source": {"display_name": f"Journal of {rng.choice(words)}"}}}


class Editor:
    """A small editor: a server of its own, and one note."""

    def __init__(self, ibid, root, env, text=""):
        self.process = subprocess.Popen([ibid, "lsp"], cwd=root, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.answers, self.heard, self.number, self.version = {}, [], 0, 1
        self.changed = threading.Condition()
        threading.Thread(target=self.listen, daemon=True).start()
        self.uri = f"file://{root}/note-{random.random()}.md"
        folders = [{"uri": f"file://{root}", "name": "vault"}]
        capabilities = {"experimental": {"ibid": {"status": True}}}
        self.request("initialize", {"processId": None, "capabilities": capabilities, "workspaceFolders": folders})
        self.notify("initialized", {})
        self.text = text
        document = {"uri": self.uri, "languageId": "markdown", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def listen(self):
        output = self.process.stdout
        while True:
            length = 0
            while (line := output.readline().strip()):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                return
            message = json.loads(output.read(length))
            with self.changed:
                if "method" in message:
                    self.heard.append(message)
                    if "id" in message:
                        self.send({"jsonrpc": "2.0", "id": message["id"], "result": None})
                else:
                    self.answers[message["id"]] = message
                self.changed.notify_all()

    def send(self, message):
        text = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method, params, limit=LIMIT):
        self.number += 1
        number = self.number
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.answers, limit):
                raise SystemExit(f"{method}: no answer within {limit} s")
            return self.answers.pop(number).get("result")

    def write(self, text):
        self.version, self.text = self.version + 1, text
        document = {"uri": self.uri, "version": self.version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def complete(self, typed):
        """Types into an open citation: what is offered, and after how many milliseconds."""
        self.write(f"[[{typed}")
        begun = time.perf_counter()
        position = {"line": 0, "character": 2 + len(typed)}
        found = self.request("textDocument/completion", {"textDocument": {"uri": self.uri}, "position": position})
        return (found or {}).get("items", []), (time.perf_counter() - begun) * 1000

    def hover(self, text):
        line = next(at for at, line in enumerate(self.text.splitlines()) if text in line)
        position = {"line": line, "character": self.text.splitlines()[line].index(text) + 3}
        card = self.request("textDocument/hover", {"textDocument": {"uri": self.uri}, "position": position})
        return card["contents"]["value"] if card else ""

    def close(self):
        self.process.kill()
        self.process.wait()


def percentile(times, share):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * share))]


def shown(times):
    return f"p50 {percentile(times, 0.5):6.1f} ms   p99 {percentile(times, 0.99):6.1f} ms   ({len(times)})"


def as_typed(keystrokes):
    """As `shown`, of times with the number of papers that were offered: a longer list takes longer."""
    times, papers = zip(*keystrokes)
    return f"{shown(times)[:-1]}, {sum(papers) / len(papers):.0f} papers a list)"


def titled(items, title):
    """The item of a paper, by the title that it is offered with."""
    return next((item for item in items if title in json.dumps(item, ensure_ascii=False)), None)


class Bench:
    def __init__(self, arguments, checks):
        self.ibid, self.checks = str(Path(arguments.ibid).resolve()), checks
        self.base = Path(tempfile.mkdtemp(prefix="ibid-engine-"))
        self.records, self.program, self.engine = arguments.records, Path(arguments.program).resolve(), arguments.engine
        self.is_quickwit = self.engine == "quickwit"
        self.path = "/api/v1/_elastic" if self.is_quickwit else ""
        self.nodes, self.editors = [], []

    def close(self):
        for editor in self.editors:
            editor.close()
        for node in self.nodes:
            node.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def env(self, url, name="config", budget_ms=50):
        folder = self.base / name
        folder.mkdir(exist_ok=True)
        toml = f"[remote]\nurl = '{url}'\nbudget_ms = {budget_ms}\n" if url else ""
        (folder / "ibid.toml").write_text(toml)
        clean = {key: value for key, value in os.environ.items() if not key.startswith("IBID_")}
        return {**clean, "IBID_CONFIG_DIR": str(folder), "IBID_CACHE_DIR": str(self.base / "cache"), "IBID_ZOTERO_PROFILES": ""}

    def vault(self, name):
        root = self.base / name
        root.mkdir(exist_ok=True)
        rng = random.Random(7)
        entry = "@article{{own{0}, title = {{Own {1} {2} number {0}}}, author = {{Local, Ada}}, year = {{2020}}}}\n"
        text = "".join(entry.format(at, rng.choice(COMMON), rng.choice(COMMON)) for at in range(2000))
        (root / "own.bib").write_text(text)
        return root

    def editor(self, root, url, name="config", budget_ms=50):
        editor = Editor(self.ibid, root, self.env(url, name, budget_ms))
        self.editors.append(editor)
        wait_for("the local papers", lambda: editor.complete("Own learning")[0])
        return editor

    def run(self, *arguments, url=None, root=None):
        """Runs ibid to its end: its status and what it says. `self.used` is what it took of the machine."""
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen([self.ibid, *arguments], cwd=root or self.base, env=self.env(url), stdout=output, stderr=errors)
            _, status, self.used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            for said in (output, errors):
                said.seek(0)
            return process.returncode, output.read(), errors.read()

    def url(self):
        return f"http://127.0.0.1:{self.nodes[0].port}{self.path}"

    def count(self):
        return ask(self.nodes[0].port, "GET", f"{self.path}/papers/_count")[1]["count"]

    def start_engine(self):
        if self.is_quickwit:
            port, begun = free_port(), time.monotonic()
            (self.base / "one").mkdir()
            self.nodes.append(QuickwitNode(self.program, self.base / "one", port))
            wait_for("Quickwit", lambda: ask(port, "GET", "/health/readyz")[0] == 200, 120)
            print(f"        Quickwit after {time.monotonic() - begun:.0f} s", flush=True)
            self.proxy = Proxy(port, self.path)
            return
        ports = [free_port() for _ in range(4)]
        transports = [f"127.0.0.1:{port}" for port in ports[2:]]
        begun = time.monotonic()
        for name, port, transport in (("one", ports[0], ports[2]), ("two", ports[1], ports[3])):
            home = self.base / name
            home.mkdir()
            self.nodes.append(Node(name, self.program, home, port, transport, transports))
        first = ports[0]
        wait_for("two nodes", lambda: ask(first, "GET", "/_cluster/health")[1]["number_of_nodes"] == 2, 120)
        print(f"        two nodes of {self.engine} after {time.monotonic() - begun:.0f} s", flush=True)
        self.proxy = Proxy(first, self.path)

    def push(self):
        check, corpus = self.checks.check, self.base / "works.jsonl"
        with corpus.open("w") as file:
            for work in works(self.records):
                file.write(json.dumps(work) + "\n")
        arguments = ["push", str(corpus), "--json", "--shards", "2", "--replicas", "1", "--connections", "2"]
        status, output, errors = self.run(*arguments, url=self.url())
        own, memory = self.used.ru_utime + self.used.ru_stime, self.used.ru_maxrss >> 10
        check("ibid push fills the index", status == 0, errors)
        report = json.loads(output or "{}")
        if self.is_quickwit:
            # What was taken is searched after the next commit, half a minute later.
            wait_for("what was pushed", lambda: self.count() >= self.records, 120)
        check("every record is there", self.count() == self.records == report.get("records"), f"{self.count()} {report}")
        primary, whole = self.size()
        print(f"        pushed {report['records']} records in {report['seconds']} s: {report['records_per_second']} a second, "
              f"of which {own / self.records * 1e6:.0f} µs of a core each are ibid's own, in {memory} MB of memory; waited {report['waits']} times; index {primary / self.records:.0f} bytes a record, {whole >> 20} MB with copies; "
              f"input {corpus.stat().st_size / self.records:.0f} bytes a record", flush=True)
        status, output, _ = self.run(*arguments, url=self.url())
        again = json.loads(output)
        check("a second push sends nothing", (again["records"], again["skipped"]) == (0, self.records), again)
        if self.is_quickwit:
            return
        with corpus.open() as file:
            head = [next(file) for _ in range(min(500, self.records))]
        part = self.base / "part.jsonl"
        part.write_text("".join(head))
        self.run("push", str(part), "--again", url=self.url())
        ask(self.nodes[0].port, "POST", "/papers/_refresh")
        check("what is sent again is not there twice", self.count() == self.records, self.count())

    def size(self):
        """The bytes of the index, in one copy and in all."""
        port = self.nodes[0].port
        if self.is_quickwit:
            size = ask(port, "GET", "/api/v1/indexes/papers/describe")[1]["size_published_splits"]
            return size, size
        size = ask(port, "GET", "/papers/_stats/store")[1]["_all"]
        return tuple(size[kind]["store"]["size_in_bytes"] for kind in ("primaries", "total"))

    def engine_alone(self):
        port, times, sample = self.nodes[0].port, [], self.sample(300)
        if not self.is_quickwit:
            wait_for("a green index", lambda: ask(port, "GET", "/_cluster/health")[1]["status"] == "green", 120)
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for turn, work in enumerate([*sample[:60], *sample]):
            words = work["title"].lower().split()
            must = [{"match": {"all": {"query": " ".join(words[:2]), "operator": "AND"}}},
                    {"match_bool_prefix": {"all": {"query": words[2][:4]}}}]
            should = [{"match_phrase_prefix": {"title": {"query": " ".join(words[:2])}}}]
            body = {"query": {"bool": {"must": must, "should": should}}, "size": 50, "track_total_hits": False,
                    "sort": [{"_score": {"order": "desc"}}]}
            begun = time.perf_counter()
            connection.request("POST", f"{self.path}/papers/_search", json.dumps(body), {"Content-Type": "application/json"})
            connection.getresponse().read()
            if turn >= 60:
                times.append((time.perf_counter() - begun) * 1000)
        print(f"        the engine alone:                   {shown(times)}", flush=True)

    def sample(self, count):
        rng = random.Random(3)
        wanted = set(rng.sample(range(self.records), min(count, self.records)))
        return [work for number, work in enumerate(works(self.records)) if number in wanted]

    def keystrokes(self, editor, sample, patience=0.0):
        """Types the beginnings of titles: the times and lengths of all answers, and the time of each title until it was
        offered."""
        times, merged, found = [], [], 0
        for work in sample:
            words = work["title"].split()
            typed = f"{words[0]} {words[1]} {words[2][:4]}"
            for end in range(3, len(typed) + 1):
                items, took = editor.complete(typed[:end])
                times.append((took, len(items)))
                time.sleep(0.02)
            # Nobody types on: the list is asked for again, as an incomplete one is.
            waited = took
            while not titled(items, work["title"]) and waited < patience * 1000:
                begun = time.perf_counter()
                time.sleep(0.01)
                items, _ = editor.complete(typed)
                waited += (time.perf_counter() - begun) * 1000
            if titled(items, work["title"]):
                found += 1
                merged.append(waited)
        return times, merged, found

    def by_turns(self, plain, editor, sample, patience=0.0):
        """Types each title into an editor without an engine and into one with it: what a machine is busy with slows both."""
        sums = [[], [], [], []]
        for work in sample:
            before, _, _ = self.keystrokes(plain, [work])
            times, merged, found = self.keystrokes(editor, [work], patience)
            sums = [sums[0] + before, sums[1] + times, sums[2] + merged, sums[3] + [found]]
        return sums[0], sums[1], sums[2], sum(sums[3])

    @contextlib.contextmanager
    def asked_by_another(self, sample):
        """Another program asks the engine as often as an editor does."""
        titles = json.dumps([work["title"] for work in sample])
        address = f"127.0.0.1:{self.nodes[0].port}"
        asking = subprocess.Popen([sys.executable, HERE / "ask.py", address, f"{self.path}/papers/_search", titles])
        try:
            yield
        finally:
            asking.kill()
            asking.wait()

    def typing(self):
        check, root, sample = self.checks.check, self.vault("vault"), self.sample(12)
        plain, editor = self.editor(root, None, "plain"), self.editor(root, self.proxy.url, "through")
        self.by_turns(plain, editor, sample[:3])
        before, times, merged, found = self.by_turns(plain, editor, sample, patience=2.0)
        print(f"        keystrokes without an engine:        {as_typed(before)}", flush=True)
        print(f"        keystrokes with the engine:          {as_typed(times)}", flush=True)
        check("papers of the engine are offered", found >= len(sample) * 0.9, f"{found} of {len(sample)}")
        if merged:
            print(f"        until the engine's papers are there: {shown(merged)}", flush=True)
        # Without a budget a list is the user's own papers alone, and what the engine has comes with the next keystroke.
        # The engine takes its part of the machine, for whom it ever works.
        with self.asked_by_another(sample):
            busy, _, _ = self.keystrokes(plain, sample)
        print(f"        without it, while another asks it:   {as_typed(busy)}", flush=True)
        # Nothing stands between the two: what would, and the clock, are one process.
        unwaiting = self.editor(root, self.url(), "unwaiting", budget_ms=0)
        self.by_turns(plain, unwaiting, sample[:3])
        before, times, _, found = self.by_turns(plain, unwaiting, sample, patience=2.0)
        print(f"        own part, without an engine:         {as_typed(before)}", flush=True)
        print(f"        own part, with the engine:           {as_typed(times)}", flush=True)
        check("papers come with the next keystroke", found >= len(sample) * 0.9, f"{found} of {len(sample)}")
        unwaiting.close()
        states = [("delayed by 200 ms", 0.2, None), ("delayed by 5 s", 5.0, None), ("failing with 500", 0.0, 500)]
        for name, delay, status in states:
            self.proxy.delay, self.proxy.status = delay, status
            self.by_turns(plain, editor, sample[:2])
            before, times, _, _ = self.by_turns(plain, editor, sample)
            print(f"        engine {name + ', without it:':30}{as_typed(before)}", flush=True)
            print(f"        engine {name + ', with it:':30}{as_typed(times)}", flush=True)
            # Whoever waited would take the delay each time. How much less it is depends on the machine, and is only shown.
            waits = delay > 0 and percentile([took for took, _ in times], 0.5) >= delay * 1000 / 2
            check(f"nobody waits for an engine {name}", not waits and len(times) == len(before))
        self.proxy.delay, self.proxy.status = 0.0, None
        said = [message for message in editor.heard if message["method"] == "ibid/status" and message["params"].get("remote")]
        check("the status says what is wrong", said, editor.heard[-3:])
        plain.close()
        return root

    def cited(self, root):
        check, work = self.checks.check, self.sample(40)[-1]
        editors = [self.editor(root, self.proxy.url, f"two{at}") for at in range(2)]
        typed = " ".join(work["title"].split()[:3])
        items = []
        for editor in editors:
            wait_for("the paper is offered", lambda: titled(editor.complete(typed)[0], work["title"]))
            items.append(titled(editor.complete(typed)[0], work["title"]))
        for editor, item in zip(editors, items):
            editor.write(f"See [[{item['textEdit']['newText']}.\n")
        kept = root / "cited.jsonl"
        wait_for("what is cited is written down", kept.exists)
        time.sleep(1.5)
        lines = kept.read_text().splitlines()
        check("what is cited is written down, once", len(lines) == 1 and work["title"] in lines[0], lines)
        for node in self.nodes:
            node.stop()
        name = items[0]["textEdit"]["newText"].removesuffix("]]")
        (root / "saved.md").write_text(f"See [[{name}]].\n")
        status, output, errors = self.run("export", "--to", "bibtex", "saved.md", url=self.proxy.url, root=root)
        check("it is exported without the engine", work["title"] in output, f"{status} {output} {errors}")
        wait_for("the card", lambda: work["title"] in editors[0].hover("[["))
        check("its card is there without the engine", True)

    def identifiers(self, root):
        check, count = self.checks.check, min(300, self.records)
        text = "".join(f"- [[10.5555/ibid.{number}]]\n" for number in range(count))
        (root / "many.md").write_text(text)
        self.proxy.asked.clear()
        begun = time.perf_counter()
        status, output, errors = self.run("export", "--to", "csl-json", "many.md", url=self.proxy.url, root=root)
        took = time.perf_counter() - begun
        exported = json.loads(output or "[]")
        batches = [path for path in self.proxy.asked if "_msearch" in path]
        check("300 identifiers are one request", len(batches) == 1, self.proxy.asked)
        check("all of them are exported", len(exported) == count, f"{len(exported)} {errors}")
        print(f"        {count} identifiers exported in {took:.2f} s", flush=True)
        (root / "many.md").unlink()
        status, output, errors = self.run("show", "10.5555/ibid.7", url=self.proxy.url, root=root)
        check("ibid show finds a paper by its identifier", status == 0 and "10.5555/ibid.7" in output, f"{output} {errors}")
        work = self.sample(5)[0]
        status, output, errors = self.run("search", *work["title"].split()[:3], url=self.proxy.url, root=root)
        check("ibid search finds it by its title", work["title"] in output, f"{output} {errors}")

    def references(self, root):
        check, works = self.checks.check, self.sample(40)
        authors = lambda work: " and ".join(it["author"]["display_name"] for it in work["authorships"])
        entry = lambda key, title, authors, year: f"@article{{{key}, title = {{{title}}}, author = {{{authors}}}, year = {year}}}\n"
        year = lambda work: work["publication_year"]
        text = "".join(
            entry(f"right{at}", it["title"], authors(it), year(it)) + entry(f"wrong{at}", it["title"], authors(it), year(it) - 9)
            for at, it in enumerate(works)
        )
        (root / "refs.bib").write_text(text + entry("made", "Lichens upon the seventh northern doorstep", "Gull, Bo", 2001))
        begun = time.perf_counter()
        status, output, errors = self.run("verify", "--json", "refs.bib", url=self.proxy.url, root=root)
        took = time.perf_counter() - begun
        verdicts = {it["key"]: it["verdict"] for it in json.loads(output or "[]")}
        count = lambda kind, verdict: sum(is_it == verdict for key, is_it in verdicts.items() if key.startswith(kind))
        seen = f"{count('right', 'confirmed')} and {count('wrong', 'differs')} of {len(works)}, {verdicts.get('made')} {errors}"
        least = len(works) * 0.95
        holds = count("right", "confirmed") >= least and count("wrong", "differs") >= least and verdicts.get("made") == "unknown"
        check("references are checked against the engine", holds and status == 1, seen)
        print(f"        {len(verdicts)} references verified in {took:.2f} s", flush=True)
        (root / "refs.bib").unlink()

    def one_node(self, root):
        check, sample = self.checks.check, self.sample(12)
        editor = self.editor(root, self.proxy.url, "half")
        self.keystrokes(editor, sample[:3])
        self.nodes[1].stop()
        times, _, found = self.keystrokes(editor, sample, patience=2.0)
        print(f"        keystrokes, one node killed:        {as_typed(times)}", flush=True)
        check("one node is enough", found >= len(sample) * 0.8, f"{found} of {len(sample)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="opensearch", choices=["opensearch", "elasticsearch", "quickwit"])
    parser.add_argument("--ibid", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--quality", metavar="FOLDER", help="bibliographies and queries with known answers, to ask as well")
    arguments, checks = parser.parse_args(), Checks()
    bench = Bench(arguments, checks)
    try:
        bench.start_engine()
        bench.push()
        bench.engine_alone()
        if arguments.quality:
            quality.measure(bench, bench.url(), arguments.quality)
        root = bench.typing()
        bench.identifiers(root)
        bench.references(root)
        if not bench.is_quickwit:
            bench.one_node(root)
        bench.cited(root)
    finally:
        bench.close()
    print(f"{checks.passed} passed, {checks.failed} failed")
    return int(checks.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
