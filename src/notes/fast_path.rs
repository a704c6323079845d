//! The citations of notes whose blocks are plain to see, without the block grammar, which costs most of the time.
//!
//! Any doubt means that the grammar has to look. What is read here is read as the grammar would have it: a property
//! test holds the two together.

use std::ops::Range;

use super::address::may_hold_citation;
use super::citation::Citation;
use super::{front_matter, inline};

/// The citations of a note and its front matter, as a full parse would give them; `None` where only that can tell.
pub(super) fn read(text: &str) -> Option<(Vec<Citation>, Option<Range<usize>>)> {
    let front_matter = self::front_matter_of(text)?;
    let start = front_matter.as_ref().map_or(0, |range| range.end);
    let body = text.get(start..)?;
    let of_front_matter = front_matter.as_ref().map(|range| front_matter::citations(text, range)).unwrap_or_default();
    if !may_hold_citation(body) {
        return Some((of_front_matter, front_matter));
    }
    if body.contains("$$") || body.contains('\0') {
        return None;
    }
    let mut blocks = Blocks { text, citations: of_front_matter, paragraph: None, has_several: false };
    let mut fence: Option<Fence> = None;
    let mut at = start;
    for line in body.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if content.contains('\r') {
            return None;
        }
        if let Some(open) = fence {
            if open.is_closed_by(content) {
                fence = None;
            }
        } else if let Some(open) = Fence::opened_by(content) {
            blocks.end()?;
            fence = Some(open);
        } else {
            blocks.line(content, at)?;
        }
        at += line.len();
    }
    blocks.end()?;
    Some((blocks.citations, front_matter))
}

/// The front matter that the text begins with; the outer `None` means doubt.
#[expect(clippy::option_option, reason = "doubt is no answer, and no front matter is one")]
fn front_matter_of(text: &str) -> Option<Option<Range<usize>>> {
    let fence = ["---", "+++"].into_iter().find(|fence| text.starts_with(fence));
    let Some(fence) = fence else {
        let is_doubtful = text.starts_with([' ', '\t', '\u{feff}', '\n', '\r']);
        return if is_doubtful { None } else { Some(None) };
    };
    let rest = text.get(3..)?.strip_prefix('\n')?;
    let mut end = 4;
    for line in rest.split_inclusive('\n') {
        end += line.len();
        if line.strip_suffix('\n') == Some(fence) {
            return Some(Some(0..end));
        }
        let is_plain = !line.trim_end().is_empty() && !line.contains(['\r', '\0']) && !line.starts_with(fence);
        if !is_plain {
            return None;
        }
    }
    None
}

/// Fenced code outside of quotes and lists.
#[derive(Clone, Copy)]
struct Fence {
    byte: u8,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Fence> {
        let byte = *line.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
        let length = run(line, byte);
        let info = line.get(length..)?;
        (length >= 3 && !info.contains(['`', '~'])).then_some(Fence { byte, length })
    }

    fn is_closed_by(self, line: &str) -> bool {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let line = line.get(indent..).unwrap_or_default();
        let length = run(line, self.byte);
        indent <= 3 && length >= self.length && line.get(length..).is_some_and(|rest| rest.trim().is_empty())
    }
}

/// The length of the run of `byte` that a line begins with.
fn run(line: &str, byte: u8) -> usize {
    line.bytes().take_while(|&other| other == byte).count()
}

/// What stands outside of code.
struct Blocks<'a> {
    text: &'a str,
    citations: Vec<Citation>,
    /// The lines since the last blank one that may belong to one paragraph.
    paragraph: Option<Range<usize>>,
    /// Whether these lines may belong to several blocks.
    has_several: bool,
}

