//! Finds the citations in the inline text of one block, and steps through such a text for completion.

use std::ops::Range;

use super::address;
use super::citation::{Citation, CitationKind};
use super::pandoc::{self, Cluster, Item, Key};
use super::skipped_spans::SkippedSpans;

/// What an inline text holds, in offsets of that text.
#[derive(Debug, Default)]
pub(super) struct Inline {
    pub(super) citations: Vec<Citation>,
    /// The first `$$` at the start or the end of a line that nothing in this text closes.
    pub(super) unclosed_math: Option<usize>,
}

/// Reads an inline text from the offset `from` on.
pub(super) fn scan(text: &str, from: usize) -> Inline {
    let mut stepper = Stepper::new(text);
    let mut found = Inline::default();
    let mut at = from;
    while at < text.len() {
        at = match stepper.step(at) {
            Step::Text(end) | Step::SkippedSpans(end) => end,
            Step::UnclosedMath(end) => {
                if found.unclosed_math.is_none() && (starts_line(text, at) || ends_line(text, end)) {
                    found.unclosed_math = Some(at);
                }
                end
            }
            Step::Citation(citation) => {
                let end = citation.range.end;
                found.citations.push(*citation);
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

/// Whether something hides the offset `wanted` of an inline text: code, HTML, a formula, an address. A formula that
/// begins a line and has no end yet is being written.
pub(super) fn is_hidden(text: &str, wanted: usize) -> bool {
    let mut stepper = Stepper::new(text);
    let mut at = 0;
    while at < wanted {
        at = match stepper.step(at) {
            Step::SkippedSpans(end) if wanted < end => return true,
            Step::UnclosedMath(_) if starts_line(text, at) && stepper.skipped.byte(at + 2) != b'$' => return true,
            Step::Text(end) | Step::SkippedSpans(end) | Step::UnclosedMath(end) => end,
            Step::Citation(citation) => citation.range.end,
            Step::Brackets(end) => match stepper.citation(at, end) {
                Some(citation) => citation.range.end,
                None => end,
            },
        };
    }
    false
}

/// What stands at an offset, and where it ends.
pub(super) enum Step {
    /// Plain text or an escape.
    Text(usize),
    /// Something that hides what stands in it.
    SkippedSpans(usize),
    /// A `$$` that nothing closes.
    UnclosedMath(usize),
    /// Two or more opening brackets, which may begin a citation.
    Brackets(usize),
    /// A citation that needs no double brackets. It may begin one byte before, with the `-` of a key.
    Citation(Box<Citation>),
}

/// Where the inner text of a citation ends.
pub(super) enum InnerEnd {
    /// At the `]]` that stands here.
    Closed(usize),
    /// Nowhere: this is where it turned out to be none.
    Broken(usize),
}

/// The longest cluster of keys that is recognised, in bytes.
const LONGEST_CLUSTER: usize = 2048;

/// Steps through an inline text.
#[derive(Debug)]
pub(super) struct Stepper<'a> {
    text: &'a str,
    skipped: SkippedSpans<'a>,
    /// Single opening brackets that a link's text may still begin with.
    open_brackets: usize,
    /// The last cluster of keys that was found, passed or not.
    cluster: Option<Cluster>,
}

impl<'a> Stepper<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, skipped: SkippedSpans::new(text), open_brackets: 0, cluster: None }
    }

    /// What stands at `at`, which must be where the step before ended.
    pub(super) fn step(&mut self, at: usize) -> Step {
        let skipped = &mut self.skipped;
        let found = match skipped.byte(at) {
            b'\\' if skipped.byte(at + 1).is_ascii_punctuation() => return Step::Text(at + 2),
            b'`' => match skipped.code_span(at) {
                None => return Step::Text(skipped.run_end(at)),
                found => found,
            },
            b'<' => match skipped.html(at) {
                Some(end) => return self.autolink(at..end).unwrap_or(Step::SkippedSpans(end)),
                None => None,
            },
            b'h' | b'H' => return self.address(at).unwrap_or_else(|| Step::Text(at + 1)),
            b'a' | b'A' | b'd' | b'D' | b'e' | b'E' | b'w' | b'W' => {
                let found = address::prefixed_at(self.text, at);
                return found.map_or(Step::Text(at + 1), |found| self.identifier(found));
            }
            b'@' => match pandoc::key_at(self.text, at) {
                Some(key) => return Step::Citation(Box::new(self.key(at, &key))),
                None => None,
            },
            b'$' if skipped.byte(at + 1) == b'$' => match skipped.display_math(at) {
                None => return Step::UnclosedMath(at + 2),
                found => found,
            },
            b'$' => skipped.inline_math(at),
            b'[' if skipped.byte(at + 1) == b'^' && skipped.footnote_label(at).is_some() => skipped.footnote_label(at),
            b'{' => skipped.attributes(at),
            b'(' if at == 0 => skipped.example_label(),
            b'[' => {
                let end = skipped.run_end(at);
                self.open_brackets += end - at;
                if end - at > 1 {
                    return Step::Brackets(end);
                }
                if self.cluster.as_ref().is_none_or(|cluster| cluster.range.end <= at) {
                    self.cluster = self.cluster_at(at);
                }
                return Step::Text(end);
            }
            b']' if self.open_brackets > 0 => {
                self.open_brackets -= 1;
                skipped.link_tail(at)
            }
            _ => None,
        };
        found.map_or_else(|| Step::Text(self.next_char(at)), Step::SkippedSpans)
    }

    /// Whether single brackets are open that no link's text has closed.
    pub(super) fn is_in_brackets(&self) -> bool {
        self.open_brackets > 0
    }

    /// The address that begins at `at`: of a paper, or of something else, which hides what stands in it.
    fn address(&self, at: usize) -> Option<Step> {
        if let Some(found) = address::doi_address_at(self.text, at) {
            return Some(self.identifier(found));
        }
        let end = self.skipped.bare_address(at)?;
        let found = address::of_address(self.text, at..end);
        Some(found.map_or(Step::SkippedSpans(end), |found| self.identifier(found)))
    }

    fn autolink(&self, range: Range<usize>) -> Option<Step> {
        let inner = range.start + 1..range.end.checked_sub(1)?;
        let spelled = self.text.get(inner.clone())?;
        let kind = address::kind_of_autolink(spelled)?;
        Some(Step::Citation(Box::new(Citation::plain(kind, range, spelled, inner))))
    }

    fn identifier(&self, (kind, range): (CitationKind, Range<usize>)) -> Step {
        let spelled = self.text.get(range.clone()).unwrap_or_default();
        Step::Citation(Box::new(Citation::plain(kind, range.clone(), spelled, range)))
    }

    /// The citation by the key whose `@` stands at `at`.
    fn key(&self, at: usize, key: &Key) -> Citation {
        let name = self.text.get(key.name.clone()).unwrap_or_default();
        let new = |kind| {
            let citation = Citation::plain(kind, key.range.clone(), name, key.name.clone());
            Citation { suppress_author: key.suppress_author, ..citation }
        };
        let in_cluster = self.cluster.as_ref().and_then(|cluster| Some((cluster, cluster.item(at)?)));
        let Some((cluster, item)) = in_cluster else {
            let after = pandoc::text_after(self.text, key.range.end);
            let locator = after.and_then(|after| pandoc::locator_and_suffix(after).0);
            // `-@key` is never a person's handle.
            let kind = if key.suppress_author { CitationKind::ClusterKey } else { CitationKind::InTextKey };
            return Citation { locator, ..new(kind) };
        };
        let prefix = self.text.get(item.range.start..key.range.start).unwrap_or_default();
        let prefix = prefix.split_whitespace().collect::<Vec<_>>().join(" ");
        let after = self.text.get(key.range.end..item.range.end).unwrap_or_default();
        let (locator, suffix) = pandoc::locator_and_suffix(after);
        Citation {
            prefix: (!prefix.is_empty()).then_some(prefix),
            locator,
            suffix,
            cluster: Some(cluster.range.clone()),
            ..new(CitationKind::ClusterKey)
        }
    }

    /// The cluster of keys that the single bracket at `at` opens: text in which every part between semicolons holds a
    /// key, and which is neither a footnote nor the text of a link.
    fn cluster_at(&mut self, at: usize) -> Option<Cluster> {
        let bytes = self.text.as_bytes();
        let longest = bytes.get(at..)?.get(..LONGEST_CLUSTER).unwrap_or(bytes.get(at..)?);
        memchr::memchr(b'@', longest).and(memchr::memchr(b']', longest))?;
        let is_inline_note = at > 0 && self.skipped.byte(at - 1) == b'^' && !self.skipped.is_escaped(at - 1);
        if is_inline_note || self.skipped.byte(at + 1) == b'^' {
            return None;
        }
        let (items, close) = self.items(at + 1, at + longest.len())?;
        let is_other = match self.skipped.byte(close + 1) {
            b'(' => self.skipped.link_tail(close).is_some(),
            b'[' => !matches!(self.skipped.byte(close + 2), b'@' | b'^' | b'[' | 0),
            b'{' => matches!(self.skipped.byte(close + 2), b'.' | b'#'),
            _ => false,
        };
        (!is_other).then_some(Cluster { range: at..close + 1, items })
    }

    /// The items from `start` to the bracket that closes their cluster, and where that stands.
    fn items(&mut self, start: usize, limit: usize) -> Option<(Vec<Item>, usize)> {
        let skipped = &mut self.skipped;
        let (mut items, mut item_start, mut key) = (Vec::new(), start, None);
        let (mut at, mut open) = (start, 0_usize);
        while at < limit {
            let byte = skipped.byte(at);
            at = match byte {
                b'\\' if skipped.byte(at + 1).is_ascii_punctuation() => at + 2,
                b'`' => skipped.code_span(at).unwrap_or_else(|| skipped.run_end(at)),
                b'<' => skipped.html(at).unwrap_or(at + 1),
                b'[' if skipped.byte(at + 1) == b'[' => return None,
                b'@' if open == 0 => match pandoc::key_at(self.text, at) {
                    Some(found) => {
                        key.get_or_insert(at);
                        found.range.end
                    }
                    None => at + 1,
                },
                b';' | b']' if open == 0 => {
                    items.push(Item { range: item_start..at, at: key.take()? });
                    if byte == b']' {
                        return Some((items, at));
                    }
                    item_start = at + 1;
                    at + 1
                }
                b'[' => {
                    open += 1;
                    at + 1
                }
                b']' => {
                    open -= 1;
                    at + 1
                }
                _ => at + 1,
            };
        }
        None
    }

    /// The citation that the opening brackets `start..end` begin.
    fn citation(&mut self, start: usize, end: usize) -> Option<Citation> {
        for open in openings(start, end) {
            if let InnerEnd::Closed(close) = self.inner_end(open + 2) {
                // A link whose text is in brackets: `[[options]](#options)`.
                if self.skipped.link_tail(close + 1).is_some_and(|end| self.is_address(close + 3..end)) {
                    return None;
                }
                let kind = if self.is_embed(open) { CitationKind::Embed } else { CitationKind::WikiLink };
                let range = open - usize::from(kind == CitationKind::Embed)..close + 2;
                self.open_brackets = self.open_brackets.saturating_sub(end - open);
                return Citation::new(kind, range, self.text.get(open + 2..close)?, open + 2);
            }
        }
        None
    }

    /// Whether the destination of a link leads somewhere. What merely stands in round brackets, as a year, does not.
    fn is_address(&self, destination: Range<usize>) -> bool {
        self.text.get(destination).is_some_and(|it| it.contains(['#', '/', ':', '.']))
    }

    /// Where the inner text that begins at `from` ends.
    ///
    /// Single brackets come in pairs. Code and HTML that begin in it belong to it, dollars and addresses mean nothing.
    pub(super) fn inner_end(&mut self, from: usize) -> InnerEnd {
        let skipped = &mut self.skipped;
        let (mut at, mut open) = (from, 0_usize);
        loop {
            let next = match skipped.byte(at) {
                0 if at >= self.text.len() => return InnerEnd::Broken(at),
                b'\\' if skipped.byte(at + 1).is_ascii_punctuation() => at + 2,
                b'`' => skipped.code_span(at).unwrap_or_else(|| skipped.run_end(at)),
                b'<' => skipped.html(at).unwrap_or(at + 1),
                b'[' if skipped.byte(at + 1) == b'[' => return InnerEnd::Broken(at),
                b'[' => {
                    open += 1;
                    at + 1
                }
                b']' if open > 0 => {
                    open -= 1;
                    at + 1
                }
                b']' if skipped.byte(at + 1) == b']' => return InnerEnd::Closed(at),
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
        open > 0 && self.skipped.byte(open - 1) == b'!' && !self.skipped.is_escaped(open - 1)
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

/// Whether nothing but white space stands after `at` on its line.
fn ends_line(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    rest.split(['\n', '\r']).next().unwrap_or_default().trim().is_empty()
}

/// Whether nothing but white space stands before `at` on its line.
pub(super) fn starts_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    line.trim_start().is_empty()
}
