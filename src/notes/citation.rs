//! What a note holds, as plain data.

use std::borrow::Cow;
use std::ops::{Deref, Range};

use serde::{Deserialize, Serialize};

use crate::paper::lookup_key;

/// What reading a note yields. All ranges count bytes of the note's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedNote {
    /// The citations in the order in which they stand.
    pub citations: Vec<Citation>,
    /// The headings in the order in which they stand.
    pub headings: Vec<Heading>,
    /// The front matter with its fences, where there is any.
    pub front_matter: Option<Range<usize>>,
    /// The displayed formulas that reach over several blocks.
    pub formulas: Vec<Range<usize>>,
    /// The blocks that are indented like code and are not code.
    pub continued: Vec<Range<usize>>,
    /// Where reading ended before the end of the note: it is larger, or has more citations, than is read as a whole.
    pub read_to: Option<usize>,
}

impl ParsedNote {
    /// The citation that `offset` touches: inside it or directly at either end.
    pub fn citation_at(&self, offset: usize) -> Option<&Citation> {
        let after = self.citations.partition_point(|citation| citation.range.start <= offset);
        let candidate = self.citations.get(after.checked_sub(1)?)?;
        (offset <= candidate.range.end).then_some(candidate)
    }
}

/// How a citation is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CitationKind {
    /// `[[name]]`
    WikiLink,
    /// `![[name]]`
    Embed,
    /// `[[@key]]`, `[[folder/@key]]` or `[[@key.md]]`: a link to the note of the paper with this key
    KeyLink,
    /// `![[@key]]`
    KeyEmbed,
    /// `@key`, in a sentence
    InTextKey,
    /// `@key` or `-@key`, in a bracketed cluster such as `[see @key, p. 3; -@other]`, and `-@key` without one
    ClusterKey,
    /// `arXiv:2306.02707`, or the address of a paper on arXiv or on a site that goes by its ids; a DOI that arXiv gives
    /// out counts as the arXiv id in it
    Arxiv,
    /// `doi:10.1000/xyz` or the address of a DOI
    Doi,
}

impl CitationKind {
    /// Whether it stands in double brackets.
    pub fn is_wiki_link(self) -> bool {
        matches!(self, Self::WikiLink | Self::Embed | Self::KeyLink | Self::KeyEmbed)
    }

    /// Whether it stands in double brackets and names a paper by its key after an `@`.
    pub fn is_key_link(self) -> bool {
        matches!(self, Self::KeyLink | Self::KeyEmbed)
    }

    /// Whether it is a citation key after an `@`.
    pub fn is_key(self) -> bool {
        matches!(self, Self::InTextKey | Self::ClusterKey)
    }

    /// Whether it is an arXiv id or a DOI that stands by itself.
    pub fn is_identifier(self) -> bool {
        matches!(self, Self::Arxiv | Self::Doi)
    }
}

/// What a citation may name: all that says what it stands for. A range `R` counts bytes in a parsed note, and in
/// every way at once where the note stays on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedNames<R> {
    /// How the citation is spelled.
    pub kind: CitationKind,
    /// The whole citation: the brackets and the `!` of an embed included, the `@` of a key with its braces and the `-`
    /// before it, the prefix of an identifier and the `<>` around an address.
    pub range: R,
    /// The texts that may be the name, longest first, never empty: all of the inner text (`P(a|b)` is a title), what
    /// stands before the label (`C# in Depth` is one too), and the target. Of a link by a key the key, with what follows
    /// its first comma or blank (`[[@key, p. 3]]`) and without. Where there are no double brackets, the target alone.
    pub readings: Vec<Reading<R>>,
}

/// One name that a citation may spell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading<R> {
    /// The name, `\|` in it written `|`.
    pub name: String,
    /// Its lookup key: see [`lookup_key`].
    pub key: String,
    /// Where it stands.
    pub range: R,
}

impl<R> CitedNames<R> {
    /// The last of the readings: the name without section, label and place in the paper.
    pub fn name(&self) -> &str {
        self.readings.last().map_or("", |reading| &reading.name)
    }

    /// Where that name stands.
    pub fn name_range(&self) -> &R {
        self.readings.last().map_or(&self.range, |reading| &reading.range)
    }

    /// The lookup keys of the names it may spell.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.readings.iter().map(|reading| reading.key.as_str())
    }
}

/// One citation of a note. Texts are trimmed, `\|` in them stands as `|`; ranges are those of the trimmed source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// What it may name.
    pub names: CitedNames<Range<usize>>,
    /// Everything between double brackets as it stands in the note, white space at the ends aside; of other kinds the
    /// same as `target`.
    pub inner: String,
    /// Where `inner` stands.
    pub inner_range: Range<usize>,
    /// What is cited; never empty. Between double brackets what stands before the first `#` and the first `|`, else the
    /// key without its `@`, or the identifier as it is spelled, with prefix or address.
    pub target: String,
    /// Where the name stands.
    pub target_range: Range<usize>,
    /// What stands between the first `#` and the first `|`.
    pub section: Option<String>,
    /// What stands after the first `|`.
    pub label: Option<String>,
    /// Whether a `-` before the `@` leaves the authors out.
    pub suppress_author: bool,
    /// What stands before the key in its cluster, such as `see`.
    pub prefix: Option<String>,
    /// The place in the paper: `p. 3` of `[@key, p. 3]` and of `@key [p. 3]`.
    pub locator: Option<String>,
    /// What else stands after the key in its cluster.
    pub suffix: Option<String>,
    /// The bracketed cluster that a [`CitationKind::ClusterKey`] stands in, with its brackets, if it stands in one.
    pub cluster: Option<Range<usize>>,
    /// Whether it stands in a table, where a `|` has to be written `\|`.
    pub in_table: bool,
}