impl Blocks<'_> {
    /// Takes the next line; `None` where it raises doubt.
    fn line(&mut self, line: &str, at: usize) -> Option<()> {
        if line.trim().is_empty() {
            // White space that is not blank to the grammar is doubtful.
            return if line.trim_matches([' ', '\t']).is_empty() { self.end() } else { None };
        }
        let (content, is_block) = content(line)?;
        self.has_several |= is_block;
        let end = at + line.len();
        let start = end - content.len();
        self.paragraph = Some(match self.paragraph.take() {
            // What leads a further line away is no part of the paragraph: it may be the sign of a block of its own.
            Some(paragraph) if !is_block && content.len() == line.len() => paragraph.start..end,
            Some(paragraph) => {
                self.has_several = true;
                self.flush(paragraph)?;
                start..end
            }
            None => start..end,
        });
        if is_block && line.starts_with('#') {
            let heading = self.paragraph.take()?;
            self.flush(heading)?;
        }
        Some(())
    }

    /// Ends the paragraph.
    fn end(&mut self) -> Option<()> {
        if let Some(paragraph) = self.paragraph.take() {
            self.flush(paragraph)?;
        }
        self.has_several = false;
        Some(())
    }

    /// Reads lines that stand together. Where they may be parts of a larger whole, nothing in them may reach beyond.
    fn flush(&mut self, range: Range<usize>) -> Option<()> {
        let text = self.text.get(range.clone())?;
        if self.has_several && reaches_over_lines(text) {
            return None;
        }
        if may_hold_citation(text) {
            let found = inline::scan(text, 0).citations;
            self.citations.extend(found.into_iter().map(|citation| citation.placed(|offset| range.start + offset)));
        }
        Some(())
    }
}

/// What of a line is text, and whether the line begins a block of its own; `None` where that is in doubt.
fn content(line: &str) -> Option<(&str, bool)> {
    let hashes = run(line, b'#');
    if hashes > 0 {
        let text = line.get(hashes..)?;
        return if hashes <= 6 && text.starts_with(' ') { plain(text.trim_start()).map(|it| (it, true)) } else { None };
    }
    let indent = run(line, b' ');
    let rest = line.get(indent..)?;
    let marker = match rest.as_bytes().first()? {
        b'-' | b'*' | b'+' => 1,
        b'0'..=b'9' => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if matches!(rest.as_bytes().get(digits), Some(b'.' | b')')) { digits + 1 } else { 0 }
        }
        _ => 0,
    };
    let after = rest.get(marker..)?;
    if marker > 0 && after.starts_with(' ') {
        // Deeper items may be code, and so may what stands far after the marker.
        let text = after.trim_start_matches(' ');
        return if indent <= 3 && after.len() - text.len() <= 2 { plain(text).map(|it| (it, true)) } else { None };
    }
    if indent > 0 || (marker > 0 && after.is_empty()) {
        return None;
    }
    if rest.bytes().all(|byte| byte == b'-') && rest.len() >= 3 {
        // A thematic break or the line under a heading.
        return Some(("", true));
    }
    plain(rest).map(|it| (it, false))
}

/// The text, if it cannot be the beginning of a block, and of no table.
fn plain(text: &str) -> Option<&str> {
    let first = text.as_bytes().first()?;
    let is_marker = first.is_ascii_digit() && {
        let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
        after.starts_with(['.', ')']) && (after.len() == 1 || after[1..].starts_with([' ', '\t']))
    };
    let may_begin_block = matches!(first, b'#' | b'>' | b'+' | b'=' | b'<' | b'~' | b'|' | b':' | b' ' | b'\t')
        || (matches!(first, b'-' | b'*' | b'_') && !text.bytes().any(|byte| byte.is_ascii_alphanumeric()))
        || (matches!(first, b'-' | b'*') && matches!(text.as_bytes().get(1), Some(b' ' | b'\t') | None))
        || text.starts_with("```")
        || (*first == b'['
            && (text.contains("]:") || text.contains('\\') || text.starts_with("[ ]") || text.starts_with("[x]")));
    let may_be_table = text.contains('|') && text.bytes().all(|byte| b"|:- \t".contains(&byte));
    (!is_marker && !may_begin_block && !may_be_table && !text.contains("<!")).then_some(text)
}

/// Whether anything in a text may go on after its end: brackets, code, HTML or formulas without their own end.
fn reaches_over_lines(text: &str) -> bool {
    let count = |wanted: char| text.matches(wanted).count();
    count('[') != count(']') || count('`') % 2 == 1 || text.contains(['<', '\\']) || text.contains("``")
}
