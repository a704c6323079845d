//! Where the parts of an entry stand, for an editor that changes one of them and nothing else.

use std::ops::Range;

use super::head::head;
use super::parse::{Part, parse};

/// The parts of an entry in which nothing is wrong. Its places are bytes since its `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BibtexEntry {
    /// The type, as it is written.
    pub kind: Range<usize>,
    /// The key.
    pub key: Range<usize>,
    /// The fields in their order.
    pub fields: Vec<BibtexField>,
}

/// A field of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BibtexField {
    /// The name, as it is written.
    pub name: Range<usize>,
    /// The value with what encloses it, in one piece or joined from several.
    pub value: Range<usize>,
    /// What stands between the braces or quotes of a value in one piece.
    pub inside: Option<Range<usize>>,
    /// Whether the value uses names of strings.
    pub has_names: bool,
}

impl BibtexEntry {
    /// The parts of the entry that a text is, from its `@` to the brace that closes it. `None` where anything is wrong with
    /// it: what cannot be read for sure is not to be changed.
    pub fn parse(text: &str) -> Option<BibtexEntry> {
        let head = head(text.as_bytes())?;
        let closing = if head.in_parentheses { ')' } else { '}' };
        if !text.starts_with('@') || !text.ends_with(closing) {
            return None;
        }
        let parsed = parse(text, true);
        if !parsed.faults.is_empty() || parsed.key.is_empty() {
            return None;
        }
        let fields = parsed.fields.iter().map(|field| BibtexField {
            name: field.at..field.at + field.name.len(),
            value: field.place.clone(),
            inside: inside(text, &field.place, field.value.parts()),
            has_names: field.value.parts().iter().any(|part| matches!(part, Part::Name(_))),
        });
        let fields: Vec<BibtexField> = fields.collect();
        let is_empty = |field: &BibtexField| field.value.is_empty();
        let kind = place_of(text, head.word)?;
        let key = place_of(text, parsed.key)?;
        // Of a field that is there twice one value counts, and changing it would leave the other.
        let mut names: Vec<String> = parsed.fields.iter().map(|field| field.name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        let repeats = names.windows(2).any(|pair| matches!(pair, [one, other] if one == other));
        (!repeats && !fields.iter().any(is_empty)).then_some(BibtexEntry { kind, key, fields })
    }
}

/// What stands between the braces or quotes of a value.
fn inside(text: &str, place: &Range<usize>, parts: &[Part<'_>]) -> Option<Range<usize>> {
    let &[Part::Text(_)] = parts else { return None };
    let value = text.get(place.clone())?;
    let is_enclosed =
        (value.starts_with('{') && value.ends_with('}')) || (value.starts_with('"') && value.ends_with('"'));
    (is_enclosed && value.len() >= 2).then(|| place.start + 1..place.end - 1)
}

/// Where a part of a text stands in it, recognised by its address.
fn place_of(text: &str, part: &str) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (text.get(start..start + part.len()) == Some(part)).then(|| start..start + part.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_parts_of_an_entry_stand_where_they_are_written() {
        let text = "@Article (k:1 ,\n title = {A {B}} , % c\n year=2020,\n x = \"q\" # jan, y = jan, z = \"\"\n)";
        let entry = BibtexEntry::parse(text).unwrap();
        assert_eq!((&text[entry.kind.clone()], &text[entry.key.clone()]), ("Article", "k:1"));
        let shown: Vec<(&str, &str, Option<&str>, bool)> = entry
            .fields
            .iter()
            .map(|it| {
                (&text[it.name.clone()], &text[it.value.clone()], it.inside.clone().map(|at| &text[at]), it.has_names)
            })
            .collect();
        let expected = [
            ("title", "{A {B}}", Some("A {B}"), false),
            ("year", "2020", None, false),
            ("x", "\"q\" # jan", None, true),
            ("y", "jan", None, true),
            ("z", "\"\"", Some(""), false),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_damaged_has_no_parts() {
        let damaged = [
            "@article{a, title = {A}",
            "@article{a, title = {A}, year = 2020 month = 5}",
            "@article{, title = {A}}",
            "@article{a, title = }",
            "@article{a, title {A}}",
            "@article{a, title = \"A}",
            "article{a}",
            "@misc{a, note = {x}, Note = {y}}",
            "",
        ];
        for text in damaged {
            assert_eq!(BibtexEntry::parse(text), None, "{text}");
        }
        assert!(BibtexEntry::parse("@misc{a}").is_some_and(|entry| entry.fields.is_empty()));
    }
}
