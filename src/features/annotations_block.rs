//! The marked block of a literature note that holds what the user marked in the files of the paper, and the edit that brings it
//! up to date.
//!
//! ```text
//! <!-- ibid:annotations colour=yellow tag="to do" -->
//!
//! <!-- ibid:annotation ABCD2345 0f3a9c21 -->
//! > It swims. [p. 12](zotero://open-pdf/library/items/PDFD2345?page=12&annotation=ABCD2345)
//!
//! What the user wrote.
//!
//! <!-- ibid:inserted ABCD2345 -->
//! <!-- /ibid:annotations -->
//! ```
//!
//! It is refreshed three ways: by what stands there, what Zotero has now, and what was inserted last, of which the marks keep
//! the digest and the keys. An entry that the user has not touched follows Zotero; one that the user has changed or taken out
//! stays so; where both have changed, both stand. All else in the block is the user's.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

use super::edits::TextEdit;
use super::escape::{escape_markdown, plain_text};
use super::links::zotero_pdf_url;
use crate::paper::{Annotation, Holding, fold};

/// What Zotero calls its colours.
const COLOURS: [(&str, &str); 9] = [
    ("blue", "#2ea8e5"),
    ("gray", "#aaaaaa"),
    ("green", "#5fb236"),
    ("grey", "#aaaaaa"),
    ("magenta", "#e56eee"),
    ("orange", "#f19837"),
    ("purple", "#a28ae5"),
    ("red", "#ff6666"),
    ("yellow", "#ffd400"),
];

const BLOCK: &str = "ibid:annotations";
const BLOCK_END: &str = "/ibid:annotations";
const ENTRY: &str = "ibid:annotation";
const INSERTED: &str = "ibid:inserted";

/// Why the annotations cannot be put into a note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnnotationsProblem {
    /// The block has a beginning and no end. The line counts from 1.
    #[error("the annotations that begin in line {line} have no end; add a line `<!-- /ibid:annotations -->`")]
    NoEnd {
        /// The line of the opening mark.
        line: usize,
    },
}

/// The edit that has a note show the annotations of a paper: its block is refreshed, and a note without one gets it at its end,
/// under the heading `Annotations`. `None` where the note shows them already.
pub fn annotations_edit(note: &str, holding: &Holding) -> Result<Option<TextEdit>, AnnotationsProblem> {
    let newline = if note.contains("\r\n") { "\r\n" } else { "\n" };
    let (range, text) = if let Some(block) = Block::of(note)? {
        (block.content.clone(), refreshed(&block, &entries(holding, &block.filter)))
    } else {
        let breaks = match note {
            _ if note.trim().is_empty() || note.ends_with("\n\n") || note.ends_with("\n\r\n") => "",
            _ if note.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        let content = refreshed(&Block::default(), &entries(holding, &Filter::default()));
        let text = format!("{breaks}## Annotations\n\n<!-- {BLOCK} -->\n{content}<!-- {BLOCK_END} -->\n");
        (note.len()..note.len(), text)
    };
    let text = if newline == "\n" { text } else { text.replace('\n', newline) };
    Ok((note.get(range.clone()) != Some(text.as_str())).then(|| TextEdit::new(range, text)))
}

/// Whether an offset lies in the block of a note, its marks included.
pub(super) fn is_in_block(note: &str, offset: usize) -> bool {
    Block::of(note).ok().flatten().is_some_and(|block| (block.whole.start..=block.whole.end).contains(&offset))
}

/// Which annotations a block has: those of any of the colours, with any of the tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Filter {
    colours: Vec<String>,
    /// Folded.
    tags: Vec<String>,
}

impl Filter {
    /// Reads what follows the name of a mark: `colour=yellow,#ff6666 tag="to do"`.
    fn of(options: &str) -> Filter {
        let mut filter = Filter::default();
        let mut rest = options.trim_start();
        while let Some((name, after)) = rest.split_once('=') {
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
            let values = value.split(',').map(str::trim).filter(|value| !value.is_empty());
            match name.trim().to_lowercase().as_str() {
                "color" | "colour" | "colors" | "colours" => filter.colours.extend(values.map(colour)),
                "tag" | "tags" => filter.tags.extend(values.map(fold)),
                _ => {}
            }
            rest = after.trim_start();
        }
        filter
    }

    fn lets_in(&self, annotation: &Annotation) -> bool {
        let has_tag = || annotation.tags.iter().any(|tag| self.tags.contains(&fold(tag)));
        (self.colours.is_empty() || self.colours.contains(&annotation.color.to_lowercase()))
            && (self.tags.is_empty() || has_tag())
    }
}

