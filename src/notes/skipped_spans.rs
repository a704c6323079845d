//! The inline constructs that hide what stands in them: code, HTML, math, addresses and link destinations.
//!
//! Every method looks at one place and answers where the construct that begins there ends. A failed search is
//! remembered, or bounded, so that scanning a text takes linear time whatever it holds.

use std::ops::Range;

use rustc_hash::FxHashMap;

/// The longest HTML tag or link destination that is recognised, in bytes.
const LONGEST_CONSTRUCT: usize = 1024;

/// One inline text and what is known about it so far.
#[derive(Debug)]
pub(super) struct SkippedSpans<'a> {
    text: &'a str,
    /// Where the runs of backticks begin, by their length; made when first needed.
    backticks: Option<FxHashMap<usize, Vec<usize>>>,
    /// The last search for a closing dollar.
    dollars: Option<ClosingDollar>,
    /// Terminators that are known not to come any more.
    missing: Vec<&'static str>,
}

impl<'a> SkippedSpans<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, backticks: None, dollars: None, missing: Vec::new() }
    }

    /// The byte at an offset; 0 past the end.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// Where the run of equal bytes that begins at `at` ends.
    pub(super) fn run_end(&self, at: usize) -> usize {
        let byte = self.byte(at);
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().take_while(|&&other| other == byte).count()
    }

    /// The end of the code span that the backticks at `at` open.
    pub(super) fn code_span(&mut self, at: usize) -> Option<usize> {
        let opening_end = self.run_end(at);
        let length = opening_end - at;
        let backticks = self.backticks.get_or_insert_with(|| backtick_runs(self.text));
        let starts = backticks.get(&length)?;
        let closing = starts.get(starts.partition_point(|&start| start < opening_end))?;
        Some(closing + length)
    }

    /// The end of the tag, comment, declaration or autolink that the `<` at `at` opens.
    pub(super) fn html(&mut self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        if rest.starts_with("<!-->") {
            Some(at + 5)
        } else if rest.starts_with("<!--->") {
            Some(at + 6)
        } else if rest.starts_with("<!--") {
            self.end_of(at + 4, "-->")
        } else if rest.starts_with("<?") {
            self.end_of(at + 2, "?>")
        } else if rest.starts_with("<![CDATA[") {
            self.end_of(at + 9, "]]>")
        } else if rest.starts_with("<!") {
            if self.byte(at + 2).is_ascii_alphabetic() { self.end_of(at + 2, ">") } else { None }
        } else {
            let longest = rest.as_bytes().get(..LONGEST_CONSTRUCT).unwrap_or(rest.as_bytes());
            let length = autolink(longest).or_else(|| tag(longest))?;
            Some(at + length)
        }
    }

    /// The end of the one-line formula that the dollar at `at` opens.
    pub(super) fn inline_math(&mut self, at: usize) -> Option<usize> {
        let (before, first) = (self.byte(at.wrapping_sub(1)), self.byte(at + 1));
        if before.is_ascii_alphanumeric() || matches!(first, 0 | b'$') || first.is_ascii_whitespace() {
            return None;
        }
        let closing = match &self.dollars {
            Some(known) if known.searched.contains(&at) => known,
            _ => self.dollars.insert(ClosingDollar::search(self.text, at)),
        };
        let is_price = first.is_ascii_digit() && closing.last_citation.is_some_and(|citation| at < citation);
        (closing.found && !is_price).then_some(closing.searched.end + 1)
    }

    /// The end of the formula that the two dollars at `at` open.
    pub(super) fn display_math(&mut self, at: usize) -> Option<usize> {
        let mut from = at + 2;
        loop {
            let end = self.end_of(from, "$$")?;
            if !self.is_escaped(end - 2) {
                return Some(end);
            }
            from = end - 1;
        }
    }

    /// The end of the bare address that begins at `at`.
    ///
    /// It ends where addresses end in practice: at white space, at what is not ASCII, at a bracket that it did not
    /// open, and at punctuation that a citation follows.
    pub(super) fn bare_address(&self, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..)?;
        let scheme = [&b"https://"[..], b"http://"]
            .into_iter()
            .find(|scheme| rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
        if self.byte(at.wrapping_sub(1)).is_ascii_alphanumeric() {
            return None;
        }
        let (mut end, mut round, mut square) = (at + scheme.len(), 0_usize, 0_usize);
        loop {
            let byte = self.byte(end);
            let open = match byte {
                b'(' | b')' => &mut round,
                _ => &mut square,
            };
            match byte {
                b'(' | b'[' => *open += 1,
                b')' | b']' if *open > 0 => *open -= 1,
                b')' | b']' | b'<' | b'>' | b'"' | b'`' | b'|' | b'\\' => break,
                b',' | b';' | b':' | b'.' | b'!' | b'?' | b'\''
                    if self.byte(end + 1) == b'[' && self.byte(end + 2) == b'[' =>
                {
                    break;
                }
                _ if byte.is_ascii_graphic() => {}
                _ => break,
            }
            end += 1;
        }
        Some(end)
    }

    /// The end of the link whose text ends with the `]` at `at`: of `](destination "title")`.
    pub(super) fn link_tail(&self, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at + 1..)?;
        let longest = rest.get(..LONGEST_CONSTRUCT).unwrap_or(rest);
        Some(at + 1 + link_destination_and_title(longest)?)
    }

    /// The end of the label of a footnote, `[^label]`, whose bracket stands at `at`.
    pub(super) fn footnote_label(&self, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at + 2..)?;
        let longest = rest.get(..LONGEST_CONSTRUCT).unwrap_or(rest);
        let length = longest.iter().position(|byte| b"[]".contains(byte) || byte.is_ascii_whitespace())?;
        (length > 0 && longest.get(length) == Some(&b']')).then_some(at + 2 + length + 1)
    }

    /// The end of the label of an example, `(@label)`, that the text begins with.
    pub(super) fn example_label(&self) -> Option<usize> {
        let label = self.text.strip_prefix("(@")?;
        let end = label.find(|c: char| !c.is_alphanumeric() && !"_-".contains(c))?;
        label.get(end..)?.starts_with(") ").then_some(2 + end + 1)
    }

    /// The end of the attributes that the brace at `at` opens: `{#id .class key="value"}`.
    pub(super) fn attributes(&self, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..)?;
        let longest = rest.get(..LONGEST_CONSTRUCT).unwrap_or(rest);
        Some(at + attributes(longest)?)
    }

    /// Whether the byte at `at` stands after an odd number of backslashes.
    pub(super) fn is_escaped(&self, at: usize) -> bool {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        before.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
    }

    fn end_of(&mut self, from: usize, terminator: &'static str) -> Option<usize> {
        if self.missing.contains(&terminator) {
            return None;
        }
        let found = self.text.get(from..).and_then(|rest| rest.find(terminator));
        if found.is_none() {
            self.missing.push(terminator);
        }
        Some(from + found? + terminator.len())
    }
}

