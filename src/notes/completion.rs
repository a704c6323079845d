//! What a cursor stands in, found from its line alone, so that completion never waits for a parse.

use std::ops::Range;

use super::citation::Parts;
use super::inline::{InnerEnd, Step, Stepper, openings, starts_line};
use super::pandoc;

/// A citation that is open at the cursor. All offsets count bytes of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCitation<'a> {
    /// How it is spelled.
    pub kind: OpenKind,
    /// From after the `[[`, `@` or `@{` to the cursor.
    pub query_range: Range<usize>,
    /// The text of that range.
    pub query: &'a str,
    /// Which part of the citation the cursor stands in.
    pub part: Part,
    /// What stands after the cursor.
    pub closing: Closing,
    /// Whether a `!` stands before the `[[`.
    pub embed: bool,
}

/// How an open citation is spelled, which says what may be written into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenKind {
    /// `[[` or `![[`: any name.
    WikiLink,
    /// `@`: a citation key, or the first words of what is looked for in its place. Its part is always the name, and nothing
    /// has to close it.
    Key {
        /// Whether it stands after an open `[`, as in a cluster.
        in_cluster: bool,
    },
    /// `@{`: a citation key of any characters, closed by a `}`.
    BracedKey {
        /// Whether it stands after an open `[`, as in a cluster.
        in_cluster: bool,
    },
}

/// The part of a citation that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The name: the query holds neither `#` nor `|`.
    Name,
    /// What follows the first `#`, or a name that holds one, such as `C# in Depth`.
    Section {
        /// How many bytes of the query stand before the `#`.
        target_len: usize,
    },
    /// What follows the first `|`.
    Label,
}

/// What stands after the cursor of an open citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    /// Nothing that closes it: `]]` has to be added, or the `}` of a key in braces.
    Open,
    /// One `]` directly at the cursor, and no second one: a single `]` has to be added before it.
    Half,
    /// A `]]` closes it, or a `}`, or what ends a key without braces.
    Closed {
        /// From the cursor to that end: empty where it follows directly, else the rest of the name or key, a section or
        /// a label.
        rest: Range<usize>,
    },
}

/// The citation that is open at the byte offset `cursor` of `line`, a line's text without its terminator.
///
/// It is the last `[[` before the cursor that nothing has closed by then, or the `@` whose key the cursor stands in or
/// directly after, judged like in a full parse, with the line
/// taken for the whole text. Of what only begins to hide text on this line, a lone backtick before a word, `<!--`, and
/// `$$` at the start of the line count as if they were closed after the cursor: what is written there is code, a
/// comment or a formula. Whether the line as a whole is prose is what [`is_prose_at`](super::NoteTree::is_prose_at)
/// knows. A cursor inside a character means the start of that character, one past the end means the end.
pub fn completion_context(line: &str, cursor: usize) -> Option<OpenCitation<'_>> {
    let mut cursor = cursor.min(line.len());
    while !line.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let mut stepper = Stepper::new(line);
    let mut at = 0;
    while at < cursor {
        if let Some(open) = open_key(&stepper, line, at, cursor) {
            return Some(open);
        }
        at = match stepper.step(at) {
            Step::Text(_) if begins_to_hide(line, at) => return None,
            Step::UnclosedMath(_) if starts_line(line, at) => return None,
            Step::SkippedSpans(end) if end > cursor => return None,
            Step::Text(end) | Step::UnclosedMath(end) | Step::SkippedSpans(end) => end,
            Step::Citation(citation) => citation.range.end,
            Step::Brackets(end) => match opened(&mut stepper, line, at..end, cursor) {
                Opened::Here(open) => return Some(open),
                Opened::Closed(end) => end,
                Opened::Nothing => end,
            },
        };
    }
    None
}

/// The key that the `@` at `at` begins, if it is open at the cursor.
fn open_key<'a>(stepper: &Stepper<'a>, line: &'a str, at: usize, cursor: usize) -> Option<OpenCitation<'a>> {
    if line.as_bytes().get(at) != Some(&b'@') {
        return None;
    }
    let (start, in_braces) = pandoc::open_key(line, at, cursor)?;
    let end = pandoc::key_at(line, at).map_or(cursor, |key| key.name.end.max(cursor));
    let in_cluster = stepper.is_in_brackets();
    let kind = if in_braces { OpenKind::BracedKey { in_cluster } } else { OpenKind::Key { in_cluster } };
    let is_closed = !in_braces || line.as_bytes().get(end) == Some(&b'}');
    Some(OpenCitation {
        kind,
        query_range: start..cursor,
        query: line.get(start..cursor)?,
        part: Part::Name,
        closing: if is_closed { Closing::Closed { rest: cursor..end } } else { Closing::Open },
        embed: false,
    })
}

enum Opened<'a> {
    /// It is open at the cursor.
    Here(OpenCitation<'a>),
    /// It ended at this offset.
    Closed(usize),
    /// No citation begins with these brackets.
    Nothing,
}

fn opened<'a>(stepper: &mut Stepper<'a>, line: &'a str, brackets: Range<usize>, cursor: usize) -> Opened<'a> {
    for open in openings(brackets.start, brackets.end.min(cursor)) {
        let start = open + 2;
        let closing = match stepper.inner_end(start) {
            InnerEnd::Closed(close) if close < cursor => return Opened::Closed(close + 2),
            InnerEnd::Closed(close) => Closing::Closed { rest: cursor..close },
            InnerEnd::Broken(at) if at < cursor => continue,
            InnerEnd::Broken(at) if at == cursor && line.as_bytes().get(at) == Some(&b']') => Closing::Half,
            InnerEnd::Broken(_) => Closing::Open,
        };
        let Some(query) = line.get(start..cursor) else { continue };
        let parts = Parts::of(query);
        let part = match (parts.has_label(), parts.has_section()) {
            (true, _) => Part::Label,
            (false, true) => Part::Section { target_len: parts.target_end },
            (false, false) => Part::Name,
        };
        let embed = stepper.is_embed(open);
        let kind = OpenKind::WikiLink;
        return Opened::Here(OpenCitation { kind, query_range: start..cursor, query, part, closing, embed });
    }
    Opened::Nothing
}

/// Whether the plain text at `at` is the beginning of code or of a comment whose end is not written yet.
fn begins_to_hide(line: &str, at: usize) -> bool {
    let rest = line.get(at..).unwrap_or_default();
    let before = line.get(..at).and_then(|before| before.chars().next_back());
    let after = rest.chars().nth(1);
    let is_lone_backtick = rest.starts_with('`') && after != Some('`') && before != Some('`');
    let before_a_word = !before.is_some_and(char::is_alphanumeric) && after.is_some_and(|c| !c.is_whitespace());
    rest.starts_with("<!--") || (is_lone_backtick && before_a_word)
}
