//! One server that is kept busy for long: what it takes of the machine must not grow with what it has done.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, missing_docs)]

use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

#[path = "framing.rs"]
mod framing;

/// A change that is not seen for so long is never seen.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How much of everything is done.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    pub edits: usize,
    pub openings: usize,
    pub corpus_changes: usize,
}

/// What a server takes of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub memory_kib: u64,
    pub files: usize,
    pub threads: usize,
}

/// A server at work on a small vault.
pub struct Soak {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    root: PathBuf,
    next_id: u64,
    version: i32,
    /// Counts what was done, so that no two changes are the same.
    number: usize,
    _folder: tempfile::TempDir,
}

impl Soak {
    pub fn start(program: &Path) -> Soak {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("vault");
        std::fs::create_dir_all(root.join("notes")).unwrap();
        for number in 0..20 {
            std::fs::write(root.join(format!("notes/n{number}.md")), "See [[Orca]] and [@lora2021].\n").unwrap();
        }
        let papers = "@misc{orca2023, title = {Orca: A whale}}\n@misc{lora2021, title = {LoRA: Low rank}}\n";
        std::fs::write(root.join("papers.bib"), papers).unwrap();
        let mut command = Command::new(program);
        command.arg("lsp").current_dir(&root).env("IBID_CACHE_DIR", folder.path().join("cache")).env_remove("IBID_LOG");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut soak = Soak { child, input, output, root, next_id: 1, version: 1, number: 0, _folder: folder };
        let folders = json!([{"uri": soak.uri(""), "name": "vault"}]);
        soak.request("initialize", json!({"processId": null, "capabilities": {}, "workspaceFolders": folders}));
        soak.notify("initialized", json!({}));
        soak.open("a.md", "# A note\n\nSee [[Orca]].\n");
        soak.wait_for("a.md", "A whale");
        soak
    }

    /// Does this much, in many small turns of all kinds.
    pub fn work(&mut self, work: Work) {
        const TURNS: usize = 50;
        let share = |all: usize, turn: usize| all * (turn + 1) / TURNS - all * turn / TURNS;
        for turn in 0..TURNS {
            self.edit(share(work.edits, turn));
            for _ in 0..share(work.openings, turn) {
                self.open_and_close();
            }
            for _ in 0..share(work.corpus_changes, turn) {
                self.change_corpus();
            }
        }
    }

    /// What the server takes now.
    pub fn taken(&self) -> Taken {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        let count = |folder: &str| std::fs::read_dir(process.join(folder)).unwrap().count();
        let status = std::fs::read_to_string(process.join("status")).unwrap();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let memory_kib = memory.trim().trim_end_matches(" kB").parse().unwrap();
        Taken { memory_kib, files: count("fd"), threads: count("task") }
    }

    /// Ends the server as the protocol wants.
    pub fn end(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.child.wait().unwrap().code()
    }

    /// Types and deletes in an open note, a letter at a time; the citation at its end stays where it is.
    fn edit(&mut self, edits: usize) {
        for number in 0..edits {
            self.version += 1;
            let end = number % 2;
            let text = if end == 0 { "x" } else { "" };
            let range = json!({"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 2 + end}});
            let document = json!({"uri": self.uri("a.md"), "version": self.version});
            let change = json!({"textDocument": document, "contentChanges": [{"range": range, "text": text}]});
            self.notify("textDocument/didChange", change);
            // Answers in between show that it keeps up.
            if number % 200 == 199 {
                assert!(self.card("a.md").contains("A whale"));
            }
        }
        assert!(self.card("a.md").contains("A whale"));
    }

    fn open_and_close(&mut self) {
        self.number += 1;
        let name = format!("notes/n{}.md", self.number % 40);
        self.open(&name, "# Open\n\nSee [[LoRA]].\n");
        assert!(self.card(&name).contains("Low rank"));
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": self.uri(&name)}}));
    }

    /// Writes a corpus file, and waits until what is new in it is found.
    fn change_corpus(&mut self) {
        self.number += 1;
        let title = format!("Whale{}: Sighting {}", self.number, self.number);
        let text = format!("@misc{{whale{}, title = {{{title}}}}}\n", self.number);
        std::fs::write(self.root.join("more.bib"), text).unwrap();
        let name = format!("w{}.md", self.number);
        self.open(&name, &format!("# Open\n\nSee [[Whale{}]].\n", self.number));
        self.wait_for(&name, &format!("Sighting {}", self.number));
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": self.uri(&name)}}));
    }

    fn wait_for(&mut self, note: &str, text: &str) {
        let begun = Instant::now();
        while !self.card(note).contains(text) {
            assert!(begun.elapsed() < TIMEOUT, "{note} never shows {text:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The card over the citation on the third line of an open note.
    fn card(&mut self, note: &str) -> String {
        let position = json!({"line": 2, "character": 7});
        let params = json!({"textDocument": {"uri": self.uri(note)}, "position": position});
        let hover = self.request("textDocument/hover", params);
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    fn open(&mut self, note: &str, text: &str) {
        let document = json!({"uri": self.uri(note), "languageId": "markdown", "version": self.version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn uri(&self, path: &str) -> String {
        url::Url::from_file_path(self.root.join(path)).unwrap().into()
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let mut message = self.read();
            if message["id"] == id && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{message}");
                return message["result"].take();
            }
        }
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let bytes = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.input.as_mut().unwrap().write_all(bytes.as_bytes()).unwrap();
    }

    fn read(&mut self) -> Value {
        framing::read_message(&mut self.output)
    }
}

impl Drop for Soak {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
