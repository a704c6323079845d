//! Finds the citations in the inline text of one block, and steps through such a text for completion.

use super::citation::{Citation, CitationKind};
use super::opaque::Opaque;

/// What an inline text holds, in offsets of that text.
#[derive(Debug, Default)]
pub(super) struct Inline {
    pub(super) citations: Vec<Citation>,
    /// The first `$$` at the start of a line that nothing in this text closes.
    pub(super) unclosed_math: Option<usize>,
}

/// Reads an inline text from the offset `from` on.
pub(super) fn scan(text: &str, from: usize) -> Inline {
    let mut stepper = Stepper::new(text);
    let mut found = Inline::default();
    let mut at = from;
    while at < text.len() {
        at = match stepper.step(at) {
            Step::Text(end) | Step::Opaque(end) => end,
            Step::UnclosedMath(end) => {
                if found.unclosed_math.is_none() && starts_line(text, at) {
                    found.unclosed_math = Some(at);
                }
                end
            }
            Step::Brackets(end) => match stepper.citation(at, end) {
                Some(citation) => {
                    let end = citation.range.end;
                    found.citations.push(citation);
                    end
                }
                None => end,
            },
        };
    }
    found
}

/// What stands at an offset, and where it ends.
pub(super) enum Step {
    /// Plain text or an escape.
    Text(usize),
    /// Something that hides what stands in it.
    Opaque(usize),
    /// A `$$` that nothing closes.
    UnclosedMath(usize),
    /// Two or more opening brackets, which may begin a citation.
    Brackets(usize),
}

/// Where the inner text of a citation ends.
pub(super) enum InnerEnd {
    /// At the `]]` that stands here.
    Closed(usize),
    /// Nowhere: this is where it turned out to be none.
    Broken(usize),
}

/// Steps through an inline text.
#[derive(Debug)]
pub(super) struct Stepper<'a> {
    text: &'a str,
    opaque: Opaque<'a>,
    /// Single opening brackets that a link's text may still begin with.
    open_brackets: usize,
}

impl<'a> Stepper<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, opaque: Opaque::new(text), open_brackets: 0 }
    }

    /// What stands at `at`, which must be where the step before ended.
    pub(super) fn step(&mut self, at: usize) -> Step {
        let opaque = &mut self.opaque;
        let found = match opaque.byte(at) {
            b'\\' if opaque.byte(at + 1).is_ascii_punctuation() => return Step::Text(at + 2),
            b'`' => match opaque.code_span(at) {
                None => return Step::Text(opaque.run_end(at)),
                found => found,
            },
            b'<' => opaque.html(at),
            b'h' | b'H' => opaque.bare_address(at),
            b'$' if opaque.byte(at + 1) == b'$' => match opaque.display_math(at) {
                None => return Step::UnclosedMath(at + 2),
                found => found,
            },
            b'$' => opaque.inline_math(at),
            b'[' => {
                let end = opaque.run_end(at);
                self.open_brackets += end - at;
                return if end - at > 1 { Step::Brackets(end) } else { Step::Text(end) };
            }
            b']' if self.open_brackets > 0 => {
                self.open_brackets -= 1;
                opaque.link_tail(at)
            }
            _ => None,
        };
        found.map_or_else(|| Step::Text(self.next_char(at)), Step::Opaque)
    }

    /// The citation that the opening brackets `start..end` begin.
    fn citation(&mut self, start: usize, end: usize) -> Option<Citation> {
        for open in openings(start, end) {
            if let InnerEnd::Closed(close) = self.inner_end(open + 2) {
                let kind = if self.is_embed(open) { CitationKind::Embed } else { CitationKind::WikiLink };
                let range = open - usize::from(kind == CitationKind::Embed)..close + 2;
                self.open_brackets = self.open_brackets.saturating_sub(end - open);
                return Citation::new(kind, range, self.text.get(open + 2..close)?, open + 2);
            }
        }
        None
    }

    /// Where the inner text that begins at `from` ends.
    ///
    /// Single brackets come in pairs. Code and HTML that begin in it belong to it, dollars and addresses mean nothing.
    pub(super) fn inner_end(&mut self, from: usize) -> InnerEnd {
        let opaque = &mut self.opaque;
        let (mut at, mut open) = (from, 0_usize);
        loop {
            let next = match opaque.byte(at) {
                0 if at >= self.text.len() => return InnerEnd::Broken(at),
                b'\\' if opaque.byte(at + 1).is_ascii_punctuation() => at + 2,
                b'`' => opaque.code_span(at).unwrap_or_else(|| opaque.run_end(at)),
                b'<' => opaque.html(at).unwrap_or(at + 1),
                b'[' if opaque.byte(at + 1) == b'[' => return InnerEnd::Broken(at),
                b'[' => {
                    open += 1;
                    at + 1
                }
                b']' if open > 0 => {
                    open -= 1;
                    at + 1
                }
                b']' if opaque.byte(at + 1) == b']' => return InnerEnd::Closed(at),
                b'\n' | b'\r' | b']' => return InnerEnd::Broken(at),
                _ => at + 1,
            };
            if next > at + 1
                && self.text.as_bytes().get(at..next).is_some_and(|it| it.iter().any(|b| b"\n\r".contains(b)))
            {
                return InnerEnd::Broken(at);
            }
            at = next;
        }
    }

    /// Whether the brackets at `open` are those of an embed.
    pub(super) fn is_embed(&self, open: usize) -> bool {
        open > 0 && self.opaque.byte(open - 1) == b'!' && !self.opaque.is_escaped(open - 1)
    }

    fn next_char(&self, at: usize) -> usize {
        at + self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    }
}

/// The places within the run of brackets `start..end` where a citation may begin, in the order in which they are tried:
/// the innermost pair, then the one before it, for names that begin with a bracket.
pub(super) fn openings(start: usize, end: usize) -> impl Iterator<Item = usize> {
    [2, 3].into_iter().filter_map(move |width| end.checked_sub(width).filter(|&open| open >= start))
}

/// Whether nothing but white space stands before `at` on its line.
pub(super) fn starts_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    line.trim_start().is_empty()
}
