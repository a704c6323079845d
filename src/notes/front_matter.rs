//! The fields of a front matter that are Markdown and cite: `abstract` and `nocite`, as pandoc and Quarto read them.

use std::ops::Range;

use super::address::may_hold_citation;
use super::citation::Citation;
use super::inline;

/// Fields whose text is read.
const FIELDS: [&str; 2] = ["abstract", "nocite"];

/// The citations in the front matter that stands at `range`, with its fences; none in TOML.
pub(super) fn citations(text: &str, range: &Range<usize>) -> Vec<Citation> {
    let Some(source) = text.get(range.clone()).filter(|source| source.starts_with("---")) else { return Vec::new() };
    if !may_hold_citation(source) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for value in values(source) {
        let start = range.start + value.start;
        let citations = inline::scan(source.get(value).unwrap_or_default(), 0).citations;
        found.extend(citations.into_iter().map(|citation| citation.placed(|offset| start + offset)));
    }
    found
}

/// Whether an offset of a text lies in the value of such a field of its front matter.
pub(super) fn is_in_value(text: &str, offset: usize) -> bool {
    text.starts_with("---") && values(text).any(|value| value.contains(&offset) || value.end == offset)
}

/// Where the values of the fields stand: the rest of the field's line and the indented and blank lines below it.
fn values(source: &str) -> impl Iterator<Item = Range<usize>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive(['\n', '\r']) {
        lines.push(at..at + line.len());
        at += line.len();
    }
    let line_at = move |range: &Range<usize>| source.get(range.clone()).unwrap_or_default();
    let mut next = 0;
    std::iter::from_fn(move || {
        while let Some(range) = lines.get(next) {
            next += 1;
            let line = line_at(range);
            if range.start > 0 && line.trim_end() == "---" {
                return None;
            }
            let Some((_, rest)) = line.split_once(':').filter(|(name, _)| FIELDS.contains(name)) else { continue };
            let start = range.end - rest.len();
            let mut end = range.end;
            while let Some(more) = lines.get(next).filter(|more| {
                let line = line_at(more);
                line.trim().is_empty() || line.starts_with([' ', '\t', '-']) && !line.starts_with("---")
            }) {
                end = more.end;
                next += 1;
            }
            return Some(start..end);
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_with_the_front_matter() {
        let text = "---\nnocite: |\n  @a\ntitle: T\n---\n```\nabstract: @b\n```\n";
        let is_in = |needle: &str| text.find(needle).is_some_and(|at| is_in_value(text, at));
        assert!(is_in("@a"));
        assert!(!is_in("T\n") && !is_in("@b"));
        assert!(!is_in_value("nocite: @a", 9));
    }
}
