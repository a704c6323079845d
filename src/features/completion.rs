//! What to write into an open `[[`; [`keys`] has what follows an `@`.

pub(super) mod keys;

use std::ops::Range;

use keys::key_completion;

use super::Snapshot;
use super::card::{Card, byline};
use super::escape::plain_text;
use super::ranking::ranked_hits;
use crate::library::{CitationText, Hit, Resolution};
use crate::notes::{Closing, OpenCitation, OpenKind, OpenNote, Part, completion_context};
use crate::paper::PaperRef;

/// At most this many papers are offered.
pub(super) const MAX_ENTRIES: usize = 50;

/// Editors compare no more than 128 characters of the text they filter by.
pub(super) const FILTER_CHARS: usize = 120;

/// So many entries are filtered by the whole title, the others by so much of it as is enough to go on until the next
/// answer is there: answers stay small.
const WHOLE_TITLES: usize = 10;
const FILTER_TITLE_CHARS: usize = 40;

/// So many bytes of a line are looked at before the cursor, and after it.
const LINE_REACH: usize = 16 * 1024;

/// About so many bytes an answer may have, and so many of them are the protocol's own in each entry.
const MAX_BYTES: usize = 19_300;
const BYTES_AROUND_ENTRY: usize = 220;

/// Where an answer would be larger, this is what is left of titles after the first entries.
const SHORTEST_FILTER_CHARS: usize = 16;
const SHORTEST_DETAIL_CHARS: usize = 36;

/// The papers offered at a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionList {
    /// The bytes of the note that are replaced: what was typed since the `[[`, up to the cursor.
    pub range: Range<usize>,
    /// What closes the citation directly after the range. It may begin with brackets that the editor closed in the query.
    pub closed_by: String,
    /// The papers, best first.
    pub entries: Vec<CompletionEntry>,
}

/// One paper offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionEntry {
    /// The name that will be written.
    pub label: String,
    /// The title, where the name is not the title.
    pub detail: Option<String>,
    /// Authors and year in a few words, with which rows begin; or that it is an alias.
    pub description: Option<String>,
    /// What replaces the range, the closing brackets included where they are not there yet.
    pub new_text: String,
    /// What editors filter by: begins with what was typed, so that the server's choice stands.
    pub filter_text: String,
    /// What editors sort by: the rank.
    pub sort_text: String,
    /// What finds the paper again; `None` for entries that are no papers.
    pub paper: Option<PaperRef>,
}

