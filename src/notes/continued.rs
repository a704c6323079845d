//! Paragraphs that Markdown by itself takes for indented code, unlike pandoc, GitHub and others: what goes on
//! in a footnote, a definition, an item of an example or lettered list, or an admonition.

use std::ops::Range;

/// How far such a paragraph is indented, in columns.
const INDENT: usize = 4;

/// Whether the indented block that begins at `start` of `text` goes on with something that its indentation belongs to.
///
/// What is above it decides: the nearest paragraph that is not indented begins with the sign of a footnote, of a
/// definition, of such an item or of an admonition. At most 64 kB above the block are looked at.
pub(super) fn continues(text: &str, start: usize) -> bool {
    const MAX_BYTES: usize = 64 * 1024;
    let mut above = text.get(..start).unwrap_or_default();
    if above.len() > MAX_BYTES {
        let mut cut = above.len() - MAX_BYTES;
        while !above.is_char_boundary(cut) {
            cut += 1;
        }
        above = above.get(cut..).unwrap_or_default();
    }
    let above = above.replace("\r\n", "\n").replace('\r', "\n");
    let mut first_line: Option<&str> = None;
    // The beginning of the block's own line is no line above it.
    for line in above.split('\n').rev().skip(1) {
        let is_blank = line.trim().is_empty();
        match first_line {
            Some(first) if is_blank => return is_owner(first),
            None if is_blank || indent(line) >= INDENT => {}
            _ => first_line = Some(line),
        }
    }
    first_line.is_some_and(is_owner)
}

/// The text of such a block without its indentation: its pieces of `text`, line by line.
pub(super) fn pieces(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut at = range.start;
    for line in text.get(range).unwrap_or_default().split_inclusive(['\n', '\r']) {
        let mut columns = 0;
        let strip = line
            .bytes()
            .take_while(|byte| {
                let width = match byte {
                    b' ' => 1,
                    b'\t' => INDENT - columns % INDENT,
                    _ => return false,
                };
                columns += width;
                columns <= INDENT
            })
            .count();
        pieces.push(at + strip..at + line.len());
        at += line.len();
    }
    pieces
}

fn indent(line: &str) -> usize {
    let mut columns = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += INDENT - columns % INDENT,
            _ => break,
        }
    }
    columns
}

/// Whether what a line begins may go on in indented paragraphs.
fn is_owner(line: &str) -> bool {
    let line = line.trim_start_matches(' ');
    let is_space = |text: &str| text.starts_with([' ', '\t']);
    if let Some(rest) = line.strip_prefix("[^") {
        return rest.split_once("]:").is_some_and(|(label, _)| !label.is_empty() && !label.contains(['[', ']', ' ']));
    }
    if let Some(rest) = line.strip_prefix([':', '~']) {
        return is_space(rest);
    }
    if ["!!! ", "??? ", "???+ ", "=== "].iter().any(|sign| line.starts_with(sign)) {
        return true;
    }
    if let Some(rest) = line.strip_prefix("(@") {
        return rest.split_once(')').is_some_and(|(label, rest)| {
            is_space(rest) && label.chars().all(|c| c.is_alphanumeric() || "_-".contains(c))
        });
    }
    let marker = line.strip_prefix('(').unwrap_or(line);
    let end = marker.find(['.', ')']).unwrap_or(0);
    let (number, rest) = marker.split_at(end);
    let is_letter = number.len() == 1 && number.starts_with(|c: char| c.is_ascii_alphabetic() || c == '#');
    let is_roman =
        !number.is_empty() && number.len() <= 8 && number.to_lowercase().chars().all(|c| "ivxlcdm".contains(c));
    let is_decimal =
        marker.len() < line.len() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_letter || is_roman || is_decimal) && rest.get(1..).is_some_and(is_space)
}
