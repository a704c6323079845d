//! What to write between the brackets so that it means one paper.

use std::sync::Arc;

use crate::library::data::record::{CitationText, RecordHead};
use crate::library::data::resolution::{Aliases, Resolution};
use crate::library::query::snapshot::LibrarySnapshot;
use crate::paper::{Name, Record, Tier, group, is_invisible};

impl LibrarySnapshot {
    /// See [`Papers::citation_text`](crate::library::Papers::citation_text).
    pub fn citation_text(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<CitationText> {
        // The user's own names may take a name away from the paper; the others do not matter here.
        let is_taken = |name: &Name| aliases.get(&writable(&name.text)).is_some();
        if aliases.is_empty() || !head.names().iter().any(is_taken) {
            let means = |text: &str| self.means(text, head, &Aliases::default());
            return head.citation.get_or_init(|| shortest_name(head, means)).clone();
        }
        shortest_name(head, |text| self.means(text, head, aliases))
    }

    /// See [`Papers::citation_key`](crate::library::Papers::citation_key).
    pub fn citation_key(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<String> {
        let mut keys = head.record.keys.clone();
        if keys.is_empty() {
            let kin = self.records_of_same_paper(head);
            keys = kin.iter().filter_map(|at| self.index.head(*at)).flat_map(|head| head.record.keys.clone()).collect();
        }
        let own = keys.iter().find(|key| self.means(key, head, aliases)).cloned();
        own.or_else(|| keys.into_iter().next())
    }

    /// Whether a text means the paper of this record and no other: that [`LibrarySnapshot::resolve`] gives this paper
    /// alone, told from as few records as will do.
    pub fn means(&self, text: &str, head: &Arc<RecordHead>, aliases: &Aliases) -> bool {
        if text.is_empty() {
            return false;
        }
        if aliases.get(text).is_none() {
            return self.is_unambiguous_for(text, head);
        }
        match &*self.resolve(text, aliases) {
            Resolution::Unique(paper) => group(&[&paper.record, &head.record]).len() == 1,
            _ => false,
        }
    }
}

/// The shortest name by which a record's paper is cited, of those that mean it alone. Where there is none, its identifier or
/// title with the short name as label.
pub fn shortest_name(head: &RecordHead, means: impl Fn(&str) -> bool) -> Option<CitationText> {
    let record = &head.record;
    let readable = head.names().iter().filter(|name| is_readable(name, record));
    let mut candidates: Vec<(String, &Name)> = readable.map(|name| (writable(&name.text), name)).collect();
    candidates.sort_by_cached_key(|(text, name)| (text.chars().count(), name.tier, name.text.clone()));
    let short = candidates.iter().find(|(_, name)| name.tier == Tier::ShortName);
    let title = writable(&record.title);
    let unique = candidates.iter().find(|(text, _)| means(text));
    if let Some((name, _)) = unique
        && (short.is_none() || *name != title)
    {
        return Some(CitationText { name: name.clone(), label: None });
    }
    let label = short.map_or_else(|| title.clone(), |(text, _)| text.clone());
    let identifiers = record.arxiv.iter().chain(&record.doi).map(|text| writable(text)).chain([title]);
    let name = identifiers.into_iter().find(|text| means(text))?;
    let label = (label != name).then_some(label);
    Some(CitationText { name, label })
}

/// Longer short names are understood, and not written: they are nearly the title.
const MAX_WRITTEN_SHORT_NAME_CHARS: usize = 60;

/// Whether a name is what a person wants to read in a note: no identifier but a citation key, and no short name that is
/// none.
fn is_readable(name: &Name, record: &Record) -> bool {
    match name.tier {
        Tier::Identifier => record.keys.contains(&name.text),
        Tier::ShortName => name.text.chars().count() <= MAX_WRITTEN_SHORT_NAME_CHARS,
        _ => true,
    }
}

/// A name without the characters that mean something inside `[[…]]` or in Markdown around it. Folding
/// drops them, so that the name still finds the same paper.
pub fn writable(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len());
    let mut letters = name.chars().filter(|letter| !is_invisible(*letter)).peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let means_something = match letter {
            '[' | ']' | '|' | '#' | '^' | '`' | '$' | '<' | '>' | '\\' | '*' | '~' | '{' | '}' | '@' => true,
            // Comments and highlights, which take two of them.
            '%' | '=' => before == letter || letters.peek() == Some(&letter),
            letter => letter.is_control(),
        };
        spaced.push(if means_something { ' ' } else { letter });
        before = letter;
    }
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::writable;
    use crate::paper::fold;

    #[test]
    fn what_means_something_in_a_note_is_left_out_of_names() {
        let cases = [
            ("Orca: Progressive Learning", "Orca: Progressive Learning"),
            ("a %%b%% ==c== @d", "a b c d"),
            ("100% of x=1", "100% of x=1"),
            ("%%% ===", ""),
            ("me@home.org", "me home.org"),
            ("a|b#c^d [[e]] {{f}} $g$ ~h~ `i` <b>", "a b c d e f g h i b"),
            ("O\u{202e}r\u{ad}c\u{2060}a\u{e0041}", "Orca"),
        ];
        for (name, expected) in cases {
            assert_eq!(writable(name), expected, "{name}");
            assert_eq!(fold(&writable(name)), fold(name), "{name}");
        }
    }
}
