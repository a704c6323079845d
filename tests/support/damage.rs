//! An index that is damaged in every way a disk may think of, and the answers that have to come all the same.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const NOTE: &str =
    "# Whales\n\n[[Orca7]] and [[Whale songs 3]] and [@gull11, p. 3] and [[Whale sogns 5]], [@gull99].\n";

/// Commands that read the index in different ways.
const COMMANDS: [&[&str]; 6] = [
    &["check", "--json"],
    &["export"],
    &["search", "songs", "--json"],
    &["show", "gull13", "--json"],
    &["search", "Wren 2007", "--json"],
    &["show", "whale nobody has seen"],
];

/// What is done to a file.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// One bit is another: byte, in thousandths of the file, and bit.
    Flip(usize, u32),
    /// The file ends after so many thousandths.
    Cut(usize),
    /// The last byte is missing.
    LastByte,
    /// So many thousandths from the beginning are zeros.
    Zeros(usize),
    /// The file is gone.
    Gone,
    /// The file is that of another index.
    OfAnother,
}

/// The error that clients show to nobody and may ask anew after.
const CONTENT_MODIFIED: i64 = -32801;

/// A vault with an index, and the program that keeps it.
pub struct Patient {
    program: PathBuf,
    /// An answer has to be there after this long.
    limit: Duration,
    folder: tempfile::TempDir,
    answers: Vec<(String, Option<i32>)>,
    cards: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The right answer came; true where the index was built anew.
    Right(bool),
    /// There was no such file.
    NoFile,
    /// Anything else, in words.
    Wrong(String),
}

fn entries(name: &str, papers: std::ops::Range<usize>) -> String {
    let entry = |i: usize| {
        format!(
            "@article{{{name}{i},\n  title = {{Orca{i}: Whale songs {i} and the sea}},\n  author = {{Wren, Ada and Gull, Bo{i}}},\n  \
             year = {{{}}},\n  journal = {{Sea Letters}},\n  abstract = {{We listen to whales of kind {i}, and to songs.}}\n}}\n\n",
            2000 + i % 20
        )
    };
    papers.map(entry).collect()
}

impl Patient {
    /// Makes a vault, and an index of several segments of which records were deleted.
    pub fn new(program: &Path, limit: Duration) -> Patient {
        let folder = tempfile::tempdir().unwrap();
        let mut patient =
            Patient { program: program.to_owned(), limit, folder, answers: Vec::new(), cards: String::new() };
        for root in [patient.root(), patient.other_root()] {
            fs::create_dir_all(&root).unwrap();
            fs::write(root.join("n.md"), NOTE).unwrap();
        }
        fs::write(patient.other_root().join("a.bib"), entries("tern", 0..60)).unwrap();
        fs::write(patient.root().join("a.bib"), entries("gull", 0..40)).unwrap();
        patient.wear();
        let other = patient.run_in(&patient.other_root(), "other-cache", &["check"]);
        assert!(other.is_ok(), "{other:?}");
        patient.answers = COMMANDS.iter().map(|command| patient.run(command).unwrap()).collect();
        patient.cards = patient.hover().unwrap();
        assert!(patient.cards.contains("Orca7"), "{}", patient.cards);
        patient
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    fn other_root(&self) -> PathBuf {
        self.folder.path().join("other")
    }

    /// Gives the index more segments than one, and deleted records, where it has not got them.
    pub fn wear(&self) {
        if self.file("del").is_some() {
            return;
        }
        for papers in [12, 10] {
            fs::write(self.root().join("b.bib"), entries("auk", 40..40 + papers)).unwrap();
            self.run(&["check"]).unwrap();
        }
    }

    /// Runs a command to its end: what it prints and its status.
    fn run(&self, arguments: &[&str]) -> Result<(String, Option<i32>), String> {
        self.run_in(&self.root(), "cache", arguments)
    }

    fn command(&self, root: &Path, cache: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(root).env("IBID_CACHE_DIR", self.folder.path().join(cache)).env_remove("IBID_LOG");
        command.env("IBID_CONFIG_DIR", self.folder.path().join("config")).env("IBID_ZOTERO_PROFILES", "");
        command.env("NO_COLOR", "1").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    fn run_in(&self, root: &Path, cache: &str, arguments: &[&str]) -> Result<(String, Option<i32>), String> {
        let mut child = self.command(root, cache).args(arguments).spawn().unwrap();
        let mut output = child.stdout.take().unwrap();
        let (sender, text) = channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = output.read_to_string(&mut text);
            let _ = sender.send(text);
        });
        let text = text.recv_timeout(self.limit);
        if text.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().unwrap();
        Ok((text.map_err(|_| format!("{arguments:?}: no answer in time"))?, status.code()))
    }

