//! The references that a note lists at its end, written as prose.

use std::ops::Range;

use super::evidence::{Collection, is_title_in};
use crate::corpus::read_reference;
use crate::library::Papers;
use crate::paper::Record;

/// Headings under which references stand, in lower case.
const HEADINGS: [&str; 13] = [
    "bibliografie",
    "bibliografía",
    "bibliographie",
    "bibliography",
    "further reading",
    "literatur",
    "literature",
    "literature cited",
    "reference list",
    "references",
    "références",
    "works cited",
    "参考文献",
];

/// The references of a note: the bytes of each, without the marker of its list.
pub fn listed_references(note: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    // The level of the heading below which references stand.
    let mut section: Option<usize> = None;
    let mut is_open = false;
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for line in note.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let text = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| text.starts_with(mark));
        if mark.is_some() || fence.is_some() {
            fence = if fence.is_none() { mark } else { fence.filter(|open| mark != Some(*open)) };
            is_open = false;
            continue;
        }
        if let Some((level, heading)) = heading(text) {
            if is_reference_heading(heading) {
                section = Some(level);
            } else if section.is_some_and(|own| level <= own) {
                section = None;
            }
            is_open = false;
            continue;
        }
        if section.is_none() || text.is_empty() || text.starts_with("<!--") {
            is_open = false;
            continue;
        }
        let marker = marker_length(text);
        let begin = at + (line.len() - line.trim_start().len());
        if marker.is_some() || !is_open {
            found.push(begin + marker.unwrap_or_default()..begin + text.len());
            is_open = true;
        } else if let Some(last) = found.last_mut() {
            last.end = begin + text.len();
        }
    }
    found.retain(|range| !range.is_empty());
    found
}

/// Reads one of the references that a note lists; titles of these papers are recognised wherever they stand in it.
pub fn read_listed_reference(text: &str, known: &[&dyn Papers]) -> Option<Record> {
    let collections: Vec<Collection<'_>> =
        known.iter().map(|library| Collection { library: *library, is_excluded: &|_| false }).collect();
    read_reference(text, &|title| is_title_in(&collections, title))
}

/// The level and the text of a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    if (1..=6).contains(&level) && text.starts_with([' ', '\t']) {
        return Some((level, text.trim().trim_end_matches('#').trim_end()));
    }
    let bold = line.strip_prefix("**")?.strip_suffix("**")?.trim_end_matches(':');
    is_reference_heading(bold).then_some((6, bold))
}

fn is_reference_heading(text: &str) -> bool {
    let bare = text
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '*'))
        .trim_end_matches([':', '*']);
    HEADINGS.contains(&bare.to_lowercase().as_str())
}

/// The bytes of what marks an item of a list: `- `, `1. `, `[1] `, `[^1]: `.
fn marker_length(text: &str) -> Option<usize> {
    let with_space = |marker: &str| {
        let rest = text.get(marker.len()..)?;
        (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| text.len() - rest.trim_start().len())
    };
    if let Some(bullet) = text.get(..1).filter(|it| matches!(*it, "-" | "*" | "+")) {
        return with_space(bullet);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=4).contains(&digits) && text.get(digits..=digits).is_some_and(|mark| matches!(mark, "." | ")")) {
        return with_space(text.get(..=digits)?);
    }
    let inside = text.strip_prefix('[')?;
    let end = inside.find(']').filter(|end| *end <= 12)?;
    let label = inside.get(..end)?;
    let colon = usize::from(inside.get(end + 1..).is_some_and(|rest| rest.starts_with(':')));
    (label.starts_with('^') || label.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| with_space(text.get(..end + 2 + colon)?))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_below_their_heading() {
        let note = "# Note\n\n- no reference\n\n## References\n\n1. Gull, A. (2020). One.\n   It goes on.\n2. Two.\n[3] Three.\n\nFour\ngoes on.\n```\ncode\n```\n[^5]: Five.\n\n## Other\n\n- none\n";
        let texts: Vec<&str> = listed_references(note).into_iter().filter_map(|range| note.get(range)).collect();
        assert_eq!(texts, ["Gull, A. (2020). One.\n   It goes on.", "Two.", "Three.", "Four\ngoes on.", "Five."]);
        assert!(listed_references("References\n- none\n").is_empty());
        assert!(HEADINGS.is_sorted());
    }
}
