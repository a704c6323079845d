//! The bodies of messages in a stream of bytes, and the bytes of messages that go out.

use std::ops::Range;

use serde::Serialize;

/// Longer input without the end of a header is dropped.
const MAX_HEADER_BYTES: usize = 8 * 1024;

/// The longest body that is read, in bytes.
const MAX_BODY_BYTES: u64 = 1 << 30;

/// The most memory that is reserved ahead for a body: what a header announces may never come.
const MAX_RESERVED_BYTES: usize = 8 * 1024 * 1024;

/// The largest capacity that an empty buffer keeps.
const MAX_KEPT_BYTES: usize = 1024 * 1024;

/// What comes out of the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// The body of a message.
    Body(&'a [u8]),
    /// A header announced a body that is longer than what is read. What follows it is looked through for the next header.
    TooLong,
}

/// What a header says of the body after it.
enum Announced {
    Nothing,
    Length(usize),
    TooLong,
}

/// Cuts a stream of bytes into the bodies of messages.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// The input read so far; bytes before `taken` are used up.
    read: Vec<u8>,
    taken: usize,
    /// The length of the body that comes next, once its header was read.
    body_length: Option<usize>,
}

impl Frames {
    /// Adds what was read from the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.read.drain(..self.taken);
        self.taken = 0;
        if self.read.is_empty() && self.read.capacity() > MAX_KEPT_BYTES {
            self.read = Vec::new();
        }
        if let Some(length) = self.body_length {
            let missing = length.saturating_sub(self.read.len());
            self.read.reserve(missing.min(MAX_RESERVED_BYTES));
        }
        self.read.extend_from_slice(bytes);
    }

    /// The body of the next message, if it is complete.
    pub fn next_frame(&mut self) -> Option<Frame<'_>> {
        match self.next_range()? {
            Some(body) => self.read.get(body).map(Frame::Body),
            None => Some(Frame::TooLong),
        }
    }

    /// Where the next body stands; the inner `None` stands for one that is too long.
    #[expect(clippy::option_option, reason = "nothing yet and nothing to be read are two things")]
    fn next_range(&mut self) -> Option<Option<Range<usize>>> {
        loop {
            let rest = self.read.get(self.taken..).unwrap_or_default();
            if let Some(length) = self.body_length {
                if rest.len() < length {
                    return None;
                }
                let start = self.taken;
                self.taken += length;
                self.body_length = None;
                return Some(Some(start..self.taken));
            }
            let Some((end, after)) = header_end(rest) else {
                if rest.len() > MAX_HEADER_BYTES {
                    // The last bytes may begin the end of a header.
                    self.taken = self.read.len() - 3;
                }
                return None;
            };
            let announced = rest.get(..end).map_or(Announced::Nothing, announced);
            self.taken += after;
            match announced {
                // A header without a length is skipped.
                Announced::Nothing => {}
                Announced::Length(length) => self.body_length = Some(length),
                Announced::TooLong => return Some(None),
            }
        }
    }
}

/// Where a header ends, and where the blank line ends after it. Lines end as the protocol wants, or with a line feed alone.
fn header_end(bytes: &[u8]) -> Option<(usize, usize)> {
    memchr::memchr_iter(b'\n', bytes).find_map(|end| match bytes.get(end + 1..)? {
        [b'\n', ..] => Some((end, end + 2)),
        [b'\r', b'\n', ..] => Some((end, end + 3)),
        _ => None,
    })
}

/// The length in a header, whatever surrounds it.
fn announced(header: &[u8]) -> Announced {
    const FIELD: &str = "content-length:";
    let header = String::from_utf8_lossy(header).to_ascii_lowercase();
    let length_in = |line: &str| {
        let number = line.get(line.rfind(FIELD)? + FIELD.len()..)?.trim();
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        // What does not fit into a number is too long in any case.
        is_number.then(|| number.parse::<u64>().unwrap_or(u64::MAX))
    };
    match header.lines().find_map(length_in) {
        None => Announced::Nothing,
        Some(length) if length > MAX_BODY_BYTES => Announced::TooLong,
        Some(length) => usize::try_from(length).map_or(Announced::TooLong, Announced::Length),
    }
}

