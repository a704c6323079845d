//! Bytes to the engine and back: one host, no redirects, bounded answers.
#![cfg_attr(not(feature = "remote"), allow(dead_code, reason = "without the feature nothing is sent"))]

#[cfg(feature = "remote")]
use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::failure::Failure;

/// The largest answer that is read, in bytes.
pub(super) const MAX_ANSWER: u64 = 16 << 20;

/// Connecting to a machine of the group takes no longer.
#[cfg(feature = "remote")]
const CONNECT: Duration = Duration::from_secs(2);

/// One request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub method: Method,
    /// What follows the address of the engine, with a slash before it.
    pub path: &'a str,
    /// The body and its type.
    pub body: &'a [u8],
    pub content_type: &'static str,
    pub timeout: Duration,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Put,
}

/// What came back with a status of success.
#[derive(Debug)]
pub(super) struct Answer {
    pub body: Vec<u8>,
}

/// A client of one engine.
pub(super) struct Http {
    base: String,
    /// The whole value of the header, where there is a token.
    authorization: Option<String>,
    #[cfg(feature = "remote")]
    agent: ureq::Agent,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The token is in no log.
        formatter.debug_struct("Http").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Http {
    /// A client of the engine at an address. Opens no connection.
    pub fn new(base: &str, token: Option<&str>) -> Http {
        Http {
            base: base.trim_end_matches('/').to_owned(),
            authorization: token.map(authorization),
            #[cfg(feature = "remote")]
            agent: agent(),
        }
    }

    /// The address of the engine.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Sends a request and reads the answer whole.
    #[cfg(feature = "remote")]
    pub fn send(&self, request: Request<'_>) -> Result<Answer, Failure> {
        self.send_to(&format!("{}{}", self.base, request.path), request)
    }

    /// As [`Http::send`], to an address beside that of the engine on the same host.
    #[cfg(feature = "remote")]
    pub fn send_to(&self, url: &str, request: Request<'_>) -> Result<Answer, Failure> {
        use ureq::http;
        let method = match request.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
        };
        let mut message = http::Request::builder().method(method).uri(url);
        if let Some(authorization) = &self.authorization {
            message = message.header("Authorization", authorization);
        }
        let message = message.header("Content-Type", request.content_type).body(request.body);
        let message = message.map_err(|error| Failure::Unreachable(error.to_string()))?;
        let message = self.agent.configure_request(message).timeout_global(Some(request.timeout)).build();
        let answer = self.agent.run(message).map_err(|error| failure(&error, request.timeout))?;
        read(answer, request.timeout)
    }

    /// Nothing is sent where ibid was built without.
    #[cfg(not(feature = "remote"))]
    pub fn send(&self, _: Request<'_>) -> Result<Answer, Failure> {
        Err(Failure::Unreachable("this ibid was built without support for search engines".to_owned()))
    }

    /// Nothing is sent where ibid was built without.
    #[cfg(not(feature = "remote"))]
    pub fn send_to(&self, _: &str, request: Request<'_>) -> Result<Answer, Failure> {
        self.send(request)
    }
}

/// A whole value is sent as it is, `name:password` as such, anything else as a bearer's token.
fn authorization(token: &str) -> String {
    match token {
        whole if whole.contains(' ') => whole.to_owned(),
        pair if pair.contains(':') => format!("Basic {}", STANDARD.encode(pair)),
        token => format!("Bearer {token}"),
    }
}

#[cfg(feature = "remote")]
fn agent() -> ureq::Agent {
    use ureq::tls::{RootCerts, TlsConfig};
    // The certificate authorities are those of the system, where a group's own are installed too.
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let config = ureq::Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        // Neither a redirect nor a proxy may take the token to another host.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .no_delay(true)
        .timeout_connect(Some(CONNECT))
        .max_response_header_size(32 * 1024)
        .max_idle_connections(8)
        .max_idle_connections_per_host(8)
        .user_agent(concat!("ibid/", env!("CARGO_PKG_VERSION")))
        .build();
    config.new_agent()
}

#[cfg(feature = "remote")]
fn read(answer: ureq::http::Response<ureq::Body>, timeout: Duration) -> Result<Answer, Failure> {
    let status = answer.status();
    let after = answer.headers().get("retry-after").and_then(|it| it.to_str().ok()?.trim().parse().ok());
    let body = answer.into_body().into_with_config().limit(MAX_ANSWER).read_to_vec();
    if status.is_redirection() {
        return Err(Failure::Refused(status.as_u16(), "it leads elsewhere, which is not followed".to_owned()));
    }
    if status.as_u16() == 429 {
        return Err(Failure::Busy(after.map(|seconds: u64| Duration::from_secs(seconds.min(60)))));
    }
    if status.is_server_error() {
        return Err(Failure::Failed(status.as_u16()));
    }
    let body = body.map_err(|error| failure(&error, timeout))?;
    if !status.is_success() {
        return Err(Failure::Refused(status.as_u16(), reason(&body)));
    }
    Ok(Answer { body })
}

/// What an engine says of its refusal, short and on one line.
#[cfg(feature = "remote")]
fn reason(body: &[u8]) -> String {
    const MAX_CHARS: usize = 200;
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &json["error"];
    let said = [&error["root_cause"][0]["reason"], &error["reason"], error, &json["message"]];
    let said = said.into_iter().find_map(serde_json::Value::as_str).unwrap_or_default();
    let plain: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    plain.trim().to_owned()
}

#[cfg(feature = "remote")]
fn failure(error: &ureq::Error, timeout: Duration) -> Failure {
    match error {
        ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
            Failure::Unreachable("it takes no connections".to_owned())
        }
        ureq::Error::Timeout(_) => Failure::TimedOut(timeout),
        ureq::Error::Io(io) if io.kind() == io::ErrorKind::TimedOut => Failure::TimedOut(timeout),
        ureq::Error::BodyExceedsLimit(limit) => Failure::Nonsense(format!("it is longer than {} MB", limit >> 20)),
        ureq::Error::Protocol(what) => Failure::Nonsense(what.to_string()),
        other => Failure::Unreachable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_sent_as_what_they_are() {
        for (token, header) in [
            ("abc", "Bearer abc"),
            ("ApiKey abc==", "ApiKey abc=="),
            ("Aladdin:open sesame", "Aladdin:open sesame"),
            ("Aladdin:sesame", "Basic QWxhZGRpbjpzZXNhbWU="),
            ("a:b", "Basic YTpi"),
            ("a:bc", "Basic YTpiYw=="),
        ] {
            assert_eq!(authorization(token), header);
        }
    }
}
