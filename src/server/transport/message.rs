//! Messages of the client, each parsed once, malformed ones included.
//!
//! Editors do send what strict JSON does not allow: half of a surrogate pair, when a user deletes the
//! other half. Such text is repaired and parsed again. What cannot be repaired is answered with an error.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};

/// A parsed message.
#[derive(Debug, PartialEq)]
pub(super) enum Incoming {
    /// A request or a notification.
    Request(Request),
    /// The answer to one of the server's requests.
    Response(Response),
    /// Not a message, and the answer to it.
    Malformed(Response),
}

/// The answer to a message that was announced longer than what is read.
pub(super) fn too_long() -> Incoming {
    tracing::warn!("a message that is announced with more than 1 GiB is not read");
    let error = Error { message: "the message is longer than 1 GiB".into(), ..Error::invalid_request() };
    Incoming::Malformed(Response::from_error(Id::Null, error))
}

/// The members of a message; unknown ones are ignored.
#[derive(Deserialize)]
struct Members {
    jsonrpc: Version,
    method: Option<String>,
    #[serde(default, deserialize_with = "present")]
    params: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    id: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    error: Option<Error>,
}

/// The only version.
#[derive(Deserialize)]
enum Version {
    #[serde(rename = "2.0")]
    Two,
}

/// A member that is present, even if it is null.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Parses the body of a message.
pub(super) fn parse(body: &[u8]) -> Incoming {
    if let Ok(members) = serde_json::from_slice(body) {
        return message(members);
    }
    let text = repair_lone_surrogates(&String::from_utf8_lossy(body));
    if let Ok(members) = serde_json::from_str(&text) {
        return message(members);
    }
    tracing::warn!("a message of {} bytes is not well formed", body.len());
    let answer = match serde_json::from_str::<Value>(&text) {
        Ok(value) => {
            let id = value.get("id").and_then(|id| Id::deserialize(id).ok());
            Response::from_error(id.unwrap_or_default(), Error::invalid_request())
        }
        Err(_) => Response::from_error(Id::Null, Error::parse_error()),
    };
    Incoming::Malformed(answer)
}

fn message(members: Members) -> Incoming {
    let Members { jsonrpc: Version::Two, method, params, id, result, error } = members;
    match (method, id, result, error) {
        (None, Some(id), Some(result), None) => Incoming::Response(Response::from_ok(id, result)),
        (None, Some(id), _, Some(error)) => Incoming::Response(Response::from_error(id, error)),
        (None, id, ..) => Incoming::Malformed(Response::from_error(id.unwrap_or_default(), Error::invalid_request())),
        (Some(method), id, ..) => {
            let mut request = Request::build(method);
            if let Some(params) = params {
                request = request.params(params);
            }
            if let Some(id) = id {
                request = request.id(id);
            }
            Incoming::Request(request.finish())
        }
    }
}

/// JSON in which escapes of half a surrogate pair are those of the replacement character, which is as
/// wide in UTF-16.
fn repair_lone_surrogates(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        repaired.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (surrogate(rest), rest.get(6..).and_then(surrogate)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(_), _) => {
                repaired.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            // The backslash and the character that it escapes.
            (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        repaired.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    repaired + rest
}

/// The surrogate that an escape at the start of the text stands for.
fn surrogate(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let unit = u32::from_str_radix(digits, 16).ok()?;
    (0xd800..0xe000).contains(&unit).then_some(unit)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    const GOOD: &str = r#"{"jsonrpc":"2.0","method":"x","params":["\ud83d\udc0b \\ud83d \"\u00e9"]}"#;

    fn request(body: &str) -> Request {
        match parse(body.as_bytes()) {
            Incoming::Request(request) => request,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn requests_and_notifications_are_as_the_framework_reads_them() {
        for body in [
            GOOD,
            r#"{"jsonrpc":"2.0","id":1,"method":"a/b"}"#,
            r#"{"id":"täxt","params":null,"method":"a/b","jsonrpc":"2.0"}"#,
            r#"{"jsonrpc":"2.0","id":null,"method":"a/b","params":{"x":[1.5,-2,{"y":true}]},"more":{}}"#,
            r#" { "jsonrpc" : "2.0" , "method" : "" } "#,
        ] {
            assert_eq!(request(body), serde_json::from_str(body).unwrap(), "{body}");
        }
    }

    #[test]
    fn answers_are_as_the_framework_reads_them() {
        for body in [
            r#"{"jsonrpc":"2.0","id":"a","result":null}"#,
            r#"{"jsonrpc":"2.0","id":7,"result":{"x":[]}}"#,
            r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"no","data":[1]}}"#,
            r#"{"jsonrpc":"2.0","id":7,"error":null,"result":1}"#,
            r#"{"jsonrpc":"2.0","id":null,"result":1}"#,
        ] {
            assert_eq!(parse(body.as_bytes()), Incoming::Response(serde_json::from_str(body).unwrap()), "{body}");
        }
    }

    #[test]
    fn half_surrogate_pairs_and_broken_utf_8_are_repaired() {
        let message = |text: &str| format!(r#"{{"jsonrpc":"2.0","method":"x","params":["{text}"]}}"#);
        for (before, after) in [
            (r"a\ud83db", r"a\ufffdb"),
            (r"\udc0b\ud83d", r"\ufffd\ufffd"),
            (r"\ud83d\ud83d\udc0b", r"\ufffd\ud83d\udc0b"),
            (r"\\ud83d\uDC0B", r"\\ud83d\ufffd"),
        ] {
            assert_eq!(request(&message(before)), request(&message(after)), "{before}");
        }
        let mut broken = message("?").into_bytes();
        let at = broken.iter().position(|byte| *byte == b'?').unwrap();
        broken[at] = 0xff;
        assert_eq!(parse(&broken), Incoming::Request(request(&message("\u{fffd}"))));
    }

    #[test]
    fn what_cannot_be_repaired_is_answered_as_an_error() {
        let deep = "[".repeat(100_000);
        for (body, error, id) in [
            ("{\"jsonrpc", Error::parse_error(), json!(null)),
            ("", Error::parse_error(), json!(null)),
            (&deep, Error::parse_error(), json!(null)),
            ("[]", Error::invalid_request(), json!(null)),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"x"}]"#, Error::invalid_request(), json!(null)),
            (r#"{"id":7,"method":"x"}"#, Error::invalid_request(), json!(7)),
            (r#"{"jsonrpc":"1.0","id":7,"method":"x"}"#, Error::invalid_request(), json!(7)),
            (r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, Error::invalid_request(), json!(null)),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, Error::invalid_request(), json!(null)),
            (r#"{"jsonrpc":"2.0","id":"a","method":7}"#, Error::invalid_request(), json!("a")),
            (r#"{"jsonrpc":"2.0","id":"a"}"#, Error::invalid_request(), json!("a")),
            (r#"{"jsonrpc":"2.0","id":3,"error":"?"}"#, Error::invalid_request(), json!(3)),
        ] {
            let id = serde_json::from_value(id).unwrap();
            assert_eq!(parse(body.as_bytes()), Incoming::Malformed(Response::from_error(id, error)), "{body:.40}");
        }
    }
}