impl Deref for Citation {
    type Target = CitedNames<Range<usize>>;

    fn deref(&self) -> &Self::Target {
        &self.names
    }
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
        let kind = match kind {
            CitationKind::WikiLink if key_in_link(target).is_some() => CitationKind::KeyLink,
            CitationKind::Embed if key_in_link(target).is_some() => CitationKind::KeyEmbed,
            kind => kind,
        };
        let text = |range: Option<Range<usize>>| {
            let text = inner.get(range?)?;
            Some(unescaped(text.trim()).into_owned())
        };
        Some(Self {
            target: unescaped(target).into_owned(),
            target_range,
            section: text(parts.section),
            label: text(parts.label),
            ..Self::plain(kind, range, inner, inner_range)
        })
    }

    /// A citation that is nothing but its target.
    pub(super) fn plain(kind: CitationKind, range: Range<usize>, target: &str, target_range: Range<usize>) -> Self {
        Self {
            names: CitedNames { kind, range, readings: readings(kind, target, &target_range) },
            inner: target.to_owned(),
            inner_range: target_range.clone(),
            target: target.to_owned(),
            target_range,
            section: None,
            label: None,
            suppress_author: false,
            prefix: None,
            locator: None,
            suffix: None,
            cluster: None,
            in_table: false,
        }
    }

    /// Moves every range, none of which is empty, for a citation that was read out of pieces of the note; `place`
    /// says where an offset of them lies in the note.
    pub(super) fn placed(mut self, place: impl Fn(usize) -> usize) -> Self {
        let own = [&mut self.names.range, &mut self.inner_range, &mut self.target_range];
        let of_readings = self.names.readings.iter_mut().map(|reading| &mut reading.range);
        for range in own.into_iter().chain(&mut self.cluster).chain(of_readings) {
            // The end is that of the last byte: what follows may stand in another piece.
            *range = place(range.start)..place(range.end.saturating_sub(1)) + 1;
        }
        self
    }
}

/// What an inner text that stands in `place` may name: see [`CitedNames::readings`].
fn readings(kind: CitationKind, inner: &str, place: &Range<usize>) -> Vec<Reading<Range<usize>>> {
    let parts = if kind.is_wiki_link() { Parts::of(inner) } else { Parts::none(inner) };
    let (start, ends) = match inner.get(..parts.target_end).and_then(key_in_link) {
        Some(key) if kind.is_key_link() => {
            let spelled = inner.get(key.clone()).unwrap_or_default();
            let plain = spelled.find(|c: char| c == ',' || c == ';' || c.is_whitespace()).unwrap_or(spelled.len());
            (key.start, [key.end, key.start + plain, key.start + plain])
        }
        _ => {
            let before_label = parts.section.map_or(parts.target_end, |section| section.end);
            (0, [inner.len(), before_label, parts.target_end])
        }
    };
    let reading = |name: &str, range| {
        let name = unescaped(name).into_owned();
        Reading { key: lookup_key(&name), name, range }
    };
    let mut readings = Vec::with_capacity(1);
    let mut longer = usize::MAX;
    for end in ends {
        let (name, range) = trimmed(inner.get(start..end).unwrap_or_default(), place.start + start);
        if name.len() < std::mem::replace(&mut longer, name.len()) && !name.is_empty() {
            readings.push(reading(name, range));
        }
    }
    if readings.is_empty() {
        readings.push(reading(inner, place.clone()));
    }
    readings
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

    /// An inner text that is all target.
    fn none(inner: &str) -> Self {
        Self { target_end: inner.len(), section: None, label: None }
    }

    pub(super) fn has_section(&self) -> bool {
        self.section.is_some()
    }

    pub(super) fn has_label(&self) -> bool {
        self.label.is_some()
    }
}

/// File name endings of notes, in lower case.
pub const NOTE_EXTENSIONS: [&str; 5] = ["md", "markdown", "mdown", "qmd", "rmd"];

/// Where the key stands in a link's target such as `@key`, `folder/@key` or `@key.md`.
fn key_in_link(target: &str) -> Option<Range<usize>> {
    let start = target.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let name = target.get(start..)?;
    let key = name.strip_prefix('@')?;
    let ending = key.rsplit_once('.').map(|(_, ending)| ending);
    let is_note = ending.is_some_and(|ending| NOTE_EXTENSIONS.iter().any(|it| it.eq_ignore_ascii_case(ending)));
    let key = if is_note { key.get(..key.len() - ending.map_or(0, str::len) - 1)? } else { key };
    let has_letter = key.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '{');
    has_letter.then(|| start + 1..start + 1 + key.len())
}

fn trimmed(text: &str, start: usize) -> (&str, Range<usize>) {
    let start = start + (text.len() - text.trim_start().len());
    let text = text.trim();
    (text, start..start + text.len())
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if text.contains("\\|") { Cow::Owned(text.replace("\\|", "|")) } else { Cow::Borrowed(text) }
}
