//! A file in any text encoding → UTF-8, as readers take it.
//!
//! UTF-8 goes through as it is, checked but not copied again, so that offsets are those of the file on disk. Files in
//! UTF-16 (recognised by a byte order mark or by their zeros) and in an encoding that they declare themselves are decoded
//! as a whole. Anywhere else lines that are not UTF-8 are read as Windows-1252, of which Latin-1 is a part, or in the
//! encoding declared.
//!
//! Of what is decoded, offsets count the UTF-8 text, as an editor that has opened the file counts it; lines and
//! lengths of lines are the same in both. [`TextInput::problem`] tells what was done.

mod declared;

use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::measure::LineCount;
use crate::diagnostic::Diagnostic;
use declared::declared;

/// How much is read at a time, in bytes.
const CHUNK_BYTES: usize = 8 * 1024;

/// How much is looked at, at least, to find out how a file is encoded, in bytes.
const HEAD_BYTES: usize = 4096;

/// The longest line whose encoding is decided as a whole, in chunks.
const MAX_LINE_CHUNKS: usize = 32;

/// A file whose text is given out in UTF-8, whatever its encoding. It has to stand at its beginning.
pub struct TextInput<R> {
    source: R,
    chunk_bytes: usize,
    mode: Mode,
    /// What lines are in that are not UTF-8.
    fallback: &'static Encoding,
    /// Bytes of the source that are not decoded yet; none where the text is UTF-8.
    raw: Vec<u8>,
    /// Text from `offset` on, of which what lies before `ready` can be given out: whole lines wherever possible.
    text: Vec<u8>,
    at: usize,
    ready: usize,
    /// Up to where `text` is known to be UTF-8.
    checked: usize,
    /// The line that goes on in `text`, if what began it was too long to be kept.
    long_line: Option<LongLine>,
    /// Offset of `text` in all of the text.
    offset: u64,
    /// Up to where the source was found to be UTF-8 from its beginning.
    good_to: u64,
    at_end: bool,
    /// What is read now was read from the beginning of the file.
    from_start: bool,
    /// Why the source cannot be read further; told after everything that could be read.
    failure: Option<(ErrorKind, String)>,
    problem: Option<Diagnostic>,
}

/// What was seen of a line that is too long to be decided as a whole. All of it was UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LongLine {
    Ascii,
    /// It has letters in UTF-8, so the rest of it is read as UTF-8 too, whatever is broken in it.
    Letters,
}

/// Where what is read waits to be given out.
#[derive(Clone, Copy)]
enum Waiting {
    /// As text.
    Text,
    /// To be decoded.
    Raw,
}

/// How what is read next is taken.
enum Mode {
    /// Nothing was read yet.
    Unknown,
    /// As it is.
    Utf8,
    /// As UTF-8 line by line, or else as Windows-1252.
    Mixed,
    /// As another encoding.
    Encoded(Box<Decoder>),
}

impl<R: Read + Seek> TextInput<R> {
    /// The text of a file that stands at its beginning.
    pub fn new(source: R) -> Self {
        Self::with_chunks(source, CHUNK_BYTES)
    }

    /// The same, reading so many bytes at a time.
    fn with_chunks(source: R, chunk_bytes: usize) -> Self {
        Self {
            source,
            chunk_bytes,
            mode: Mode::Unknown,
            fallback: WINDOWS_1252,
            raw: Vec::new(),
            text: Vec::new(),
            at: 0,
            ready: 0,
            checked: 0,
            long_line: None,
            offset: 0,
            good_to: 0,
            at_end: false,
            from_start: true,
            failure: None,
            problem: None,
        }
    }

    /// That the file is not UTF-8, and what was done about it, as far as it was read.
    pub fn problem(&self) -> Option<&Diagnostic> {
        self.problem.as_ref()
    }

    /// The file itself, standing anywhere.
    pub fn into_inner(self) -> R {
        self.source
    }

    /// Makes more text ready. Nothing is ready afterwards only at the end.
    fn refill(&mut self) -> io::Result<()> {
        self.text.drain(..self.ready);
        self.offset += self.ready as u64;
        self.checked = self.checked.saturating_sub(self.ready);
        (self.at, self.ready) = (0, 0);
        while self.ready == 0 {
            if self.at_end && self.text.is_empty() && self.raw.is_empty() {
                let failure = self.failure.clone().map(|(kind, message)| io::Error::new(kind, message));
                return failure.map_or(Ok(()), Err);
            }
            match &self.mode {
                Mode::Unknown => self.begin()?,
                Mode::Utf8 => self.read_utf8()?,
                Mode::Mixed => self.read_mixed(),
                Mode::Encoded(_) => self.read_encoded(),
            }
        }
        Ok(())
    }