    /// The card that an editor shows for the first citation of the note.
    fn hover(&self) -> Result<String, String> {
        let mut server = Server::start(self.command(&self.root(), "cache"), &self.root(), self.limit);
        let begun = Instant::now();
        loop {
            let card = server.hover(begun + self.limit)?;
            if !card.is_empty() {
                return Ok(card);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Damages a file of a kind that a server has open. The card is right before, and right again in time.
    pub fn suffer_live(&self, wanted: &str, fault: Fault) -> Ending {
        self.wear();
        let before = self.generation();
        let mut server = Server::start(self.command(&self.root(), "cache"), &self.root(), self.limit);
        if let Err(reason) = server.card(&self.cards).and_then(|()| server.wait_for_notes()) {
            return Ending::Wrong(reason);
        }
        let Some(path) = self.file(wanted) else { return Ending::NoFile };
        damage_in_place(&path, fault);
        let begun = Instant::now();
        while self.generation() == before {
            if begun.elapsed() > self.limit {
                return Ending::Wrong(format!("{wanted} {fault:?}: the server did not see it"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        match server.card(&self.cards) {
            Ok(()) => Ending::Right(true),
            Err(reason) => Ending::Wrong(format!("{wanted} {fault:?}: {reason}")),
        }
    }

    /// Has a file of a kind become empty under a server that has it open, and asks it at once, and again, for a list that it
    /// was not asked for before, and then for the card. What it lists meanwhile is a part of the list, and never anything else.
    pub fn suffer_cut(&self, wanted: &str) -> Ending {
        self.wear();
        let expected = {
            let mut server = Server::start(self.command(&self.root(), "cache"), &self.root(), self.limit);
            match server.card(&self.cards).and_then(|()| server.wait_for_notes()).and_then(|()| server.list()) {
                Ok(Some(expected)) if expected.len() > 5 => expected,
                other => return Ending::Wrong(format!("the list of a sound index: {other:?}")),
            }
        };
        let before = self.generation();
        let mut server = Server::start(self.command(&self.root(), "cache"), &self.root(), self.limit);
        if let Err(reason) = server.card(&self.cards).and_then(|()| server.wait_for_notes()) {
            return Ending::Wrong(reason);
        }
        let Some(path) = self.file(wanted) else { return Ending::NoFile };
        damage_in_place(&path, Fault::Cut(0));
        let begun = Instant::now();
        loop {
            let listed = match server.list() {
                Ok(listed) => listed.unwrap_or_default(),
                Err(reason) => return Ending::Wrong(format!("{wanted}: {reason}")),
            };
            if let Some(odd) = listed.iter().find(|it| !expected.contains(it)) {
                return Ending::Wrong(format!("{wanted}: {odd} is listed"));
            }
            if self.generation() != before && listed == expected {
                break;
            }
            if begun.elapsed() > self.limit {
                return Ending::Wrong(format!("{wanted}: {listed:?} instead of {expected:?}"));
            }
        }
        match server.card(&self.cards) {
            Ok(()) => Ending::Right(true),
            Err(reason) => Ending::Wrong(format!("{wanted}: {reason}")),
        }
    }

    /// The kinds of files there are, by their endings or names.
    pub fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = files_below(&self.folder.path().join("cache")).iter().map(|it| kind(it)).collect();
        kinds.retain(|kind| !kind.ends_with("lock"));
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// A file of a kind that is in use: a server that was stopped in the midst of its work leaves others.
    fn file(&self, wanted: &str) -> Option<PathBuf> {
        let files = files_below(&self.folder.path().join("cache"));
        let current = files.iter().find(|path| kind(path) == "current");
        let generation = current.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        let lists =
            files.iter().filter(|path| kind(path) == "meta.json" && path.parent().unwrap().ends_with(&generation));
        let segments: String =
            lists.filter_map(|path| fs::read_to_string(path).ok()).collect::<String>().replace('-', "");
        let is_used = |path: &PathBuf| {
            let segment = path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap();
            segment.len() != 32 || segments.contains(segment)
        };
        files.iter().find(|path| kind(path) == wanted && is_used(path)).cloned()
    }

    /// The name of the index in use.
    fn generation(&self) -> String {
        self.file("current").and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default()
    }

    /// Damages a file of a kind and asks for the answer of a number: all commands by turns, or the server.
    pub fn suffer(&self, wanted: &str, fault: Fault, number: usize, by_server: bool) -> Ending {
        self.wear();
        let before = self.generation();
        let Some(path) = self.file(wanted) else { return Ending::NoFile };
        let other = files_below(&self.folder.path().join("other-cache")).into_iter().find(|it| kind(it) == wanted);
        damage(&path, fault, other.as_deref());
        let (answer, expected) = if by_server {
            (self.hover(), self.cards.clone())
        } else {
            let at = number % COMMANDS.len();
            (self.run(COMMANDS[at]).map(|answer| format!("{answer:?}")), format!("{:?}", self.answers[at]))
        };
        match answer {
            Ok(answer) if answer == expected => Ending::Right(self.generation() != before),
            Ok(answer) => Ending::Wrong(format!("{wanted} {fault:?}: {answer}\ninstead of {expected}")),
            Err(reason) => Ending::Wrong(format!("{wanted} {fault:?}: {reason}")),
        }
    }
}

/// What an ending or a name says of a file.
fn kind(path: &Path) -> String {
    let name = path.file_name().unwrap().to_str().unwrap();
    match path.extension().and_then(|it| it.to_str()) {
        Some(ending) if ending != "json" => ending.to_owned(),
        _ => name.to_owned(),
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn damage(path: &Path, fault: Fault, other: Option<&Path>) {
    let mut bytes = fs::read(path).unwrap();
    let at = |thousandths: usize| bytes.len() * thousandths / 1000;
    match fault {
        Fault::Flip(thousandths, bit) => {
            let at = at(thousandths).min(bytes.len().saturating_sub(1));
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << (bit % 8);
            }
        }
        Fault::Cut(thousandths) => bytes.truncate(at(thousandths)),
        Fault::LastByte => drop(bytes.pop()),
        Fault::Zeros(thousandths) => {
            let end = at(thousandths);
            bytes[..end].fill(0);
        }
        Fault::Gone => return fs::remove_file(path).unwrap(),
        Fault::OfAnother => bytes = fs::read(other.unwrap_or(path)).unwrap(),
    }
    fs::write(path, bytes).unwrap();
}

/// As a failing disk does: the file stays the same for whoever has it open.
fn damage_in_place(path: &Path, fault: Fault) {
    let mut bytes = fs::read(path).unwrap();
    match fault {
        Fault::Flip(thousandths, bit) => {
            let at = bytes.len() * thousandths / 1000;
            bytes[at] ^= 1 << (bit % 8);
        }
        Fault::Cut(thousandths) => {
            let file = fs::OpenOptions::new().write(true).open(path).unwrap();
            return file.set_len((bytes.len() * thousandths / 1000) as u64).unwrap();
        }
        _ => bytes.fill(0),
    }
    fs::OpenOptions::new().write(true).open(path).unwrap().write_all(&bytes).unwrap();
}

/// A server and what it says.
struct Server {
    child: Child,
    limit: Duration,
    messages: Receiver<Value>,
    note: String,
    next_id: u64,
}

impl Server {
    fn start(mut command: Command, root: &Path, limit: Duration) -> Server {
        let mut child = command.arg("lsp").stdin(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || read_messages(output, |message| sender.send(message).is_ok()));
        let root = format!("file://{}", root.canonicalize().unwrap().display());
        let note = format!("{root}/n.md");
        let mut server = Server { child, limit, messages, note: note.clone(), next_id: 2 };
        let folders = json!([{"uri": root, "name": "vault"}]);
        let params = json!({"processId": null, "rootUri": null, "capabilities": {}, "workspaceFolders": folders});
        server.send(&json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}));
        let _ = server.messages.recv_timeout(limit);
        server.send(&json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
        let document = json!({"uri": note, "languageId": "markdown", "version": 1, "text": NOTE});
        let open = json!({"textDocument": document});
        server.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": open}));
        server
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        // Where the server is gone, the answer is missing.
        let _ = write!(self.child.stdin.as_mut().unwrap(), "Content-Length: {}\r\n\r\n{text}", text.len());
    }

    /// Waits for a card.
    fn card(&mut self, expected: &str) -> Result<(), String> {
        let until = Instant::now() + self.limit;
        loop {
            let card = self.hover(until)?;
            if card == expected {
                return Ok(());
            }
            if !card.is_empty() {
                return Err(format!("{card}\ninstead of {expected}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The labels that are offered after `[[wren so`; `None` where there is no answer so far.
    fn list(&mut self) -> Result<Option<Vec<String>>, String> {
        let (uri, until) = (format!("{}-list.md", self.note), Instant::now() + self.limit);
        let document = json!({"uri": uri, "languageId": "markdown", "version": 1, "text": "[[wren so"});
        self.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}}));
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 9}});
        let Some(answer) = self.request("textDocument/completion", &params, until)? else { return Ok(None) };
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        Ok(Some(items.iter().map(|item| item["label"].to_string()).collect()))
    }

    /// Waits until the notes are read: what they cite is listed first.
    fn wait_for_notes(&mut self) -> Result<(), String> {
        let until = Instant::now() + self.limit;
        while !self.whole_card(until)?.contains("cited in") {
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// The card at the first citation; empty where there is none so far.
    fn hover(&mut self, until: Instant) -> Result<String, String> {
        let card = self.whole_card(until)?;
        // Who cites it comes from the notes, which are read meanwhile.
        Ok(card.split("cited in").next().unwrap_or_default().trim().to_owned())
    }

    fn whole_card(&mut self, until: Instant) -> Result<String, String> {
        let params = json!({"textDocument": {"uri": self.note}, "position": {"line": 2, "character": 4}});
        let Some(answer) = self.request("textDocument/hover", &params, until)? else { return Ok(String::new()) };
        Ok(answer["contents"]["value"].as_str().unwrap_or_default().to_owned())
    }

    /// The answer to a request; `None` where the papers are read anew.
    fn request(&mut self, method: &str, params: &Value, until: Instant) -> Result<Option<Value>, String> {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left).map_err(|_| format!("no answer to {method} in time"))?;
            if message["id"] == id && message.get("method").is_none() {
                return match message["error"]["code"].as_i64() {
                    None => Ok(Some(message["result"].clone())),
                    Some(CONTENT_MODIFIED) => Ok(None),
                    Some(_) => Err(message.to_string()),
                };
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_messages(mut output: impl BufRead, mut tell: impl FnMut(Value) -> bool) {
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if output.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some(said) = line.strip_prefix("Content-Length: ") {
                length = said.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        if output.read_exact(&mut body).is_err() || !tell(serde_json::from_slice(&body).unwrap()) {
            return;
        }
    }
}

/// How attempts ended, by the kind of file.
#[derive(Default)]
pub struct Tally {
    pub kinds: BTreeMap<String, [usize; 3]>,
    pub wrong: Vec<String>,
}

impl Tally {
    /// Counts an ending: tried, right, built anew.
    pub fn count(&mut self, kind: &str, ending: Ending) {
        let counts = self.kinds.entry(kind.to_owned()).or_default();
        match ending {
            Ending::NoFile => return,
            Ending::Right(rebuilt) => {
                counts[1] += 1;
                counts[2] += usize::from(rebuilt);
            }
            Ending::Wrong(reason) => self.wrong.push(reason),
        }
        counts[0] += 1;
    }
}
