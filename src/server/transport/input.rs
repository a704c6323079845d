//! Input that survives broken messages: the framework takes the first of them for the end of the session.
//!
//! Editors do send what strict JSON does not allow: half of a surrogate pair, when a user deletes the
//! other half. Such text is mended. What cannot be mended becomes a request for an error answer.

use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use serde_json::{Value, json};
use tokio::io::{AsyncRead, ReadBuf};
use tower_lsp::jsonrpc::{Request, Response};

/// The method that stands for a message that is no JSON.
pub(in crate::server) const UNPARSABLE: &str = "ibid/unparsable";

/// The method that stands for JSON that is no message.
pub(in crate::server) const INVALID: &str = "ibid/invalid";

/// What is longer than this and still no header is dropped.
const LONGEST_HEADER: usize = 8 * 1024;

/// A stream of messages in which every message is well formed.
pub(in crate::server) struct MendedInput<I> {
    source: I,
    /// What was read and not yet handed on, from `taken` on.
    read: Vec<u8>,
    taken: usize,
    /// The length of the body that comes next, once its header was read.
    body_length: Option<usize>,
    /// A whole message, handed on up to `given`.
    message: Vec<u8>,
    given: usize,
}

/// Mends what is read from `source`.
pub(in crate::server) fn mended<I>(source: I) -> MendedInput<I> {
    MendedInput { source, read: Vec::new(), taken: 0, body_length: None, message: Vec::new(), given: 0 }
}

impl<I: AsyncRead + Unpin> AsyncRead for MendedInput<I> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, output: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let rest = this.message.get(this.given..).unwrap_or_default();
            if !rest.is_empty() {
                let now = rest.get(..output.remaining()).unwrap_or(rest);
                output.put_slice(now);
                this.given += now.len();
                return Poll::Ready(Ok(()));
            }
            if let Some(body) = this.next_body() {
                (this.message, this.given) = (framed(&mend(&body)), 0);
                continue;
            }
            let mut chunk = [0; 16 * 1024];
            let mut chunk = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.source).poll_read(context, &mut chunk))?;
            if chunk.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.read.drain(..this.taken);
            this.taken = 0;
            this.read.extend_from_slice(chunk.filled());
        }
    }
}

impl<I> MendedInput<I> {
    /// The next message's body, where it is there whole.
    fn next_body(&mut self) -> Option<Vec<u8>> {
        loop {
            let rest = self.read.get(self.taken..).unwrap_or_default();
            if let Some(length) = self.body_length {
                let body = rest.get(..length)?.to_vec();
                self.taken += length;
                self.body_length = None;
                return Some(body);
            }
            let Some(end) = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
                if rest.len() > LONGEST_HEADER {
                    // The last bytes may begin the end of a header.
                    self.taken = self.read.len() - 3;
                }
                return None;
            };
            // A block without a length is nothing; the next one may be a header again.
            self.body_length = rest.get(..end).and_then(content_length);
            self.taken += end + 4;
        }
    }
}

/// The length that a header gives, whatever stands around it.
fn content_length(header: &[u8]) -> Option<usize> {
    const FIELD: &str = "content-length:";
    let header = String::from_utf8_lossy(header).to_ascii_lowercase();
    header.lines().find_map(|line| line.get(line.rfind(FIELD)? + FIELD.len()..)?.trim().parse().ok())
}

fn framed(body: &[u8]) -> Vec<u8> {
    let mut message = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    message.extend_from_slice(body);
    message
}

/// A body that the framework can read: the same, mended, or a request for an error answer.
fn mend(body: &[u8]) -> Cow<'_, [u8]> {
    if is_message(body) {
        return body.into();
    }
    let text = without_lone_surrogates(&String::from_utf8_lossy(body));
    if is_message(text.as_bytes()) {
        return text.into_bytes().into();
    }
    let (method, id) = match serde_json::from_str::<Value>(&text) {
        Ok(value) => (INVALID, value.get("id").filter(|id| id.is_i64() || id.is_string()).cloned()),
        Err(_) => (UNPARSABLE, None),
    };
    tracing::warn!("a message of {} bytes is not well formed: {method}", body.len());
    json!({"jsonrpc": "2.0", "id": id, "method": method}).to_string().into_bytes().into()
}

fn is_message(body: &[u8]) -> bool {
    // Both are tried as the framework does: nothing but these goes through.
    serde_json::from_slice::<Request>(body).is_ok() || serde_json::from_slice::<Response>(body).is_ok()
}

