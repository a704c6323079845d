//! Asking over HTTP, on this machine alone.

use std::io::Read as _;
use std::time::Duration;

use serde_json::Value;
use ureq::http::HeaderMap;

/// The longest answer that is read.
const MAX_BYTES: u64 = 64 << 20;

/// How long Zotero may take to be reached, to answer, and to answer whether anything has changed.
const CONNECT: Duration = Duration::from_millis(500);
pub(super) const ANSWER: Duration = Duration::from_secs(20);
pub(super) const PROBE: Duration = Duration::from_secs(5);

/// Why Zotero does not answer, in a clause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// Nobody listens.
    #[error("Zotero does not run")]
    NotRunning,
    /// Its switch is off, as it is at first.
    #[error(
        "Zotero does not let other programs ask: switch on Settings → Advanced → “Allow other applications on this \
         computer to communicate with Zotero”"
    )]
    SwitchedOff,
    /// The connection was closed without a byte.
    #[error("Zotero closed the connection without an answer")]
    Empty,
    /// It does not know what is asked, or not in this version of its interface.
    #[error("this version of Zotero has another interface (status {0})")]
    Unsupported(u16),
    /// Something else.
    #[error("Zotero does not answer as expected: {0}")]
    Odd(String),
}

/// Asks Zotero.
pub(super) struct Client {
    agent: ureq::Agent,
    pub port: u16,
}

/// What Zotero answers.
pub(super) struct Answer {
    body: Vec<u8>,
    /// Its version.
    pub zotero: Option<String>,
    /// The name of the server: there from Zotero 10 on, where versions are counted with every change.
    pub server_id: Option<String>,
    /// The version of the library.
    pub library_version: Option<u64>,
    /// How many there are of what was asked for.
    pub total: Option<u64>,
}

impl Client {
    /// `patience` is how long an answer may take.
    pub fn new(port: u16, patience: Duration) -> Client {
        let config = ureq::Agent::config_builder()
            // A proxy would be another machine, and a redirection lead to one.
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // Answers end with their connections.
            .max_idle_connections(0)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(patience))
            // Zotero closes the connections of what calls itself a browser.
            .user_agent(concat!("ibid/", env!("CARGO_PKG_VERSION")))
            .build();
        Client { agent: config.into(), port }
    }

    /// Asks for a path below `/api/`.
    pub fn get(&self, path: &str) -> Result<Answer, Closed> {
        // Not by name, which may be that of ::1, where nobody listens.
        let address = format!("http://127.0.0.1:{}/api/{path}", self.port);
        let asked = self.agent.get(&address).header("Zotero-API-Version", "3").call();
        let mut answer = asked.map_err(closed)?;
        match answer.status().as_u16() {
            200 => {}
            403 => return Err(Closed::SwitchedOff),
            status => return Err(Closed::Unsupported(status)),
        }
        let mut body = Vec::new();
        let mut reader = answer.body_mut().as_reader().take(MAX_BYTES + 1);
        reader.read_to_end(&mut body).map_err(|error| Closed::Odd(error.to_string()))?;
        if body.len() as u64 > MAX_BYTES {
            return Err(Closed::Odd(format!("its answer has more than {} MiB", MAX_BYTES >> 20)));
        }
        let headers = answer.headers();
        Ok(Answer {
            body,
            zotero: header(headers, "X-Zotero-Version"),
            server_id: header(headers, "Zotero-Server-ID"),
            library_version: header(headers, "Last-Modified-Version").and_then(|version| version.parse().ok()),
            total: header(headers, "Total-Results").and_then(|total| total.parse().ok()),
        })
    }

    /// Asks for JSON.
    pub fn json(&self, path: &str) -> std::io::Result<Value> {
        Ok(self.get(path)?.json()?)
    }
}

impl Answer {
    pub fn json(&self) -> Result<Value, Closed> {
        serde_json::from_slice(&self.body).map_err(|error| Closed::Odd(format!("it is not JSON: {error}")))
    }

    pub fn text(&self) -> Result<&str, Closed> {
        std::str::from_utf8(&self.body).map_err(|_| Closed::Odd("it is not UTF-8".to_owned()))
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn closed(error: ureq::Error) -> Closed {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, UnexpectedEof};
    match error {
        ureq::Error::ConnectionFailed => Closed::NotRunning,
        ureq::Error::Io(error) => match error.kind() {
            ConnectionRefused => Closed::NotRunning,
            ConnectionReset | ConnectionAborted | UnexpectedEof => Closed::Empty,
            _ => Closed::Odd(error.to_string()),
        },
        ureq::Error::Timeout(_) => Closed::Odd("it takes too long".to_owned()),
        error => Closed::Odd(error.to_string()),
    }
}

/// Whether a text is the key of an item or a collection, and so may stand in an address.
pub(super) fn is_key(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