    /// Finds out how the file is encoded.
    fn begin(&mut self) -> io::Result<()> {
        while !self.at_end && self.text.len() < HEAD_BYTES.min(16 * self.chunk_bytes) {
            self.read_more(Waiting::Text);
        }
        let head = &self.text;
        let encoding = Encoding::for_bom(head).map(|(encoding, _)| encoding).or_else(|| without_mark(head));
        let (encoding, how) = match encoding {
            Some(encoding) if encoding != UTF_8 => (encoding, "read as that"),
            _ => match declared(head) {
                Some(encoding) if is_needed(encoding, head) => (encoding, "read as that, as it says itself"),
                declared => {
                    self.fallback = declared.filter(|encoding| *encoding != UTF_8).unwrap_or(WINDOWS_1252);
                    self.mode = Mode::Utf8;
                    return self.check_utf8();
                }
            },
        };
        self.problem = Some(Diagnostic::at_line(1, format!("the file is {}, not UTF-8 ({how})", encoding.name())));
        self.raw = std::mem::take(&mut self.text);
        self.mode = Mode::Encoded(Box::new(encoding.new_decoder_with_bom_removal()));
        self.decode();
        Ok(())
    }

    fn read_utf8(&mut self) -> io::Result<()> {
        self.read_more(Waiting::Text);
        self.check_utf8()
    }

    /// Reads a chunk more.
    fn read_more(&mut self, into: Waiting) {
        let into = match into {
            Waiting::Text => &mut self.text,
            Waiting::Raw => &mut self.raw,
        };
        let read = read_some(&mut self.source, into, self.chunk_bytes);
        self.at_end = !read.as_ref().is_ok_and(|has_more| *has_more);
        self.failure = read.err().map(|error| (error.kind(), error.to_string()));
    }

    /// Goes on in UTF-8 as far as the text is that.
    fn check_utf8(&mut self) -> io::Result<()> {
        // What was found good before may be read from the middle of a character.
        let known = usize::try_from(self.good_to.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let known = known.max(self.checked);
        // Only whole characters are given out, of what is known to be good too.
        let known = if known < self.text.len() { known } else { self.text.len() - begun_character(&self.text) };
        let fresh = self.text.get(known..).unwrap_or_default();
        let good = known + Encoding::utf8_valid_up_to(fresh);
        let rest = self.text.get(good..).unwrap_or_default();
        let is_begun = std::str::from_utf8(rest).err().is_some_and(|error| error.error_len().is_none());
        self.checked = good;
        self.good_to = self.good_to.max(self.offset + good as u64);
        if is_begun && self.failure.is_some() {
            self.text.truncate(good);
        } else if !rest.is_empty() && (!is_begun || self.at_end) {
            return self.leave_utf8(good);
        }
        self.make_lines_ready(good);
        Ok(())
    }

    /// Goes on line by line, the byte at `good` being none of UTF-8.
    fn leave_utf8(&mut self, good: usize) -> io::Result<()> {
        // How a line is decoded depends on all of it, and of one that was jumped into the beginning is not here.
        if !self.from_start {
            let target = self.position();
            self.restart()?;
            return self.skip_to(target);
        }
        self.count_lines_to_damage(self.offset + good as u64)?;
        let line_start = last_line_start(self.text.get(..good).unwrap_or_default());
        if line_start > 0 {
            self.long_line = None;
        }
        if self.long_line.is_some() || good - line_start >= self.max_line_bytes() {
            self.pass_long_line(line_start, good);
            self.raw = self.text.split_off(good);
        } else {
            self.raw = self.text.split_off(line_start);
        }
        self.mode = Mode::Mixed;
        self.decode_mixed();
        Ok(())
    }

    fn read_mixed(&mut self) {
        self.read_more(Waiting::Raw);
        self.decode_mixed();
    }

    /// Decodes the lines that are there as a whole, and a line that is too long as far as it is there.
    fn decode_mixed(&mut self) {
        let end = match last_line_start(&self.raw) {
            _ if self.at_end => self.raw.len(),
            0 if self.raw.len() > self.max_line_bytes() => self.raw.len() - begun_character(&self.raw),
            start => start,
        };
        for line in self.raw.get(..end).unwrap_or_default().split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            match self.long_line {
                Some(LongLine::Letters) => self.text.extend_from_slice(String::from_utf8_lossy(line).as_bytes()),
                _ => decode_line(line, self.fallback, &mut self.text),
            }
            if line.ends_with(b"\n") || line.ends_with(b"\r") {
                self.long_line = None;
            }
        }
        self.raw.drain(..end);
        self.ready = self.text.len();
    }

