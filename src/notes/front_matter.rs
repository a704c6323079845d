//! The fields of a front matter: those that are Markdown and cite, `abstract` and `nocite`, as pandoc and Quarto read them,
//! and those whose value is a plain text.

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

/// A field at the top of a front matter whose value is a plain or quoted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatterField<'t> {
    /// The name as it is written, without quotes.
    pub name: &'t str,
    /// The value without quotes and comment.
    pub value: &'t str,
    /// The first byte of the value in the front matter.
    pub value_start: usize,
    /// The line in the front matter, without white space at its end.
    pub line: Range<usize>,
}

/// The lines `key: value`, or `key = "value"` in TOML, of a front matter with its fences.
pub fn front_matter_fields(front_matter: &str) -> impl Iterator<Item = FrontMatterField<'_>> {
    let separator = if front_matter.trim_start().starts_with("+++") { '=' } else { ':' };
    let place = move |part: &str| part.as_ptr().addr() - front_matter.as_ptr().addr();
    front_matter.split(['\n', '\r']).filter_map(move |line| {
        let is_top_level = line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\''));
        let (name, value) = line.split_once(separator).filter(|_| is_top_level)?;
        // In quotes any text is a plain value.
        let is_plain = !value.trim_start().starts_with(['[', '{', '|', '>', '&', '!']);
        let (name, value) = (unquoted(name.trim()), unquoted(without_comment(value.trim())));
        let line = place(line)..place(line) + line.trim_end().len();
        (!value.is_empty() && is_plain).then(|| FrontMatterField { name, value, value_start: place(value), line })
    })
}

fn without_comment(value: &str) -> &str {
    if value.starts_with(['"', '\'']) { value } else { value.split(" #").next().unwrap_or(value).trim_end() }
}

fn unquoted(text: &str) -> &str {
    let quoted = ['"', '\''].into_iter().find_map(|quote| {
        let inner = text.strip_prefix(quote)?;
        inner.find(quote).and_then(|end| inner.get(..end))
    });
    quoted.unwrap_or(text).trim()
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