fn backtick_runs(text: &str) -> FxHashMap<usize, Vec<usize>> {
    let mut runs: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    let mut length = 0;
    for (at, byte) in text.bytes().chain([0]).enumerate() {
        if byte == b'`' {
            length += 1;
        } else if length > 0 {
            runs.entry(length).or_default().push(at - length);
            length = 0;
        }
    }
    runs
}

/// The next dollar on a line that may close a formula; which one it is does not depend on the dollar that opens it.
#[derive(Debug)]
struct ClosingDollar {
    /// From the opening dollar to the closing one, or to the end of the line where there is none.
    searched: Range<usize>,
    found: bool,
    /// The last `[[` or `@` in between.
    last_citation: Option<usize>,
}

impl ClosingDollar {
    fn search(text: &str, start: usize) -> Self {
        let bytes = text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
        let mut end = start + 1;
        let found = loop {
            match byte(end) {
                b'\n' | b'\r' => break false,
                b'\\' if !matches!(byte(end + 1), b'\n' | b'\r') => end += 1,
                b'$' if !byte(end - 1).is_ascii_whitespace() && !byte(end + 1).is_ascii_digit() => break true,
                _ => {}
            }
            end += 1;
        };
        let between = text.get(start..end).unwrap_or_default();
        let last_citation = between.rfind("[[").max(between.rfind('@')).map(|at| start + at);
        Self { searched: start..end, found, last_citation }
    }
}

