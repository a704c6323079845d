//! Whether a file begins as a listing page does.

use super::line::{DOTS, Furniture, LineKind, classify};

/// How much of the beginning is searched for the furniture of a page, in bytes.
const FURNITURE_REACH_BYTES: usize = 2048;

/// How many lines are searched for a block.
const MAX_LINES: usize = 4000;

/// How long the line may be that stands in a block in place of the number of authors, in bytes.
const MAX_LABEL_BYTES: usize = 120;

/// Whether a file that begins with `head` is a listing page: by its furniture or by a block.
pub(in crate::corpus) fn begins_as_page(head: &[u8]) -> bool {
    has_furniture(head) || has_block(head)
}

/// Whether the file begins with a line nothing else has, or with two that rarely meet.
fn has_furniture(head: &[u8]) -> bool {
    let mut seen = Vec::new();
    let top = head.get(..FURNITURE_REACH_BYTES).unwrap_or(head);
    for line in lines(&text_of(top)) {
        match classify(line) {
            LineKind::Blank | LineKind::Date(_) => {}
            LineKind::Furniture(furniture) if furniture.is_unmistakable() => return true,
            LineKind::Furniture(furniture) if !seen.contains(&furniture) => seen.push(furniture),
            _ => break,
        }
    }
    let has = |furniture| seen.contains(&furniture);
    seen.len() >= 2 && (has(Furniture::DailyPapers) || (has(Furniture::New) && has(Furniture::Subscribe)))
}

/// Whether two paragraphs or more stand at the beginning and a complete block after some of them.
fn has_block(head: &[u8]) -> bool {
    // Few files have a dot at all, and looking for its last byte is quick.
    if !DOTS.iter().filter_map(|dot| dot.as_bytes().last()).any(|byte| head.contains(byte)) {
        return false;
    }
    let text = text_of(head);
    let lines: Vec<&str> = lines(&text).take(MAX_LINES).collect();
    let kinds: Vec<LineKind> = lines.iter().map(|line| classify(line)).collect();
    let mut paragraphs = 0;
    for (index, window) in kinds.windows(4).enumerate() {
        let starts_paragraph = index == 0 || matches!(kinds.get(index - 1), Some(LineKind::Blank));
        if starts_paragraph && matches!(window, [LineKind::Text, ..]) {
            paragraphs += 1;
        }
        let is_block = match window {
            [LineKind::Blank, LineKind::Authors(_), LineKind::Dot, LineKind::Date(_)] => true,
            [LineKind::Blank, LineKind::Text, LineKind::Dot, LineKind::Date(_)] => {
                lines.get(index + 1).is_some_and(|line| line.len() <= MAX_LABEL_BYTES)
            }
            _ => false,
        };
        if is_block && paragraphs >= 2 {
            return true;
        }
    }
    false
}

/// The beginning of a file, without a byte order mark; the last character may be cut.
fn text_of(head: &[u8]) -> String {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    String::from_utf8_lossy(head).replace("\r\n", "\n")
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r'])
}
