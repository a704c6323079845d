//! A small client of the language server protocol: enough of an editor for a demonstration.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The server is given up after this long without an answer.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long to wait before asking again for what is not there yet.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// A running server and the connection to it. Dropping it ends the server.
pub(super) struct Client {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    next_id: u64,
}

impl Client {
    /// Starts a server for one workspace folder and greets it. Errors are words for the user.
    pub fn start(command: &mut Command, folder: &Path) -> Result<Client, String> {
        let mut server = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the server cannot be started: {error}"))?;
        let (Some(input), Some(output)) = (server.stdin.take(), server.stdout.take()) else {
            return Err("the server has no input or output".to_owned());
        };
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Ok(Some(message)) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut client = Client { server, input, messages, next_id: 0 };
        let uri = uri_of(folder)?;
        client.request("initialize", &initialize_params(&uri))?;
        client.notify("initialized", &json!({}))?;
        Ok(client)
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: &Value) -> Result<(), String> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    /// Sends a request and waits for its result.
    pub fn request(&mut self, method: &str, params: &Value) -> Result<Value, String> {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left).map_err(|error| match error {
                RecvTimeoutError::Timeout => format!("the server gave no answer to {method}"),
                RecvTimeoutError::Disconnected => format!("the server ended before it answered {method}"),
            })?;
            if message.get("method").is_some() {
                self.oblige(&message)?;
            } else if message.get("id") == Some(&json!(id)) {
                return match message.get("error") {
                    Some(error) => Err(format!("the server answered {method} with an error: {error}")),
                    None => Ok(message.get("result").cloned().unwrap_or_default()),
                };
            }
        }
    }

    /// Sends a request until what comes back is good: the server answers from the start, but with what
    /// it has read so far.
    pub fn request_until(
        &mut self,
        method: &str,
        params: &Value,
        is_good: impl Fn(&Value) -> bool,
    ) -> Result<Value, String> {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let answer = self.request(method, params)?;
            if is_good(&answer) {
                return Ok(answer);
            }
            if Instant::now() > deadline {
                return Err(format!("the server found nothing for {method}"));
            }
            std::thread::sleep(BETWEEN_TRIES);
        }
    }

    /// Ends the server as editors do.
    pub fn stop(mut self) -> Result<(), String> {
        self.request("shutdown", &Value::Null)?;
        self.notify("exit", &Value::Null)?;
        let status = self.server.wait().map_err(|error| format!("the server was lost: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("the server ended with {status}")) }
    }

    /// Answers what the server asks of its client: with nothing, which all such requests allow.
    fn oblige(&mut self, message: &Value) -> Result<(), String> {
        let Some(id) = message.get("id") else { return Ok(()) };
        let items = message.pointer("/params/items").and_then(Value::as_array);
        let result = items.map_or(Value::Null, |items| vec![Value::Null; items.len()].into());
        self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result}))
    }

    fn send(&mut self, message: &Value) -> Result<(), String> {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())
            .and_then(|()| self.input.flush())
            .map_err(|error| format!("the server does not listen: {error}"))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to end.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The `file:` address of an absolute path.
pub(super) fn uri_of(path: &Path) -> Result<String, String> {
    url::Url::from_file_path(path).map(String::from).map_err(|()| format!("{} is no absolute path", path.display()))
}

fn initialize_params(folder_uri: &str) -> Value {
    json!({
        "processId": std::process::id(),
        "clientInfo": {"name": "ibid demo", "version": env!("CARGO_PKG_VERSION")},
        "rootUri": folder_uri,
        "workspaceFolders": [{"uri": folder_uri, "name": "demo"}],
        "capabilities": {
            "textDocument": {
                "hover": {"contentFormat": ["plaintext"]},
                "completion": {"completionItem": {"labelDetailsSupport": true}},
                "definition": {"linkSupport": true},
            },
        },
    })
}

/// The next message; `None` at the end.
fn read_message(input: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<u64>().ok();
        }
    }
    let length = length.ok_or_else(|| io::Error::other("a message without length"))?;
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body)?;
    serde_json::from_slice(&body).map(Some).map_err(io::Error::other)
}