/// A cursor over the bytes of one construct.
struct Bytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bytes<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    /// Passes all bytes that `belongs` accepts and says how many there were.
    fn eat_while(&mut self, belongs: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.at += 1;
        }
        self.at - start
    }

    fn eat_space(&mut self) -> usize {
        self.eat_while(|byte| byte.is_ascii_whitespace())
    }

    /// Passes everything up to and including `end`, stopping for no reason but a byte that `forbidden` names; a
    /// backslash protects the byte after it.
    fn eat_delimited(&mut self, end: u8, forbidden: &[u8]) -> Option<()> {
        loop {
            match self.peek()? {
                byte if byte == end => break self.eat(end),
                byte if forbidden.contains(&byte) => break None,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
    }
}

/// The length of the autolink at the start of `bytes`, such as `<https://example.org>`.
fn autolink(bytes: &[u8]) -> Option<usize> {
    let mut bytes = Bytes { bytes, at: 0 };
    bytes.eat(b'<')?;
    bytes.peek().filter(u8::is_ascii_alphabetic)?;
    let scheme = bytes.eat_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'));
    if !(2..=32).contains(&scheme) {
        return None;
    }
    bytes.eat(b':')?;
    bytes.eat_while(|byte| byte > b' ' && byte != 0x7f && !matches!(byte, b'<' | b'>'));
    bytes.eat(b'>')?;
    Some(bytes.at)
}

/// The length of the opening or closing tag at the start of `bytes`.
fn tag(bytes: &[u8]) -> Option<usize> {
    let mut bytes = Bytes { bytes, at: 0 };
    bytes.eat(b'<')?;
    let closes = bytes.eat(b'/').is_some();
    bytes.peek().filter(u8::is_ascii_alphabetic)?;
    bytes.eat_while(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let mut spaces = bytes.eat_space();
    while !closes && spaces > 0 && bytes.peek().is_some_and(|byte| byte.is_ascii_alphabetic() || b"_:".contains(&byte))
    {
        bytes.eat_while(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte));
        spaces = bytes.eat_space();
        if bytes.eat(b'=').is_some() {
            bytes.eat_space();
            attribute_value(&mut bytes)?;
            spaces = bytes.eat_space();
        }
    }
    if !closes {
        let _ = bytes.eat(b'/');
    }
    bytes.eat(b'>')?;
    Some(bytes.at)
}

/// The length of the attributes at the start of `bytes`, as pandoc writes them.
fn attributes(bytes: &[u8]) -> Option<usize> {
    let mut bytes = Bytes { bytes, at: 0 };
    bytes.eat(b'{')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_-.:".contains(&byte);
    let mut count = 0;
    loop {
        bytes.eat_space();
        match bytes.peek()? {
            b'}' if count > 0 => {
                bytes.eat(b'}')?;
                return Some(bytes.at);
            }
            b'#' | b'.' => {
                bytes.at += 1;
                (bytes.eat_while(is_name) > 0).then_some(())?;
            }
            b'-' if matches!(bytes.bytes.get(bytes.at + 1), Some(b'}' | b' ')) => bytes.at += 1,
            _ => {
                (bytes.eat_while(is_name) > 0).then_some(())?;
                bytes.eat(b'=')?;
                if matches!(bytes.peek()?, b'"' | b'\'') {
                    attribute_value(&mut bytes)?;
                } else {
                    let is_bare = |byte: u8| !byte.is_ascii_whitespace() && !b"\"'{}".contains(&byte);
                    (bytes.eat_while(is_bare) > 0).then_some(())?;
                }
            }
        }
        count += 1;
    }
}

fn attribute_value(bytes: &mut Bytes<'_>) -> Option<()> {
    if let quote @ (b'"' | b'\'') = bytes.peek()? {
        bytes.eat(quote)?;
        bytes.eat_while(|byte| byte != quote);
        bytes.eat(quote)
    } else {
        let length = bytes.eat_while(|byte| !byte.is_ascii_whitespace() && !b"\"'=<>`".contains(&byte));
        (length > 0).then_some(())
    }
}

/// The length of `(destination "title")` at the start of `bytes`; both parts may be missing.
fn link_destination_and_title(bytes: &[u8]) -> Option<usize> {
    let mut bytes = Bytes { bytes, at: 0 };
    bytes.eat(b'(')?;
    bytes.eat_space();
    if bytes.eat(b'<').is_some() {
        bytes.eat_delimited(b'>', b"<\n\r")?;
    } else {
        bare_destination(&mut bytes)?;
    }
    if bytes.eat_space() > 0 {
        match bytes.peek()? {
            quote @ (b'"' | b'\'') => {
                bytes.eat(quote)?;
                bytes.eat_delimited(quote, b"")?;
            }
            b'(' => {
                bytes.eat(b'(')?;
                bytes.eat_delimited(b')', b"(")?;
            }
            _ => {}
        }
        bytes.eat_space();
    }
    bytes.eat(b')')?;
    Some(bytes.at)
}

fn bare_destination(bytes: &mut Bytes<'_>) -> Option<()> {
    let mut open = 0_u8;
    loop {
        match bytes.peek()? {
            b'(' => open = open.checked_add(1).filter(|&open| open <= 32)?,
            b')' if open == 0 => return Some(()),
            b')' => open -= 1,
            b'\\' if bytes.bytes.get(bytes.at + 1).is_some_and(u8::is_ascii_punctuation) => bytes.at += 1,
            byte if byte <= b' ' || byte == 0x7f => return (open == 0).then_some(()),
            _ => {}
        }
        bytes.at += 1;
    }
}