/// JSON in which escapes of half a surrogate pair are those of the replacement character, which is as
/// wide in UTF-16.
fn without_lone_surrogates(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (surrogate(rest), rest.get(6..).and_then(surrogate)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(_), _) => {
                mended.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            // The backslash and the character that it escapes.
            (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        mended.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    mended + rest
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
    use std::io::Cursor;

    use tokio::io::AsyncReadExt as _;

    use super::*;

    const GOOD: &str = r#"{"jsonrpc":"2.0","method":"x","params":["\ud83d\udc0b \\ud83d \"\u00e9"]}"#;

    /// The bodies that come out of some bytes.
    fn bodies(input: impl AsRef<[u8]>) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut output = String::new();
        let mut input = mended(Cursor::new(input.as_ref().to_vec()));
        runtime.block_on(input.read_to_string(&mut output)).unwrap();
        let mut bodies = Vec::new();
        let mut rest = output.as_str();
        while let Some((header, behind)) = rest.split_once("\r\n\r\n") {
            let length: usize = header.strip_prefix("Content-Length: ").unwrap().parse().unwrap();
            bodies.push(behind[..length].to_owned());
            rest = &behind[length..];
        }
        assert_eq!(rest, "");
        bodies
    }

    fn with_header(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn good_messages_go_through_as_they_are() {
        let response = r#"{"jsonrpc":"2.0","id":"a","result":null}"#;
        assert_eq!(bodies(with_header(GOOD) + &with_header(response)), [GOOD, response]);
        let long = GOOD.replace('x', &"x".repeat(100_000));
        assert_eq!(bodies(with_header(&long)), [long]);
    }

    #[test]
    fn headers_may_be_written_in_other_ways() {
        let length = GOOD.len();
        for header in [
            format!("content-length:{length}\r\n"),
            format!("Content-Type: application/vscode-jsonrpc\r\nContent-Length: {length}\r\n"),
            format!("garbage\r\n\r\nmoreContent-Length: {length}\r\nX: y\r\n"),
        ] {
            assert_eq!(bodies(format!("{header}\r\n{GOOD}")), [GOOD], "{header}");
        }
        assert_eq!(bodies("?".repeat(50_000) + "\r\n\r\n" + &with_header(GOOD)), [GOOD]);
    }

    #[test]
    fn half_surrogate_pairs_and_broken_utf_8_are_mended() {
        let message = |text: &str| format!(r#"{{"jsonrpc":"2.0","method":"x","params":["{text}"]}}"#);
        for (before, after) in [
            (r"a\ud83db", r"a\ufffdb"),
            (r"\udc0b\ud83d", r"\ufffd\ufffd"),
            (r"\ud83d\ud83d\udc0b", r"\ufffd\ud83d\udc0b"),
            (r"\\ud83d\uDC0B", r"\\ud83d\ufffd"),
        ] {
            assert_eq!(bodies(with_header(&message(before))), [message(after)], "{before}");
        }
        let mut broken = with_header(&message("?")).into_bytes();
        let at = broken.iter().position(|byte| *byte == b'?').unwrap();
        broken[at] = 0xff;
        assert_eq!(bodies(broken), [message("\u{fffd}")]);
    }

    #[test]
    fn what_is_beyond_mending_asks_for_an_error_and_the_next_message_is_fine() {
        for (body, method, id) in [
            ("{\"jsonrpc", UNPARSABLE, json!(null)),
            ("", UNPARSABLE, json!(null)),
            ("[]", INVALID, json!(null)),
            (r#"{"id":7,"method":"x"}"#, INVALID, json!(7)),
            (r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, INVALID, json!(null)),
            (r#"{"jsonrpc":"2.0","id":"a","method":7}"#, INVALID, json!("a")),
        ] {
            let found = bodies(with_header(body) + &with_header(GOOD));
            let asked: Value = serde_json::from_str(&found[0]).unwrap();
            assert_eq!(asked, json!({"jsonrpc": "2.0", "id": id, "method": method}), "{body:?}");
            assert_eq!(found[1], GOOD);
        }
    }

    #[test]
    fn an_unfinished_message_at_the_end_is_dropped() {
        let whole = with_header(GOOD);
        for end in 0..whole.len() {
            assert_eq!(bodies(whole.clone() + &whole[..end]), [GOOD]);
        }
    }
}