    fn read_encoded(&mut self) {
        self.read_more(Waiting::Raw);
        self.decode();
    }

    /// Decodes all that is there.
    fn decode(&mut self) {
        let Mode::Encoded(decoder) = &mut self.mode else { return };
        let mut text = String::new();
        let mut rest = self.raw.as_slice();
        let mut replaced = false;
        loop {
            let needed = decoder.max_utf8_buffer_length_without_replacement(rest.len());
            text.reserve(needed.unwrap_or(self.chunk_bytes));
            let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, self.at_end);
            rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    replaced = true;
                }
            }
        }
        self.raw.clear();
        self.text.extend_from_slice(text.as_bytes());
        if let Some(problem) = self.problem.as_mut().filter(|_| replaced) {
            let said = problem.message.trim_end_matches(')');
            if !said.ends_with("replaced") {
                problem.message = format!("{said}; what is not was replaced)");
            }
        }
        self.ready = self.text.len();
    }

    /// Lets the text up to `end` be given out, all of it UTF-8, but for a line that goes on: what it is decoded as
    /// must not depend on where reading began, so it is kept until all of it is there or it is too long.
    fn make_lines_ready(&mut self, end: usize) {
        let start = last_line_start(self.text.get(..end).unwrap_or_default());
        if start > 0 {
            self.long_line = None;
        }
        self.ready = start;
        if self.at_end {
            self.ready = end;
        } else if end - start >= self.max_line_bytes() {
            self.pass_long_line(start, end);
            self.ready = end;
        }
    }

    /// Notes what a long line has between two places.
    fn pass_long_line(&mut self, start: usize, end: usize) {
        let is_ascii = self.text.get(start..end).is_none_or(<[u8]>::is_ascii);
        let seen = if is_ascii { LongLine::Ascii } else { LongLine::Letters };
        self.long_line = self.long_line.filter(|before| *before == LongLine::Letters).or(Some(seen));
    }

    fn max_line_bytes(&self) -> usize {
        MAX_LINE_CHUNKS * self.chunk_bytes
    }

    /// Notes the line of the first byte that is not UTF-8, for which what is before it is read once more.
    fn count_lines_to_damage(&mut self, damage: u64) -> io::Result<()> {
        if self.problem.is_some() {
            return Ok(());
        }
        let here = self.source.stream_position()?;
        self.source.seek(SeekFrom::Start(0))?;
        let mut count = LineCount::default();
        let mut before = (&mut self.source).take(damage);
        let mut chunk = Vec::new();
        while read_some(&mut before, &mut chunk, self.chunk_bytes)? {
            count.pass(&chunk, 0);
            chunk.clear();
        }
        self.source.seek(SeekFrom::Start(here))?;
        let name = if self.fallback == WINDOWS_1252 { "Windows-1252 (Latin-1)" } else { self.fallback.name() };
        let message = format!("the file is not UTF-8 from here on (such lines were read as {name})");
        self.problem = Some(Diagnostic::at_line(count.line.saturating_add(1), message));
        Ok(())
    }

    fn restart(&mut self) -> io::Result<()> {
        self.go_to(0)?;
        self.mode = Mode::Unknown;
        self.from_start = true;
        Ok(())
    }

    /// Passes over the text up to an offset, or to its end.
    fn skip_to(&mut self, target: u64) -> io::Result<()> {
        while self.position() < target {
            let available = self.fill_buf()?.len();
            if available == 0 {
                break;
            }
            let missing = usize::try_from(target - self.position()).unwrap_or(usize::MAX);
            self.consume(available.min(missing));
        }
        Ok(())
    }

    /// Goes to a place in the source where nothing has to be known of what is before it.
    fn go_to(&mut self, offset: u64) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(offset))?;
        self.raw.clear();
        self.text.clear();
        (self.at, self.ready, self.checked, self.offset, self.at_end) = (0, 0, 0, offset, false);
        self.long_line = None;
        self.from_start = offset == 0;
        self.failure = None;
        Ok(())
    }

    fn position(&self) -> u64 {
        self.offset + self.at as u64
    }
}

impl<R: Read + Seek> BufRead for TextInput<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.ready {
            self.refill()?;
            if self.ready == 0 {
                break;
            }
        }
        Ok(self.text.get(self.at..self.ready).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.ready);
    }
}

