//! The marked block of a note that holds its reference list, and the edit that puts a list there.
//!
//! ```text
//! <!-- ibid:references style=ieee -->
//!
//! 1. …
//!
//! <!-- /ibid:references -->
//! ```
//!
//! Each marker stands on a line of its own. Markers in fenced or indented code do not count.

use std::fmt::Write as _;
use std::ops::Range;

/// The block of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencesBlock {
    /// The bytes between the lines of the markers.
    pub content: Range<usize>,
    /// The whole block, the markers included.
    pub range: Range<usize>,
    /// The style that the opening marker names.
    pub style: Option<String>,
}

/// An edit of a note: the bytes to replace, and what to put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencesEdit {
    /// The bytes of the note to replace; empty for an insertion.
    pub range: Range<usize>,
    /// The new text, with the line endings of the note.
    pub text: String,
}

/// Why a list cannot be put into a note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlockProblem {
    /// The block has a beginning and no end. The line counts from 1.
    #[error("the reference list that begins in line {line} has no end; add a line `<!-- /ibid:references -->`")]
    NoEnd {
        /// The line of the opening marker.
        line: usize,
    },
    /// The note ends within code, where a new block would not be one. The line counts from 1.
    #[error("the code that begins in line {line} has no end; close it, so that a reference list can follow")]
    OpenCode {
        /// The line of the fence.
        line: usize,
    },
}

/// The first complete block of a note, `None` where there is no block at all.
pub fn references_block(note: &str) -> Result<Option<ReferencesBlock>, BlockProblem> {
    let scan = Scan::of(note);
    match (scan.block, scan.opened) {
        (Some(block), _) => Ok(Some(block)),
        (None, Some(opening)) => Err(BlockProblem::NoEnd { line: opening.line }),
        (None, None) => Ok(None),
    }
}

/// The edit that makes a note show this list (lines of Markdown, see [`super::ReferenceList`]): the content of its
/// block is replaced, and a note without a block gets one at its end, under the heading `References`. `None` where
/// the note shows the list already.
///
/// `style` is written into the marker of a new block, so that refreshing keeps it.
pub fn references_block_edit(
    note: &str,
    list: &str,
    style: Option<&str>,
) -> Result<Option<ReferencesEdit>, BlockProblem> {
    let newline = if note.contains("\r\n") { "\r\n" } else { "\n" };
    let list: Vec<&str> = list.lines().collect();
    let list = list.join(newline);
    let content = match list.trim() {
        "" => newline.to_owned(),
        list => format!("{newline}{list}{newline}{newline}"),
    };
    let edit = match references_block(note)? {
        Some(block) => ReferencesEdit { range: block.content, text: content },
        None => ReferencesEdit { range: note.len()..note.len(), text: new_block(note, &content, style, newline)? },
    };
    let is_there = note.get(edit.range.clone()) == Some(edit.text.as_str());
    Ok((!is_there).then_some(edit))
}

/// A new block with what has to stand before it at the end of the note.
fn new_block(note: &str, content: &str, style: Option<&str>, newline: &str) -> Result<String, BlockProblem> {
    if let Some(fence) = Scan::of(note).fence {
        return Err(BlockProblem::OpenCode { line: fence.line });
    }
    let last_line = note.trim_end().lines().next_back().unwrap_or_default();
    let has_heading = ["references", "bibliography"].contains(&heading(last_line).to_lowercase().as_str());
    let is_fit = |style: &&str| !style.is_empty() && style.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
    let style = style.filter(is_fit).filter(|style| !style.contains("--"));
    let style = style.map(|style| format!(" style={style}")).unwrap_or_default();
    let mut text = String::new();
    if !note.trim().is_empty() {
        let has_blank_line = note.ends_with("\n\n") || note.ends_with("\n\r\n");
        let breaks = if has_blank_line { 0 } else { 2 - usize::from(note.ends_with('\n')) };
        text.push_str(&newline.repeat(breaks));
    }
    if !has_heading {
        let _ = write!(text, "## References{newline}{newline}");
    }
    let _ = write!(text, "<!-- {MARKER}{style} -->{newline}{content}<!-- /{MARKER} -->{newline}");
    Ok(text)
}

const MARKER: &str = "ibid:references";

/// The text of an ATX heading, or nothing.
fn heading(line: &str) -> &str {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let is_heading = (1..=6).contains(&level) && text.starts_with([' ', '\t']);
    if is_heading { text.trim().trim_end_matches('#').trim_end() } else { "" }
}

/// An opening marker or fence.
#[derive(Debug, Clone)]
struct Opening {
    /// Counted from 1.
    line: usize,
    start: usize,
    /// After the line and its ending.
    end: usize,
    style: Option<String>,
}

/// A fence of code that is still open.
#[derive(Debug, Clone)]
struct Fence {
    line: usize,
    letter: char,
    length: usize,
}

/// What one pass over the lines finds.
#[derive(Debug, Default)]
struct Scan {
    block: Option<ReferencesBlock>,
    /// The first opening marker, and the last one, which is the one that a closing marker closes.
    opened: Option<Opening>,
    last_opened: Option<Opening>,
    fence: Option<Fence>,
}

impl Scan {
    fn of(note: &str) -> Scan {
        let mut scan = Scan::default();
        let mut start = 0;
        for (at, line) in note.split_inclusive('\n').enumerate() {
            scan.line(line, at + 1, start);
            start += line.len();
        }
        scan
    }

    fn line(&mut self, line: &str, number: usize, start: usize) {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        let text = text.trim_end();
        if indent > 3 {
            return;
        }
        if let Some(fence) = &self.fence {
            let length = text.chars().take_while(|letter| *letter == fence.letter).count();
            if length >= fence.length && text.chars().count() == length {
                self.fence = None;
            }
            return;
        }
        self.fence = opened_fence(text, number);
        match marker(text) {
            Some(Marker::Open(style)) => {
                let opening = Opening { line: number, start, end: start + line.len(), style };
                self.opened.get_or_insert(opening.clone());
                self.last_opened = Some(opening);
            }
            Some(Marker::Close) if self.block.is_none() => {
                self.block = self.last_opened.take().map(|opening| ReferencesBlock {
                    content: opening.end..start,
                    range: opening.start..start + indent + text.len(),
                    style: opening.style,
                });
            }
            _ => {}
        }
    }
}

fn opened_fence(text: &str, line: usize) -> Option<Fence> {
    let letter = text.chars().next().filter(|letter| matches!(letter, '`' | '~'))?;
    let length = text.chars().take_while(|other| *other == letter).count();
    let info_is_fine = letter == '~' || !text.get(length..)?.contains('`');
    (length >= 3 && info_is_fine).then_some(Fence { line, letter, length })
}

enum Marker {
    Open(Option<String>),
    Close,
}

fn marker(text: &str) -> Option<Marker> {
    let inner = text.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let mut words = inner.split_whitespace();
    match words.next()? {
        "/ibid:references" => Some(Marker::Close),
        MARKER => {
            let style = words.find_map(|word| word.strip_prefix("style="));
            let style = style.map(|style| style.trim_matches(['"', '\''])).filter(|style| !style.is_empty());
            Some(Marker::Open(style.map(str::to_owned)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
