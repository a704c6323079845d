//! A small editor's end of the protocol: it writes, waits, and stamps what arrives before it looks at it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;

/// Only a server that hangs takes this long.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A server that runs; it is killed when this is dropped.
pub struct Client {
    child: Child,
    input: ChildStdin,
    arrivals: Receiver<Arrived>,
    /// Answers that came before they were asked for.
    early: HashMap<i64, Arrived>,
    last_id: i64,
    /// When the process was started.
    pub started: Instant,
}

struct Arrived {
    at: Instant,
    body: Vec<u8>,
}

/// An answer to a request.
pub struct Answer {
    /// When its last byte was there.
    pub at: Instant,
    pub bytes: usize,
    /// What was answered, or the error's code.
    pub result: Result<Value, i64>,
}

#[derive(Deserialize)]
struct Head {
    id: Option<Value>,
    method: Option<String>,
}

impl Client {
    /// Starts a server and says hello to it.
    pub fn start(command: &mut Command, root: &str) -> Outcome<Client> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let started = Instant::now();
        let mut child = command
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}", command.get_program().display()))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the server has no standard input or output".into());
        };
        let (sender, arrivals) = channel();
        std::thread::spawn(move || read_messages(output, &sender));
        let mut client = Client { child, input, arrivals, early: HashMap::new(), last_id: 0, started };
        let (id, hello) = client.request("initialize", &initialize(root));
        client.send(&hello)?;
        if let Err(code) = client.wait(id)?.result {
            return Err(format!("the server refuses to start: error {code}").into());
        }
        client.send(&notification("initialized", &json!({})))?;
        Ok(client)
    }

    /// The server's process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// A request as it goes over the wire, and its number.
    pub fn request(&mut self, method: &str, params: &Value) -> (i64, Vec<u8>) {
        self.last_id += 1;
        let id = self.last_id;
        (id, framed(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})))
    }

    /// Writes whole messages.
    pub fn send(&mut self, messages: &[u8]) -> Outcome<()> {
        let sent = self.input.write_all(messages).and_then(|()| self.input.flush());
        sent.map_err(|error| format!("the server does not listen: {error}").into())
    }

    /// Writes messages and a request behind them at once, and waits for the answer. Gives it with the time from the
    /// first byte written to the last one read.
    pub fn call(&mut self, before: &[u8], method: &str, params: &Value) -> Outcome<(Duration, Answer)> {
        let (id, request) = self.request(method, params);
        let messages = [before, &request].concat();
        let begin = Instant::now();
        self.send(&messages)?;
        let answer = self.wait(id)?;
        Ok((answer.at.saturating_duration_since(begin), answer))
    }

    /// Waits for the answer to a request.
    pub fn wait(&mut self, id: i64) -> Outcome<Answer> {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(arrived) = self.early.remove(&id) {
                return answer(&arrived);
            }
            let patience = deadline.saturating_duration_since(Instant::now());
            match self.arrivals.recv_timeout(patience) {
                Ok(arrived) => self.sort(arrived)?,
                Err(RecvTimeoutError::Timeout) => return Err(format!("no answer in {} s", TIMEOUT.as_secs()).into()),
                Err(RecvTimeoutError::Disconnected) => return Err(self.how_it_ended().into()),
            }
        }
    }

    /// Puts an answer by, and answers what the server asks.
    fn sort(&mut self, arrived: Arrived) -> Outcome<()> {
        let head: Head = serde_json::from_slice(&arrived.body)?;
        match (head.method, head.id) {
            (None, Some(id)) => {
                let id = id.as_i64().ok_or("an answer has a number that no request had")?;
                self.early.insert(id, arrived);
                Ok(())
            }
            (Some(_), Some(id)) => self.send(&framed(&json!({"jsonrpc": "2.0", "id": id, "result": null}))),
            _ => Ok(()),
        }
    }

    fn how_it_ended(&mut self) -> String {
        match self.child.wait() {
            Ok(status) => format!("the server ended before its time: {status}"),
            Err(error) => format!("the server closed its output: {error}"),
        }
    }

    /// Ends the server as editors do.
    pub fn stop(mut self) -> Outcome<()> {
        self.call(&[], "shutdown", &Value::Null)?;
        self.send(&notification("exit", &Value::Null))?;
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err("the server does not end when it is told to".into())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a plain editor says of itself.
fn initialize(root: &str) -> Value {
    json!({
        "processId": std::process::id(),
        "clientInfo": {"name": "end_to_end"},
        "rootUri": root,
        "workspaceFolders": [{"uri": root, "name": "bench"}],
        "capabilities": {
            "textDocument": {
                "completion": {
                    "contextSupport": true,
                    "completionItem": {
                        "labelDetailsSupport": true,
                        "documentationFormat": ["markdown", "plaintext"],
                        "resolveSupport": {"properties": ["documentation", "detail"]},
                    },
                },
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "definition": {"linkSupport": true},
                "publishDiagnostics": {},
            },
            "general": {"positionEncodings": ["utf-16"]},
        },
    })
}

/// A notification as it goes over the wire.
pub fn notification(method: &str, params: &Value) -> Vec<u8> {
    framed(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
}

/// A message with its header.
pub fn framed(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The next message's body; `None` at the end of the input, or where what comes is no message.
pub fn read_message(input: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = None;
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse().ok(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length?];
    input.read_exact(&mut body).ok()?;
    Some(body)
}

fn read_messages(output: ChildStdout, arrivals: &Sender<Arrived>) {
    let mut output = BufReader::with_capacity(1 << 16, output);
    while let Some(body) = read_message(&mut output) {
        if arrivals.send(Arrived { at: Instant::now(), body }).is_err() {
            return;
        }
    }
}

fn answer(arrived: &Arrived) -> Outcome<Answer> {
    let mut message: Value = serde_json::from_slice(&arrived.body)?;
    let result = match message.get("error") {
        Some(error) => Err(error.get("code").and_then(Value::as_i64).unwrap_or_default()),
        None => Ok(message.get_mut("result").map(Value::take).unwrap_or_default()),
    };
    Ok(Answer { at: arrived.at, bytes: arrived.body.len(), result })
}
