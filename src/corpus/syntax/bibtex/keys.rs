//! Where the keys of a file stand, for an editor that renames one.

use std::io::Cursor;
use std::ops::Range;

use super::bibtex_key_range;
use super::parse::{Part, parse};
use super::split::{Kind, Splitter};

/// Fields that name other entries by their keys, or other keys of their own entry.
const REFERRING_FIELDS: [&str; 6] = ["crossref", "xref", "xdata", "related", "entryset", "ids"];

/// One place where a key is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BibtexKey {
    /// The key.
    pub key: String,
    /// The bytes of the file that spell it.
    pub range: Range<usize>,
    /// The bytes of the whole entry.
    pub entry: Range<usize>,
    /// Whether it is the entry's own key; otherwise one of its fields, such as `crossref`, names it.
    pub is_own: bool,
}

/// All keys in the text of a file, in the order of the entries, an entry's own before those its fields name.
pub fn bibtex_keys(text: &str) -> Vec<BibtexKey> {
    let mut keys = Vec::new();
    let mut input = Cursor::new(text.as_bytes());
    let Ok(mut splitter) = Splitter::new(&mut input) else { return keys };
    while let Ok(Some(block)) = splitter.next_block() {
        let Ok(start) = usize::try_from(block.span.start) else { break };
        let entry = start..start + block.bytes.len();
        let is_closed = block.kind == Kind::Closed;
        if (is_closed || block.kind == Kind::Unclosed)
            && let Some(entry_text) = text.get(entry.clone())
        {
            keys_of_entry(entry_text, is_closed, &entry, &mut keys);
        }
    }
    keys
}

fn keys_of_entry(text: &str, is_closed: bool, entry: &Range<usize>, keys: &mut Vec<BibtexKey>) {
    let mut add = |range: Range<usize>, is_own: bool| {
        if let Some(key) = text.get(range.clone()).filter(|key| !key.is_empty()) {
            let range = entry.start + range.start..entry.start + range.end;
            keys.push(BibtexKey { key: key.to_owned(), range, entry: entry.clone(), is_own });
        }
    };
    if let Some(own) = bibtex_key_range(text) {
        add(own, true);
    }
    let parsed = parse(text, is_closed);
    let referring = |name: &str| REFERRING_FIELDS.iter().any(|known| known.eq_ignore_ascii_case(name));
    for field in parsed.fields.iter().filter(|field| referring(field.name)) {
        // What is joined from several parts spells no key that could be replaced in one piece.
        let &[Part::Text(value) | Part::Name(value)] = field.value.parts() else { continue };
        // The value is a part of the text, so that its place is recognised by its address.
        let Some(start) = value.as_ptr().addr().checked_sub(text.as_ptr().addr()) else { continue };
        let mut at = start;
        for item in value.split(',') {
            let key = item.trim();
            let key_start = at + (item.len() - item.trim_start().len());
            add(key_start..key_start + key.len(), false);
            at += item.len() + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_where_they_are_written() {
        let text = "% é\n@book{ whole ,\n title = {A}}\n@string{x = {whole}}\n@inbook{part,\n crossref = \"whole\",\n \
                    xdata = {one, whole ,é},\n ids = other,\n note = {whole}}\n@xdata{one, year = 2020\n";
        let shown: Vec<(&str, bool)> = bibtex_keys(text)
            .iter()
            .map(|it| {
                assert_eq!(&text[it.range.clone()], it.key);
                assert!(text[it.entry.clone()].starts_with('@'));
                (&text[it.range.clone()], it.is_own)
            })
            .collect();
        let expected = [
            ("whole", true),
            ("part", true),
            ("whole", false),
            ("one", false),
            ("whole", false),
            ("é", false),
            ("other", false),
            ("one", true),
        ];
        assert_eq!(shown, expected);
        assert_eq!(bibtex_keys("no entry @ {"), []);
    }
}
