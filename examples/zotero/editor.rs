//! A small editor and its server, a process of its own that it speaks with over pipes.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Only a server that hangs takes this long.
const TIMEOUT: Duration = Duration::from_secs(600);

/// The folders of a user.
pub struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Home {
        let home = Home { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(home.path("vault")).unwrap();
        home
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Zotero's data directory, which is found without configuration.
    pub fn zotero(&self) -> PathBuf {
        self.path("profiles/Zotero")
    }

    /// Has the profile say at which port Zotero answers.
    pub fn set_port(&self, port: u16) {
        let profile = self.path("profiles/p");
        std::fs::create_dir_all(&profile).unwrap();
        std::fs::write(self.path("profiles/profiles.ini"), "[Profile0]\nIsRelative=1\nPath=p\nDefault=1\n").unwrap();
        let prefs = format!("user_pref(\"extensions.zotero.httpServer.port\", {port});\n");
        std::fs::write(profile.join("prefs.js"), prefs).unwrap();
    }
}

pub struct Editor {
    child: Child,
    input: Arc<Mutex<ChildStdin>>,
    answers: Receiver<Value>,
    next_id: u64,
    version: u32,
}

const NOTE: &str = "untitled:note";

impl Editor {
    /// Starts a server and opens a note.
    pub fn start(home: &Home) -> Editor {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["lsp", "--stdio"])
            .current_dir(home.path("vault"))
            .env("IBID_CACHE_DIR", home.path("cache"))
            .env("IBID_CONFIG_DIR", home.path("config"))
            .env("IBID_ZOTERO_PROFILES", home.path("profiles"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let input = Arc::new(Mutex::new(child.stdin.take().unwrap()));
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, answers) = channel();
        let replies = input.clone();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if message.get("method").is_some() && message.get("id").is_some() {
                    send(&replies, &json!({"jsonrpc": "2.0", "id": message["id"], "result": null}));
                } else if message.get("id").is_some() && sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut editor = Editor { child, input, answers, next_id: 1, version: 1 };
        let root = uri(&home.path("vault"));
        let folders = json!([{"uri": root, "name": "vault"}]);
        editor.request(
            "initialize",
            &json!({"processId": std::process::id(), "rootUri": root, "capabilities": {}, "workspaceFolders": folders}),
        );
        editor.notify("initialized", &json!({}));
        let document = json!({"uri": NOTE, "languageId": "markdown", "version": 1, "text": ""});
        editor.notify("textDocument/didOpen", &json!({"textDocument": document}));
        editor
    }

    /// The text of the note is another one.
    fn write(&mut self, text: &str) {
        self.version += 1;
        let document = json!({"uri": NOTE, "version": self.version});
        self.notify("textDocument/didChange", &json!({"textDocument": document, "contentChanges": [{"text": text}]}));
    }

    /// The card of a paper.
    pub fn card(&mut self, name: &str) -> String {
        self.write(&format!("[[{name}]]"));
        self.card_again()
    }

    /// The card of the paper that the note cites.
    pub fn card_again(&mut self) -> String {
        let place = json!({"textDocument": {"uri": NOTE}, "position": {"line": 0, "character": 3}});
        let answer = self.request("textDocument/hover", &place);
        answer["contents"]["value"].as_str().or(answer["contents"].as_str()).unwrap_or_default().to_owned()
    }

    /// Types a text and has it completed; gives how many there are.
    pub fn complete(&mut self, text: &str) -> usize {
        self.write(text);
        let position = json!({"line": 0, "character": text.len()});
        let place = json!({"textDocument": {"uri": NOTE}, "position": position});
        let answer = self.request("textDocument/completion", &place);
        answer["items"].as_array().or(answer.as_array()).map_or(0, Vec::len)
    }

    /// Waits until a card has a text; gives how long that took.
    pub fn wait_for(&mut self, name: &str, text: &str) -> Duration {
        let begun = Instant::now();
        let mut card = self.card(name);
        // Of a paper that is not there near ones are shown.
        while !card.contains(text) || card.starts_with("No paper") {
            assert!(begun.elapsed() < TIMEOUT, "never: {text:?} on the card of {name}");
            std::thread::sleep(Duration::from_millis(5));
            card = self.card_again();
        }
        begun.elapsed()
    }

    /// The most memory that the server has had, in MB; 0 where the system does not say.
    pub fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) / 1000
    }

    /// Ends the server in good order.
    pub fn end(mut self) {
        self.request("shutdown", &Value::Null);
        self.notify("exit", &Value::Null);
        self.child.wait().unwrap();
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        let id = self.next_id;
        self.next_id += 1;
        send(&self.input, &json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let mut answer = self.answers.recv_timeout(TIMEOUT).unwrap();
            if answer["id"] == id {
                return answer["result"].take();
            }
        }
    }

    fn notify(&self, method: &str, params: &Value) {
        send(&self.input, &json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }
}

fn send(input: &Mutex<ChildStdin>, message: &Value) {
    let body = message.to_string();
    // The server may have ended.
    let _ = write!(input.lock().unwrap(), "Content-Length: {}\r\n\r\n{body}", body.len());
}

fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

fn uri(path: &Path) -> String {
    url::Url::from_file_path(path).unwrap().to_string()
}

/// The value below which a part of those measured lies, in milliseconds.
pub fn quantile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let at = ((times.len() as f64 * part).ceil() as usize).clamp(1, times.len()) - 1;
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
