//! A small editor: it speaks the protocol over a pipe in memory, as real ones do over theirs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use ibid::files::Resolve as _;
use ibid::server::{ServerOptions, serve};
use ibid::zotero::ProfileFolder;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::fixture::{Fixture, below, uri};
use crate::positions::{self, Encoding};

/// Only a server that hangs takes this long.
const TIMEOUT: Duration = Duration::from_secs(120);

/// How a session begins.
pub struct Setup {
    pub fixture: Fixture,
    pub capabilities: Value,
    pub options: Value,
    /// Folders below the root to open as the workspace.
    pub folders: Vec<&'static str>,
    pub config_file: Option<&'static str>,
    /// What the client answers when it is asked for its settings.
    pub settings: Value,
}

impl Setup {
    pub fn new(fixture: &str) -> Setup {
        Setup {
            fixture: Fixture::parse(fixture),
            capabilities: json!({}),
            options: Value::Null,
            folders: vec![""],
            config_file: None,
            settings: Value::Null,
        }
    }

    pub fn capabilities(self, capabilities: Value) -> Setup {
        Setup { capabilities, ..self }
    }

    pub fn options(self, options: Value) -> Setup {
        Setup { options, ..self }
    }

    pub fn folders(self, folders: &[&'static str]) -> Setup {
        Setup { folders: folders.to_vec(), ..self }
    }

    pub fn settings(self, settings: Value) -> Setup {
        Setup { settings, ..self }
    }

    pub fn config_file(self, path: &'static str) -> Setup {
        Setup { config_file: Some(path), ..self }
    }

    /// A server that runs and has heard nothing yet.
    pub fn connect(self) -> Session {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().resolved().unwrap();
        let root = base.join("vault");
        std::fs::create_dir_all(&root).unwrap();
        self.fixture.write(&root);
        let options = ServerOptions {
            root: Some(root.clone()),
            config_file: self.config_file.map(|path| below(&root, path)),
            user_file: Some(base.join("config").join("ibid.toml")),
            cache_directory: Some(folder.path().join("cache")),
            zotero: vec![ProfileFolder { profiles: base.join("profiles"), homes: vec![base] }],
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
        let (near, far) = tokio::io::duplex(1 << 22);
        let (server_input, server_output) = tokio::io::split(far);
        let (client_input, mut client_output) = tokio::io::split(near);
        let server = runtime.spawn(serve(server_input, server_output, options));
        let (outgoing, mut to_send) = unbounded_channel::<Vec<u8>>();
        runtime.spawn(async move {
            while let Some(bytes) = to_send.recv().await {
                if client_output.write_all(&bytes).await.is_err() {
                    break;
                }
            }
            let _ = client_output.shutdown().await;
        });
        let inbox = Arc::new(Inbox { settings: Mutex::new(self.settings.clone()), ..Inbox::default() });
        runtime.spawn(receive(client_input, inbox.clone(), outgoing.clone().downgrade()));
        Session {
            root,
            inbox,
            outgoing: Some(outgoing),
            server: Some(server),
            encoding: Encoding::Utf16,
            capabilities: Value::Null,
            texts: HashMap::new(),
            next_id: 1,
            setup: self,
            runtime: Some(runtime),
            _folder: folder,
        }
    }

    /// A session past the handshake.
    pub fn initialized(self) -> Session {
        let mut session = self.connect();
        session.initialize();
        session
    }

    /// A session whose papers are all read.
    pub fn start(self) -> Session {
        let mut session = self.initialized();
        session.wait_ready();
        session
    }
}

#[derive(Default)]
struct Inbox {
    received: Mutex<Received>,
    news: Condvar,
    settings: Mutex<Value>,
    /// What the user answers to messages with buttons.
    button: Mutex<Value>,
}

#[derive(Default)]
struct Received {
    responses: HashMap<String, Value>,
    /// How often each id was answered.
    answers: HashMap<String, usize>,
    notifications: Vec<Value>,
    requests: Vec<String>,
    /// The server's requests that no test has looked at.
    asked: Vec<Value>,
    ended: bool,
}

async fn receive(
    mut input: ReadHalf<DuplexStream>,
    inbox: Arc<Inbox>,
    outgoing: tokio::sync::mpsc::WeakUnboundedSender<Vec<u8>>,
) {
    while let Some(message) = read_message(&mut input).await {
        let id = message.get("id").cloned();
        match (message["method"].as_str(), id) {
            (Some(method), Some(id)) => {
                let result = match method {
                    "workspace/configuration" => json!([inbox.settings.lock().unwrap().clone()]),
                    "workspace/applyEdit" => json!({"applied": true}),
                    "window/showDocument" => json!({"success": true}),
                    "window/showMessageRequest" => inbox.button.lock().unwrap().clone(),
                    _ => Value::Null,
                };
                if let Some(outgoing) = outgoing.upgrade() {
                    let _ = outgoing.send(frame(&json!({"jsonrpc": "2.0", "id": id, "result": result})));
                }
                let mut received = inbox.received.lock().unwrap();
                received.requests.push(method.to_owned());
                received.asked.push(message);
            }
            (Some(_), None) => inbox.received.lock().unwrap().notifications.push(message),
            (None, id) => {
                let id = id.unwrap_or_default().to_string();
                let mut received = inbox.received.lock().unwrap();
                *received.answers.entry(id.clone()).or_default() += 1;
                received.responses.insert(id, message);
            }
        }
        inbox.news.notify_all();
    }
    inbox.received.lock().unwrap().ended = true;
    inbox.news.notify_all();
}

async fn read_message(input: &mut ReadHalf<DuplexStream>) -> Option<Value> {
    let mut header = Vec::new();
    while !header.ends_with(b"\r\n\r\n") {
        header.push(input.read_u8().await.ok()?);
    }
    let header = String::from_utf8(header).unwrap();
    let length = header.lines().find_map(|line| line.strip_prefix("Content-Length: ")).expect("a length");
    let mut body = vec![0; length.trim().parse().unwrap()];
    input.read_exact(&mut body).await.ok()?;
    Some(serde_json::from_slice(&body).expect("the server writes JSON"))
}

/// A message as it goes over the wire.
pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// One client and its server.
pub struct Session {
    pub root: PathBuf,
    pub encoding: Encoding,
    /// What the server said it can do.
    pub capabilities: Value,
    /// The open documents as the editor shows them, by address.
    pub texts: HashMap<String, String>,
    setup: Setup,
    inbox: Arc<Inbox>,
    outgoing: Option<UnboundedSender<Vec<u8>>>,
    server: Option<JoinHandle<bool>>,
    next_id: u64,
    runtime: Option<Runtime>,
    /// Holds the workspace, the index and whatever else a test puts there; removed at the end.
    _folder: TempDir,
}

/// A place in a document: its address and a position in the session's encoding.
#[derive(Debug, Clone)]
pub struct Place {
    pub uri: String,
    pub position: Value,
}

impl Session {
    /// A session with plain capabilities and the note that holds the cursor open.
    pub fn at(fixture: &str) -> (Session, Place) {
        Session::with(Setup::new(fixture))
    }

    pub fn with(setup: Setup) -> (Session, Place) {
        let mut session = setup.start();
        let place = session.open_cursor();
        (session, place)
    }

    pub fn uri(&self, path: &str) -> String {
        uri(&below(&self.root, path))
    }

    /// The initialize request's parameters.
    pub fn initialize_params(&self) -> Value {
        let folder = |path: &&str| json!({"uri": self.uri(path), "name": path});
        json!({
            "processId": std::process::id(),
            "rootUri": null,
            "capabilities": self.setup.capabilities,
            "initializationOptions": self.setup.options,
            "workspaceFolders": self.setup.folders.iter().map(folder).collect::<Vec<_>>(),
        })
    }

    pub fn initialize(&mut self) {
        let answer = self.request("initialize", self.initialize_params()).expect("initialize is answered");
        self.capabilities = answer["capabilities"].clone();
        self.encoding = Encoding::named(self.capabilities["positionEncoding"].as_str().unwrap_or("utf-16"));
        self.notify("initialized", json!({}));
    }

    /// Waits until the papers can be found.
    pub fn wait_ready(&mut self) {
        let probe = "untitled:ready".to_owned();
        self.open(&probe, "[[");
        self.wait_until("papers are found", |session| {
            let place = Place { uri: probe.clone(), position: json!({"line": 0, "character": 2}) };
            !session.completion(&place)["items"].as_array().is_none_or(Vec::is_empty)
        });
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": probe}}));
    }

    /// Asks again and again until the answer is yes.
    pub fn wait_until(&mut self, what: &str, mut is_so: impl FnMut(&mut Session) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed() < TIMEOUT, "never: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn send(&self, message: &Value) {
        self.send_bytes(frame(message));
    }

    pub fn send_bytes(&self, bytes: Vec<u8>) {
        self.outgoing.as_ref().expect("the session is open").send(bytes).unwrap();
    }

    pub fn notify(&self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and gives its id.
    pub fn ask(&mut self, method: &str, params: Value) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// The whole answer to a request.
    pub fn answer(&self, id: impl ToString) -> Value {
        let id = id.to_string();
        self.wait_for(&format!("an answer to {id}"), |received| received.responses.remove(&id))
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        let mut answer = self.answer(id);
        match answer.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(answer["result"].take()),
        }
    }

    /// How often an id was answered so far.
    pub fn answer_count(&self, id: u64) -> usize {
        self.inbox.received.lock().unwrap().answers.get(&id.to_string()).copied().unwrap_or(0)
    }

    /// The first notification of a method that fits, taken out; waits for it.
    pub fn notification(&self, method: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.wait_for(method, |received| {
            let found = received.notifications.iter().position(|it| it["method"] == method && fits(&it["params"]));
            found.map(|at| received.notifications.remove(at)["params"].take())
        })
    }

    /// All notifications of a method that are there by now, taken out.
    pub fn taken(&self, method: &str) -> Vec<Value> {
        let mut received = self.inbox.received.lock().unwrap();
        let (taken, left) =
            std::mem::take(&mut received.notifications).into_iter().partition(|it| it["method"] == method);
        received.notifications = left;
        taken
    }

    /// Whether a notification of a method that fits has come by now.
    pub fn was_told(&self, method: &str, fits: impl Fn(&Value) -> bool) -> bool {
        let received = self.inbox.received.lock().unwrap();
        received.notifications.iter().any(|it| it["method"] == method && fits(&it["params"]))
    }

    /// Whether the server has asked for something by now.
    pub fn was_asked(&self, method: &str) -> bool {
        self.inbox.received.lock().unwrap().requests.iter().any(|it| it == method)
    }

    /// How often the server has asked for something by now.
    pub fn request_count(&self, method: &str) -> usize {
        self.inbox.received.lock().unwrap().requests.iter().filter(|it| *it == method).count()
    }

    /// The parameters of the first request of a method that no test has looked at; waits for it.
    pub fn asked(&self, method: &str) -> Value {
        self.wait_for(method, |received| {
            let found = received.asked.iter().position(|it| it["method"] == method);
            found.map(|at| received.asked.remove(at)["params"].take())
        })
    }

    /// What the client answers from now on when it is asked for its settings.
    pub fn set_settings(&self, settings: Value) {
        *self.inbox.settings.lock().unwrap() = settings;
    }

    /// What the user answers from now on to messages with buttons.
    pub fn press(&self, button: &str) {
        *self.inbox.button.lock().unwrap() = json!({"title": button});
    }

    fn wait_for<T>(&self, what: &str, mut take: impl FnMut(&mut Received) -> Option<T>) -> T {
        let deadline = Instant::now() + TIMEOUT;
        let mut received = self.inbox.received.lock().unwrap();
        loop {
            if let Some(found) = take(&mut received) {
                return found;
            }
            assert!(!received.ended, "the server ended before {what}");
            let left = deadline.checked_duration_since(Instant::now()).unwrap_or_else(|| panic!("never: {what}"));
            received = self.inbox.news.wait_timeout(received, left).unwrap().0;
        }
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        self.open_as("markdown", uri, text);
    }

    /// Opens a document of another language.
    pub fn open_as(&mut self, language: &str, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
        self.texts.insert(uri.to_owned(), text.to_owned());
    }

    /// Opens a note of the fixture.
    pub fn open_note(&mut self, path: &str) -> String {
        let uri = self.uri(path);
        let text = self.setup.fixture.content(path).to_owned();
        self.open(&uri, &text);
        uri
    }

    /// Opens the note with the cursor; waits until its text is parsed.
    pub fn open_cursor(&mut self) -> Place {
        let (path, offset) = self.setup.fixture.cursor.clone().expect("a cursor in the fixture");
        let uri = self.open_note(&path);
        let place = Place { position: positions::position(&self.texts[&uri], offset, self.encoding), uri };
        // A hover is answered from the parsed text.
        self.hover(&place);
        place
    }

    /// A place by its byte offset.
    pub fn place(&self, uri: &str, offset: usize) -> Place {
        Place { uri: uri.to_owned(), position: positions::position(&self.texts[uri], offset, self.encoding) }
    }

    /// The first place in a document where a text begins, and then some bytes.
    pub fn find(&self, uri: &str, text: &str, further: usize) -> Place {
        self.place(uri, self.texts[uri].find(text).expect("the text is there") + further)
    }

    pub fn at_place(&mut self, method: &str, place: &Place) -> Value {
        let params = json!({"textDocument": {"uri": place.uri}, "position": place.position});
        self.request(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    pub fn hover(&mut self, place: &Place) -> Value {
        self.at_place("textDocument/hover", place)
    }

    /// The text of the card at a place; empty where there is none.
    pub fn card(&mut self, place: &Place) -> String {
        self.hover(place)["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// The card of a name, asked from a note of its own.
    pub fn card_of(&mut self, name: &str) -> String {
        let uri = "untitled:card".to_owned();
        self.open(&uri, &format!("[[{name}]]"));
        self.card(&Place { uri, position: json!({"line": 0, "character": 3}) })
    }

    pub fn definition(&mut self, place: &Place) -> Value {
        self.at_place("textDocument/definition", place)
    }

    pub fn completion(&mut self, place: &Place) -> Value {
        self.at_place("textDocument/completion", place)
    }

    pub fn items(&mut self, place: &Place) -> Vec<Value> {
        self.completion(place)["items"].as_array().cloned().unwrap_or_default()
    }

    /// The text after accepting an item, its edit made as an editor does: nothing but the edit's range goes.
    pub fn apply(&self, place: &Place, item: &Value) -> String {
        let edit = &item["textEdit"];
        let mut text = self.texts[&place.uri].clone();
        let range = positions::byte_range(&text, &edit["range"], self.encoding);
        text.replace_range(range, edit["newText"].as_str().unwrap());
        text
    }

    /// Replaces a range of bytes and tells the server.
    pub fn edit(&mut self, uri: &str, version: i64, range: std::ops::Range<usize>, new_text: &str) {
        let text = self.texts.get_mut(uri).expect("an open document");
        let lsp_range = positions::range(text, range.clone(), self.encoding);
        text.replace_range(range, new_text);
        let change = json!({"range": lsp_range, "text": new_text});
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
    }

    /// Writes a file below the root.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        crate::fixture::write(&self.path(path), content);
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The folder that holds the workspace folder.
    pub fn outside(&self) -> &Path {
        self.root.parent().unwrap()
    }

    /// Closes the client's end and gives what the server's end returned.
    pub fn hang_up(mut self) -> bool {
        drop(self.outgoing.take());
        self.ended()
    }

    /// Waits for the server's end; gives what it returned.
    pub fn ended(&mut self) -> bool {
        let server = self.server.take().expect("the server is asked once");
        let runtime = self.runtime.as_ref().unwrap();
        let ended = runtime.block_on(async { tokio::time::timeout(TIMEOUT, server).await });
        ended.expect("the server ends").expect("the server does not panic")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
