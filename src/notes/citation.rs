//! What a note holds, as plain data.

use std::borrow::Cow;
use std::ops::Range;

/// What reading a note yields. All ranges count bytes of the note's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedNote {
    /// The citations in the order in which they stand.
    pub citations: Vec<Citation>,
    /// The headings in the order in which they stand.
    pub headings: Vec<Heading>,
    /// The front matter with its fences, where there is any.
    pub front_matter: Option<Range<usize>>,
}

impl ParsedNote {
    /// The citation that `offset` touches: inside it or directly at either end.
    pub fn citation_at(&self, offset: usize) -> Option<&Citation> {
        let behind = self.citations.partition_point(|citation| citation.range.start <= offset);
        let candidate = self.citations.get(behind.checked_sub(1)?)?;
        (offset <= candidate.range.end).then_some(candidate)
    }
}

/// How a citation is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CitationKind {
    /// `[[name]]`
    WikiLink,
    /// `![[name]]`
    Embed,
}

/// One citation of a note. Texts are trimmed, `\|` in them stands as `|`; ranges are those of the trimmed source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// How it is spelled.
    pub kind: CitationKind,
    /// The whole citation: the brackets and the `!` of an embed included.
    pub range: Range<usize>,
    /// Everything between the brackets as it stands in the note, white space at the ends aside.
    pub inner: String,
    /// Where `inner` stands.
    pub inner_range: Range<usize>,
    /// The name: what stands before the first `#` and the first `|`; never empty.
    pub target: String,
    /// Where the name stands.
    pub target_range: Range<usize>,
    /// What stands between the first `#` and the first `|`.
    pub section: Option<String>,
    /// What stands behind the first `|`.
    pub label: Option<String>,
    /// Whether it stands in a table, where a `|` has to be written `\|`.
    pub in_table: bool,
}

/// One way to take a citation's inner text for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The name.
    pub name: Cow<'a, str>,
    /// The bytes of the note that spell it.
    pub range: Range<usize>,
}

impl Citation {
    /// Reads the inner text that stands at `start` of the note; `None` where it holds no name.
    pub(super) fn new(kind: CitationKind, range: Range<usize>, inner: &str, start: usize) -> Option<Self> {
        let (inner, inner_range) = trimmed(inner, start);
        let parts = Parts::of(inner);
        let (target, target_range) = trimmed(inner.get(..parts.target_end)?, inner_range.start);
        if target.is_empty() {
            return None;
        }
        let text = |range: Option<Range<usize>>| {
            let text = inner.get(range?)?;
            Some(unescaped(text.trim()).into_owned())
        };
        Some(Self {
            kind,
            range,
            target: unescaped(target).into_owned(),
            target_range,
            section: text(parts.section),
            label: text(parts.label),
            inner: inner.to_owned(),
            inner_range,
            in_table: false,
        })
    }

    /// The texts that may be the name, longest first: all of the inner text (`P(a|b)` is a title), what stands before
    /// the label (`C# in Depth` is one too), and the target.
    pub fn readings(&self) -> impl Iterator<Item = Reading<'_>> {
        let parts = Parts::of(&self.inner);
        let before_label = parts.section.map_or(parts.target_end, |section| section.end);
        let mut longer = usize::MAX;
        [self.inner.len(), before_label, parts.target_end].into_iter().filter_map(move |end| {
            let (name, range) = trimmed(self.inner.get(..end)?, self.inner_range.start);
            (name.len() < std::mem::replace(&mut longer, name.len())).then(|| Reading { name: unescaped(name), range })
        })
    }

    /// Moves every range by `distance` bytes, for a citation that was read out of a piece of the note.
    pub(super) fn shifted(mut self, distance: usize) -> Self {
        for range in [&mut self.range, &mut self.inner_range, &mut self.target_range] {
            *range = range.start + distance..range.end + distance;
        }
        self
    }
}

/// A heading of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// From 1 for the highest to 6.
    pub level: u8,
    /// The heading's text as it stands in the note, markup included.
    pub text: String,
    /// Where the text stands.
    pub range: Range<usize>,
}

/// Where an inner text falls apart.
pub(super) struct Parts {
    pub(super) target_end: usize,
    section: Option<Range<usize>>,
    label: Option<Range<usize>>,
}

impl Parts {
    pub(super) fn of(inner: &str) -> Self {
        let pipe = inner.find('|');
        let before_label = match pipe {
            Some(at) if inner.as_bytes().get(at.wrapping_sub(1)) == Some(&b'\\') => at - 1,
            Some(at) => at,
            None => inner.len(),
        };
        let hash = inner.get(..before_label).and_then(|name| name.find('#'));
        Self {
            target_end: hash.unwrap_or(before_label),
            section: hash.map(|at| at + 1..before_label),
            label: pipe.map(|at| at + 1..inner.len()),
        }
    }

    pub(super) fn has_section(&self) -> bool {
        self.section.is_some()
    }

    pub(super) fn has_label(&self) -> bool {
        self.label.is_some()
    }
}

fn trimmed(text: &str, start: usize) -> (&str, Range<usize>) {
    let start = start + (text.len() - text.trim_start().len());
    let text = text.trim();
    (text, start..start + text.len())
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if text.contains("\\|") { Cow::Owned(text.replace("\\|", "|")) } else { Cow::Borrowed(text) }
}