fn colour(name: &str) -> String {
    let name = name.to_lowercase();
    let known = COLOURS.binary_search_by_key(&name.as_str(), |(known, _)| known).ok();
    known.and_then(|at| COLOURS.get(at)).map_or(name, |(_, hex)| (*hex).to_owned())
}

/// An annotation as it is inserted.
struct Entry {
    key: String,
    /// Lines, each with its end, none of them blank.
    text: String,
}

/// The annotations of a paper that a block shows, in the order of the pages.
fn entries(holding: &Holding, filter: &Filter) -> Vec<Entry> {
    let chosen = holding.annotations.iter().filter(|annotation| filter.lets_in(annotation));
    chosen.filter_map(|annotation| Some(Entry { key: key_of(annotation)?, text: text_of(annotation) })).collect()
}

/// The key of an annotation, which stands in its address.
fn key_of(annotation: &Annotation) -> Option<String> {
    let (_, key) = annotation.url.rsplit_once("annotation=")?;
    (!key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| key.to_owned())
}

fn text_of(annotation: &Annotation) -> String {
    let marked = plain_text(&annotation.text);
    let marked = if marked.is_empty() { "*a picture*".to_owned() } else { escape_markdown(&marked) };
    let page = plain_text(&annotation.page);
    let page = if page.is_empty() { "open".to_owned() } else { format!("p. {}", escape_markdown(&page)) };
    let mut text = format!("> {marked}");
    match zotero_pdf_url(&annotation.url) {
        Some(url) => _ = write!(text, " [{page}]({url})"),
        None => _ = write!(text, " ({page})"),
    }
    text.push('\n');
    let comment = plain_text(&annotation.comment);
    if !comment.is_empty() {
        let _ = write!(text, ">\n> {}\n", escape_markdown(&comment));
    }
    if !annotation.tags.is_empty() {
        let tags: Vec<String> = annotation.tags.iter().map(|tag| escape_markdown(&plain_text(tag))).collect();
        let _ = write!(text, ">\n> tagged {}\n", tags.join(", "));
    }
    text
}

/// A block as it stands in a note. Line endings are those of Unix.
#[derive(Debug, Default)]
struct Block {
    /// The bytes of the note with its marks.
    whole: Range<usize>,
    /// The bytes between them.
    content: Range<usize>,
    filter: Filter,
    pieces: Vec<Piece>,
    /// The keys of what was inserted last time.
    inserted: HashSet<String>,
}

/// A part of a block.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// An annotation: its key, the digest of what was inserted, and the lines that stand there now.
    Entry { key: String, digest: String, text: String },
    /// What the user wrote.
    Own(String),
}

impl Block {
    /// The first block of a note. Marks in fenced code do not count.
    fn of(note: &str) -> Result<Option<Block>, AnnotationsProblem> {
        let mut begun: Option<(usize, Block)> = None;
        let mut fence: Option<String> = None;
        let mut start = 0;
        for (at, line) in note.split_inclusive('\n').enumerate() {
            let end = start + line.len();
            let text = line.trim();
            if let Some(open) = &fence {
                if text.starts_with(open.as_str()) && text.trim_start_matches(['`', '~']).is_empty() {
                    fence = None;
                }
            } else if text.starts_with("```") || text.starts_with("~~~") {
                let mark = text.chars().next().unwrap_or('`');
                fence = Some(text.chars().take_while(|letter| *letter == mark).collect());
            }
            let found = mark(text).filter(|_| fence.is_none());
            match (&mut begun, found) {
                (None, Some((BLOCK, options))) => {
                    let block =
                        Block { whole: start..end, content: end..end, filter: Filter::of(options), ..<_>::default() };
                    begun = Some((at + 1, block));
                }
                (Some((_, block)), Some((BLOCK_END, _))) => {
                    block.content.end = start;
                    block.whole.end = start + line.trim_end().len();
                    return Ok(begun.map(|(_, block)| block));
                }
                (Some((_, block)), found) => block.take(found, line),
                _ => {}
            }
            start = end;
        }
        begun.map_or(Ok(None), |(line, _)| Err(AnnotationsProblem::NoEnd { line }))
    }

