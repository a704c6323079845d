//! Listing pages: the plain text of a papers page.
//!
//! Furniture of the page first, then paper by paper a title, an abstract and, on some pages, a block
//! with the number of authors (or an organisation), the date and the number of comments. See
//! [`classify`] for single lines, [`parse`] for pages and [`split`] for telling titles from abstracts.

mod classify;
mod paragraph;
mod parse;
mod split;

#[cfg(test)]
mod tests;

use std::io::{self, SeekFrom};

use classify::{DOTS, Furniture, LineKind, classify};
use parse::{PageParser, PageYears};

use super::{Format, Found, Input, Reader};

/// The reader of listing pages.
pub(super) struct ListingPage;

impl Reader for ListingPage {
    fn format(&self) -> Format {
        Format::ListingPage
    }

    fn name(&self) -> &'static str {
        "listing page"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text", ""]
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        has_furniture(head) || has_block(head)
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        // The year of a page is known only at its end, so the years are gathered first.
        let years = written_years(input)?;
        input.seek(SeekFrom::Start(0))?;
        PageParser::new(Some(&years), sink).run(input).map(drop)
    }
}

/// The years written on each page of the file.
fn written_years(input: &mut dyn Input) -> io::Result<Vec<PageYears>> {
    input.seek(SeekFrom::Start(0))?;
    PageParser::new(None, &mut |_| true).run(input)
}

/// Whether the file begins as a page does: with a line nothing else has, or with two that rarely meet.
fn has_furniture(head: &[u8]) -> bool {
    let mut seen = Vec::new();
    let top = head.get(..2048).unwrap_or(head);
    for line in lines(top) {
        match classify(&line) {
            LineKind::Blank | LineKind::Date(_) => {}
            LineKind::Furniture(furniture) if furniture.is_unmistakable() => return true,
            LineKind::Furniture(furniture) if !seen.contains(&furniture) => seen.push(furniture),
            _ => break,
        }
    }
    let listing = |furniture| seen.contains(&furniture);
    seen.len() >= 2 && (listing(Furniture::DailyPapers) || (listing(Furniture::New) && listing(Furniture::Subscribe)))
}

/// Whether two paragraphs or more stand at the beginning and a complete block behind some of them.
fn has_block(head: &[u8]) -> bool {
    // Few files have a dot at all, and looking for its last byte is quick.
    if !DOTS.iter().filter_map(|dot| dot.as_bytes().last()).any(|byte| head.contains(byte)) {
        return false;
    }
    let lines: Vec<String> = lines(head).take(4000).collect();
    let kinds: Vec<LineKind> = lines.iter().map(|line| classify(line)).collect();
    let mut paragraphs = 0;
    for (index, window) in kinds.windows(4).enumerate() {
        let starts_paragraph = index == 0 || matches!(kinds.get(index - 1), Some(LineKind::Blank));
        if starts_paragraph && matches!(window, [LineKind::Text, ..]) {
            paragraphs += 1;
        }
        let is_block = match window {
            [LineKind::Blank, LineKind::Authors(_), LineKind::Dot, LineKind::Date(_)] => true,
            // An organisation is a short line of its own.
            [LineKind::Blank, LineKind::Text, LineKind::Dot, LineKind::Date(_)] => {
                lines.get(index + 1).is_some_and(|line| line.len() <= 120)
            }
            _ => false,
        };
        if is_block && paragraphs >= 2 {
            return true;
        }
    }
    false
}

/// The lines of the beginning of a file, without a byte order mark.
fn lines(head: &[u8]) -> impl Iterator<Item = String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    // A carriage return in front of a line feed gives an empty line more, except that CRLF is undone here.
    let text = String::from_utf8_lossy(head).replace("\r\n", "\n");
    text.split(['\n', '\r']).map(str::to_owned).collect::<Vec<_>>().into_iter()
}