impl<R: Read + Seek> Read for TextInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let length = available.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: Read + Seek> Seek for TextInput<R> {
    /// Goes to an offset of the text; offsets from its end are not known. In text that had to be decoded, going back
    /// further than what was read last begins again at the beginning.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(by) => self.position().checked_add_signed(by),
            SeekFrom::End(_) => None,
        };
        let target = target.ok_or_else(|| io::Error::from(ErrorKind::Unsupported))?;
        let within = target.checked_sub(self.offset).and_then(|at| usize::try_from(at).ok());
        if let Some(at) = within.filter(|at| *at <= self.ready) {
            self.at = at;
            return Ok(target);
        }
        if matches!(self.mode, Mode::Utf8) && target <= self.good_to {
            self.go_to(target)?;
        } else if target < self.position() {
            self.restart()?;
        }
        self.skip_to(target)?;
        Ok(self.position())
    }
}

/// Reads up to a chunk more; `false` at the end.
fn read_some(source: &mut impl Read, into: &mut Vec<u8>, chunk_bytes: usize) -> io::Result<bool> {
    let length = into.len();
    into.resize(length + chunk_bytes, 0);
    let read = loop {
        match source.read(into.get_mut(length..).unwrap_or_default()) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => break read,
        }
    };
    into.truncate(length + *read.as_ref().unwrap_or(&0));
    read.map(|read| read > 0)
}

/// The encoding of UTF-16 without a byte order mark: the text begins with ASCII, every other byte of which is zero.
fn without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs: Vec<&[u8]> = head.chunks_exact(2).take(16).collect();
    let is_text = |byte: &u8| (b' '..=b'~').contains(byte) || matches!(byte, b'\t' | b'\n' | b'\r');
    let all = |zero: usize, text: usize| {
        pairs.iter().all(|pair| pair.get(zero) == Some(&0) && pair.get(text).is_some_and(is_text))
    };
    match pairs.len() {
        0..4 => None,
        _ if all(1, 0) => Some(UTF_16LE),
        _ if all(0, 1) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether a file that declares an encoding has to be decoded. What is UTF-8 is that, whatever it was once.
fn is_needed(encoding: &'static Encoding, head: &[u8]) -> bool {
    if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE {
        return false;
    }
    let good = Encoding::utf8_valid_up_to(head);
    let rest = head.get(good..).unwrap_or_default();
    let is_utf8 = rest.len() < 4 && std::str::from_utf8(rest).err().is_none_or(|error| error.error_len().is_none());
    // ISO-2022-JP writes everything in seven bits.
    !is_utf8 || (!encoding.is_ascii_compatible() && head.contains(&0x1b))
}

/// A line as UTF-8 where it is that, else in another encoding. Letters in UTF-8 are no accident where the other
/// encoding is only guessed: then what is broken among them is replaced.
fn decode_line(line: &[u8], fallback: &'static Encoding, into: &mut Vec<u8>) {
    if std::str::from_utf8(line).is_ok() {
        into.extend_from_slice(line);
    } else if fallback == WINDOWS_1252 && line.utf8_chunks().any(|chunk| !chunk.valid().is_ascii()) {
        into.extend_from_slice(String::from_utf8_lossy(line).as_bytes());
    } else {
        into.extend_from_slice(fallback.decode_without_bom_handling(line).0.as_bytes());
    }
}

/// Where the last line begins; 0 where there is but one.
fn last_line_start(bytes: &[u8]) -> usize {
    match memchr::memrchr2(b'\n', b'\r', bytes) {
        // A line feed may follow the carriage return.
        Some(at) if at + 1 == bytes.len() && bytes.get(at) == Some(&b'\r') => {
            memchr::memrchr2(b'\n', b'\r', bytes.get(..at).unwrap_or_default()).map_or(0, |at| at + 1)
        }
        Some(at) => at + 1,
        None => 0,
    }
}

/// How many bytes at the end begin a character that is not whole.
fn begun_character(bytes: &[u8]) -> usize {
    let tail = bytes.get(bytes.len().saturating_sub(3)..).unwrap_or_default();
    let begun = tail.iter().rposition(|byte| *byte >= 0xc0).and_then(|at| tail.get(at..)).unwrap_or_default();
    let is_begun = std::str::from_utf8(begun).err().is_some_and(|error| error.error_len().is_none());
    if is_begun { begun.len() } else { 0 }
}

#[cfg(test)]
mod tests;