    /// Takes a line of the block.
    fn take(&mut self, mark: Option<(&str, &str)>, line: &str) {
        match mark {
            Some((ENTRY, options)) => {
                let mut words = options.split_whitespace().map(str::to_owned);
                let (key, digest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                self.pieces.push(Piece::Entry { key, digest, text: String::new() });
                return;
            }
            Some((INSERTED, keys)) => {
                self.inserted.extend(keys.split_whitespace().map(str::to_owned));
                return;
            }
            _ => {}
        }
        let line = format!("{}\n", line.trim_end_matches(['\r', '\n']));
        match self.pieces.last_mut() {
            // An entry ends before the first blank line.
            Some(Piece::Entry { text, .. }) if !line.trim().is_empty() => text.push_str(&line),
            Some(Piece::Own(text)) => text.push_str(&line),
            _ => self.pieces.push(Piece::Own(line)),
        }
    }
}

/// The name of a mark and what follows it.
fn mark(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let (name, options) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    [BLOCK, BLOCK_END, ENTRY, INSERTED].into_iter().find(|known| *known == name).map(|name| (name, options))
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().as_str().get(..8).unwrap_or_default().to_owned()
}

/// The content of a block with what is wanted in it.
fn refreshed(block: &Block, wanted: &[Entry]) -> String {
    let by_key: HashMap<&str, &Entry> = wanted.iter().map(|entry| (entry.key.as_str(), entry)).collect();
    let standing = |piece: &Piece| match piece {
        Piece::Entry { key, .. } => Some(key.clone()),
        Piece::Own(_) => None,
    };
    let there: HashSet<String> = block.pieces.iter().filter_map(standing).collect();
    // What was inserted and is no longer there, the user has taken out.
    let is_new = |entry: &&Entry| !there.contains(&entry.key) && !block.inserted.contains(&entry.key);
    // New entries stand after the one that they follow on the pages.
    let mut following: HashMap<Option<&str>, Vec<&Entry>> = HashMap::new();
    let mut before = None;
    for entry in wanted {
        if there.contains(&entry.key) {
            before = Some(entry.key.as_str());
        } else if is_new(&entry) {
            following.entry(before).or_default().push(entry);
        }
    }
    let mut out = Out { text: "\n".to_owned() };
    let mut waiting = following.remove(&None).unwrap_or_default();
    let has_entries = !there.is_empty();
    for piece in &block.pieces {
        match piece {
            Piece::Own(text) => out.own(text),
            Piece::Entry { key, digest: inserted, text } => {
                waiting.drain(..).for_each(|entry| out.entry(&entry.key, &digest(&entry.text), &entry.text));
                out.standing(key, inserted, text, by_key.get(key.as_str()).copied());
                waiting = following.remove(&Some(key.as_str())).unwrap_or_default();
            }
        }
    }
    if !has_entries && !waiting.is_empty() {
        out.text.truncate(out.text.trim_end().len());
        out.text.push_str(if out.text.is_empty() { "\n" } else { "\n\n" });
    }
    waiting.drain(..).for_each(|entry| out.entry(&entry.key, &digest(&entry.text), &entry.text));
    let mut keys: Vec<&str> = wanted.iter().map(|entry| entry.key.as_str()).collect();
    keys.extend(block.inserted.iter().map(String::as_str).filter(|key| !by_key.contains_key(key)));
    keys.sort_unstable();
    out.blank_line();
    if !keys.is_empty() {
        let _ = writeln!(out.text, "<!-- {INSERTED} {} -->", keys.join(" "));
    }
    out.text
}

/// A content being written.
struct Out {
    text: String,
}

impl Out {
    fn blank_line(&mut self) {
        let breaks = if self.text.ends_with("\n\n") || self.text == "\n" {
            0
        } else {
            2 - usize::from(self.text.ends_with('\n'))
        };
        self.text.push_str("\n\n".get(..breaks).unwrap_or_default());
    }

    fn entry(&mut self, key: &str, digest: &str, text: &str) {
        self.blank_line();
        let _ = write!(self.text, "<!-- {ENTRY} {key} {digest} -->\n{text}");
    }

    fn own(&mut self, text: &str) {
        // The blank lines around entries are written with them.
        let own = text.trim_matches(['\n', '\r']);
        if !own.trim().is_empty() {
            self.blank_line();
            let _ = writeln!(self.text, "{own}");
        }
    }

    /// An entry that stands there, merged with what Zotero has now.
    fn standing(&mut self, key: &str, inserted: &str, text: &str, now: Option<&Entry>) {
        let is_touched = digest(text) != inserted;
        match now {
            // Both have changed: the user's stays, and what Zotero has now stands below it.
            Some(now) if is_touched && digest(&now.text) != inserted && now.text != text => {
                let both = if text.ends_with(&now.text) { text.to_owned() } else { format!("{text}{}", now.text) };
                self.entry(key, &digest(&now.text), &both);
            }
            _ if is_touched => self.entry(key, inserted, text),
            Some(now) => self.entry(key, &digest(&now.text), &now.text),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests;