/// A message with its header. Fails if the message cannot be serialised.
pub(super) fn framed(message: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let body = serde_json::to_string(message)?;
    tracing::trace!("-> {body}");
    Ok(format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"jsonrpc":"2.0","method":"x"}"#;

    /// The bodies that come out of bytes that arrive in pieces of so many.
    fn bodies(input: &[u8], piece: usize) -> Vec<String> {
        let mut frames = Frames::default();
        let mut bodies = Vec::new();
        for bytes in input.chunks(piece) {
            frames.push(bytes);
            while let Some(frame) = frames.next_frame() {
                bodies.push(match frame {
                    Frame::Body(body) => String::from_utf8_lossy(body).into_owned(),
                    Frame::TooLong => "too long".to_owned(),
                });
            }
        }
        bodies
    }

    fn with_header(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn bodies_are_found_however_the_bytes_arrive() {
        let long = BODY.replace('x', &"x".repeat(100_000));
        let input = with_header(BODY) + &with_header(&long) + &with_header("") + &with_header(BODY);
        for piece in [1, 2, 3, 7, 30, 64, 5_000, 1_000_000] {
            assert_eq!(bodies(input.as_bytes(), piece), [BODY, &long, "", BODY], "{piece}");
        }
    }

    #[test]
    fn headers_may_be_written_in_other_ways() {
        let length = BODY.len();
        for header in [
            format!("content-length:{length}\r\n"),
            format!("Content-Type: application/vscode-jsonrpc\r\nContent-Length: {length}\r\n"),
            format!("garbage\r\n\r\nmoreContent-Length: {length}\r\nX: y\r\n"),
            format!("Content-Length: -1\r\n\r\nContent-Length: 9x\r\n\r\nContent-Length: {length}\r\n"),
        ] {
            assert_eq!(bodies(format!("{header}\r\n{BODY}").as_bytes(), 16), [BODY], "{header}");
            let other_ends = format!("{header}\r\n").replace("\r\n", "\n");
            assert_eq!(bodies(format!("{other_ends}{BODY}").as_bytes(), 16), [BODY], "{other_ends}");
        }
        let noise = "?".repeat(50_000) + "\r\n\r\n" + &with_header(BODY);
        assert_eq!(bodies(noise.as_bytes(), 1_000), [BODY]);
    }

    #[test]
    fn an_unfinished_message_at_the_end_is_dropped() {
        let whole = with_header(BODY);
        for end in 0..whole.len() {
            assert_eq!(bodies((whole.clone() + &whole[..end]).as_bytes(), 10), [BODY]);
        }
    }

    #[test]
    fn a_length_that_nothing_follows_takes_no_memory() {
        let mut frames = Frames::default();
        frames.push(format!("Content-Length: {MAX_BODY_BYTES}\r\n\r\n{BODY}").as_bytes());
        assert_eq!(frames.next_frame(), None);
        frames.push(BODY.as_bytes());
        assert_eq!(frames.next_frame(), None);
        assert!(frames.read.capacity() < 2 * MAX_RESERVED_BYTES);
    }

    #[test]
    fn what_is_too_long_is_told_and_the_next_header_is_looked_for() {
        for length in ["1073741825", "99999999999", "18446744073709551615", "340282366920938463463374607431768211456"] {
            for ends in ["\r\n\r\n", "\n\n"] {
                let input = format!("Content-Length: {length}{ends}{BODY}{}", with_header(BODY));
                assert_eq!(bodies(input.as_bytes(), 16), ["too long", BODY], "{length}");
            }
        }
    }

    #[test]
    fn room_for_a_long_message_is_given_back() {
        let mut frames = Frames::default();
        frames.push(with_header(&"x".repeat(3 * MAX_KEPT_BYTES)).as_bytes());
        assert!(frames.next_frame().is_some());
        frames.push(with_header(BODY).as_bytes());
        assert_eq!(frames.next_frame(), Some(Frame::Body(BODY.as_bytes())));
        assert!(frames.read.capacity() < MAX_KEPT_BYTES);
    }
}