/// The papers to offer at an offset of a note; `None` where no citation is open. Never waits for a parse.
pub fn completion(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Option<CompletionList> {
    let document = note.document();
    let line_number = document.position(offset, crate::text::Encoding::Utf8).line as usize;
    let line = document.line_range(line_number);
    // Of a line without an end what stands around the cursor is enough.
    let (reach_start, reach_end) = (offset.saturating_sub(LINE_REACH), offset.saturating_add(LINE_REACH));
    let (line_start, line) = document.window(line.start.max(reach_start)..line.end.min(reach_end));
    let mut open = completion_context(&line, offset.saturating_sub(line_start))?;
    if !note.is_prose_at(line_start + open.query_range.start) {
        return None;
    }
    let closed_by = closed_by(&open, &line).to_owned();
    if matches!(open.closing, Closing::Closed { .. }) && !closed_by.is_empty() {
        open.closing = Closing::Closed { rest: open.query_range.end..open.query_range.end };
    }
    let list = offered(snapshot, note, &open, line_start)?;
    Some(CompletionList { closed_by, ..list })
}

/// The brackets directly after the cursor that close an open citation, and before them those that an editor has closed
/// for brackets that the query opens. Empty where none follow, or other text comes first.
fn closed_by<'l>(open: &OpenCitation<'_>, line: &'l str) -> &'l str {
    let brackets = match (open.kind, &open.closing) {
        (OpenKind::WikiLink, Closing::Closed { .. }) => "]]",
        (OpenKind::WikiLink, Closing::Half) => "]",
        (OpenKind::BracedKey { .. }, Closing::Closed { .. }) => "}",
        _ => return "",
    };
    let mut unclosed = Vec::new();
    for letter in open.query.chars() {
        match letter {
            _ if unclosed.last() == Some(&letter) => {
                unclosed.pop();
            }
            '(' => unclosed.push(')'),
            '{' => unclosed.push('}'),
            '<' => unclosed.push('>'),
            '"' => unclosed.push('"'),
            _ => {}
        }
    }
    let after = line.get(open.query_range.end..).unwrap_or_default();
    let rest = unclosed.iter().rev().fold(after, |rest, &closing| rest.strip_prefix(closing).unwrap_or(rest));
    let Some(rest) = rest.strip_prefix(brackets) else { return "" };
    after.strip_suffix(rest).unwrap_or_default()
}

fn offered(snapshot: &Snapshot, note: &OpenNote, open: &OpenCitation<'_>, line_start: usize) -> Option<CompletionList> {
    let range = line_start + open.query_range.start..line_start + open.query_range.end;
    let is_key_link = open.part == Part::Name && open.query.trim_start().starts_with('@');
    if open.kind != OpenKind::WikiLink || is_key_link {
        return key_completion(snapshot, open, range);
    }
    match open.part {
        Part::Label => return None,
        Part::Section { target_len } => {
            if let Some(list) = sections(snapshot, open, target_len, range.start) {
                return Some(list);
            }
        }
        Part::Name => {}
    }
    let in_table = note.is_in_table_at(line_start + open.query_range.start);
    let hits = ranked_hits(snapshot, open.query, MAX_ENTRIES);
    let mut entries: Vec<CompletionEntry> = Vec::with_capacity(hits.len());
    if let Some(entry) = alias_entry(snapshot, open) {
        entries.push(entry);
    }
    entries.extend(hits.iter().filter_map(|hit| entry(snapshot, open, in_table, hit)));
    entries.truncate(MAX_ENTRIES);
    let typed = open.query.trim_start().chars().count() + 1;
    for (rank, entry) in entries.iter_mut().enumerate() {
        if rank >= WHOLE_TITLES {
            shorten(&mut entry.filter_text, typed + FILTER_TITLE_CHARS);
        }
        entry.sort_text = format!("{rank:04}");
    }
    fit(&mut entries, typed);
    Some(CompletionList { range, closed_by: String::new(), entries })
}

/// Makes an answer small enough to be sent with every letter typed: first less of the titles of later entries, then fewer
/// entries. What is dropped is found by typing on.
pub(super) fn fit(entries: &mut Vec<CompletionEntry>, typed: usize) {
    let mut bytes: usize = entries.iter().map(CompletionEntry::bytes).sum();
    for entry in entries.iter_mut().rev() {
        if bytes <= MAX_BYTES {
            return;
        }
        bytes -= entry.bytes();
        shorten(&mut entry.filter_text, typed + SHORTEST_FILTER_CHARS);
        if let Some(detail) = &mut entry.detail {
            // The name that a title begins with is shown already.
            let name = if detail.starts_with(&entry.label) { entry.label.chars().count() } else { 0 };
            if detail.chars().count() > name + SHORTEST_DETAIL_CHARS {
                shorten(detail, name + SHORTEST_DETAIL_CHARS - 1);
                detail.push('…');
            }
        }
        bytes += entry.bytes();
    }
    while bytes > MAX_BYTES
        && let Some(last) = entries.pop()
    {
        bytes -= last.bytes();
    }
}

fn shorten(text: &mut String, most_chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(most_chars) {
        text.truncate(end);
    }
}

impl CompletionList {
    /// Has the range and the texts reach over what closes the citation already, so that it ends where the text ends.
    pub fn write_closing(&mut self) {
        let closing = self.closed_by.trim_start_matches([')', '}', '>', '"']);
        // A key in braces is closed by a brace itself.
        let closing = if closing.is_empty() && !self.closed_by.is_empty() { "}" } else { closing };
        for entry in &mut self.entries {
            entry.new_text.push_str(closing);
        }
        self.range.end += self.closed_by.len();
        self.closed_by.clear();
    }
}

impl CompletionEntry {
    /// About how many bytes it takes in an answer.
    fn bytes(&self) -> usize {
        let given = [Some(&self.label), Some(&self.new_text), Some(&self.filter_text)];
        let details = [self.detail.as_ref(), self.description.as_ref()];
        let texts = given.into_iter().chain(details).flatten().map(String::len).sum::<usize>();
        BYTES_AROUND_ENTRY + texts + self.paper.as_ref().map_or(0, PaperRef::len)
    }
}

/// The card of an offered paper; `None` where it is no longer there.
pub fn completion_card(snapshot: &Snapshot, paper: &PaperRef) -> Option<Card> {
    let paper = snapshot.library.paper(paper)?;
    Some(snapshot.card(&paper, snapshot.card_options()))
}

fn entry(snapshot: &Snapshot, open: &OpenCitation<'_>, in_table: bool, hit: &Hit) -> Option<CompletionEntry> {
    let record = &hit.stored.record;
    let CitationText { name, label } = snapshot.library.citation_text(&hit.stored, &snapshot.aliases)?;
    let title = plain_text(record.heading());
    let shown = label.as_deref().unwrap_or(&name);
    Some(CompletionEntry {
        label: shown.to_owned(),
        detail: (shown != title).then(|| title.clone()),
        description: byline(record),
        new_text: new_text(open, &name, label.as_deref(), in_table),
        filter_text: filter_text(open.query, &title),
        sort_text: String::new(),
        paper: Some(hit.stored.reference().clone()),
    })
}

/// The user's alias that the query spells, where it means one paper.
fn alias_entry(snapshot: &Snapshot, open: &OpenCitation<'_>) -> Option<CompletionEntry> {
    let target = snapshot.aliases.get(open.query)?;
    let resolution = snapshot.library.resolve(target, &snapshot.aliases);
    let Resolution::Unique(paper) = &*resolution else { return None };
    let title = plain_text(paper.record.heading());
    let name = open.query.trim().to_owned();
    Some(CompletionEntry {
        label: name.clone(),
        detail: Some(title.clone()),
        description: Some("alias".to_owned()),
        new_text: new_text(open, &name, None, false),
        filter_text: filter_text(open.query, &title),
        sort_text: String::new(),
        paper: snapshot.library.reference_of(paper),
    })
}

/// What `[[Orca#abstract]]` shows whole.
pub(super) const ABSTRACT: &str = "abstract";

/// What `[[Orca#highlights]]` shows whole.
pub(super) const HIGHLIGHTS: &str = "highlights";

/// `[[Orca#` offers the sections a card has.
fn sections(
    snapshot: &Snapshot,
    open: &OpenCitation<'_>,
    target_len: usize,
    query_start: usize,
) -> Option<CompletionList> {
    let target = open.query.get(..target_len)?;
    let resolution = snapshot.library.resolve(target, &snapshot.aliases);
    let has_highlights = match &*resolution {
        Resolution::Missing => return None,
        Resolution::Unique(paper) => paper.record.holding.as_ref().is_some_and(|it| it.annotation_count > 0),
        Resolution::Ambiguous(_) => false,
    };
    let typed = open.query.get(target_len + 1..)?;
    let entry = |(at, (name, detail)): (usize, (&str, &str))| CompletionEntry {
        label: name.to_owned(),
        detail: Some(detail.to_owned()),
        description: None,
        new_text: new_text(open, name, None, false),
        filter_text: name.to_owned(),
        sort_text: format!("{at:04}"),
        paper: None,
    };
    let highlights = has_highlights.then_some((HIGHLIGHTS, "what is marked in its files on hover"));
    let all = std::iter::once((ABSTRACT, "the whole abstract on hover")).chain(highlights);
    let begun = all.filter(|(name, _)| name.starts_with(&typed.to_lowercase()));
    let start = query_start + target_len + 1;
    let entries = begun.enumerate().map(entry).collect();
    Some(CompletionList { range: start..start + typed.len(), closed_by: String::new(), entries })
}

pub(super) fn new_text(open: &OpenCitation<'_>, name: &str, label: Option<&str>, in_table: bool) -> String {
    let has_rest = matches!(&open.closing, Closing::Closed { rest } if !rest.is_empty());
    let label = match label {
        // What stands after the cursor is kept, and it may hold a label already.
        Some(label) if !has_rest => format!("{}{label}", if in_table { "\\|" } else { "|" }),
        _ => String::new(),
    };
    let closing = match open.closing {
        Closing::Open => "]]",
        Closing::Half => "]",
        Closing::Closed { .. } => "",
    };
    format!("{name}{label}{closing}")
}

/// What was typed, then the title: typing on, a space included, keeps matching until the next answer.
fn filter_text(query: &str, title: &str) -> String {
    let typed = query.trim_start().chars().chain([' ']);
    typed.chain(title.chars()).take(FILTER_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Record;

    fn entry(title: &str) -> CompletionEntry {
        CompletionEntry {
            label: title.to_owned(),
            detail: Some(format!("Orca: {title}")),
            description: Some("Nguyen et al. 2024".to_owned()),
            new_text: format!("{title}]]"),
            filter_text: format!("typed {title}").chars().take(FILTER_CHARS).collect(),
            sort_text: "0000".to_owned(),
            paper: Some(PaperRef::of(&Record { title: title.to_owned(), ..Record::default() })),
        }
    }

    /// The sizes of answers, by how long titles are: the longest still hold as many papers as a list shows at once.
    #[test]
    fn answers_stay_small_however_long_titles_are() {
        for (title, fewest) in [("Orca", 50), (&"long words ".repeat(6), 40), (&"深い学習 ".repeat(40), 8)] {
            let mut entries = vec![entry(title); MAX_ENTRIES];
            let first = entries[0].clone();
            fit(&mut entries, 6);
            let bytes: usize = entries.iter().map(CompletionEntry::bytes).sum();
            assert!(bytes <= MAX_BYTES && entries.len() >= fewest, "{title}: {bytes} in {}", entries.len());
            assert!(entries.iter().all(|it| it.new_text == first.new_text && it.filter_text.starts_with("typed ")));
        }
    }
}
