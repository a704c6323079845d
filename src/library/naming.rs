//! What to write between the brackets so that it means one paper.

use super::document::StoredRecord;
use super::resolve::{Aliases, Resolution};
use super::snapshot::LibrarySnapshot;
use crate::paper::{Name, Record, Tier, group};

/// A citation's text for a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationText {
    /// The name, free of anything that would end or split the citation.
    pub name: String,
    /// A label to show instead, where the name is an identifier or a long title.
    pub label: Option<String>,
}

impl LibrarySnapshot {
    /// The shortest name that means this record's paper alone. Where there is none, its identifier or
    /// title with the short name as label. `None` where the paper has no name of its own at all.
    pub fn citation_text(&self, stored: &StoredRecord, aliases: &Aliases) -> Option<CitationText> {
        let record = &stored.record;
        let mut candidates: Vec<Name> = stored.names().into_iter().filter(|name| is_readable(name, record)).collect();
        candidates.sort_by_cached_key(|name| (writable(&name.text).chars().count(), name.tier, name.text.clone()));
        let unique = candidates.iter().map(|name| writable(&name.text)).find(|text| self.means(text, record, aliases));
        if let Some(name) = unique
            && !candidates.iter().any(|other| other.tier == Tier::ShortName && is_title_of(&name, record))
        {
            return Some(CitationText { name, label: None });
        }
        let label = candidates
            .iter()
            .find(|name| name.tier == Tier::ShortName)
            .map_or_else(|| writable(&record.title), |name| writable(&name.text));
        let identifiers = record.arxiv.iter().chain(&record.doi).chain([&record.title]).map(|text| writable(text));
        let name = identifiers.into_iter().find(|text| self.means(text, record, aliases))?;
        let label = (label != name).then_some(label);
        Some(CitationText { name, label })
    }

    /// Whether a text means the paper of this record and no other.
    fn means(&self, text: &str, record: &Record, aliases: &Aliases) -> bool {
        if text.is_empty() {
            return false;
        }
        if self.is_name_of_one_paper(text, record, aliases) {
            return true;
        }
        match &*self.resolve(text, aliases) {
            Resolution::Unique(paper) => paper.record == *record || group(&[&paper.record, record]).len() == 1,
            _ => false,
        }
    }
}

/// Identifiers other than citation keys are not what a person wants to read in a note.
fn is_readable(name: &Name, record: &Record) -> bool {
    name.tier != Tier::Identifier || record.keys.contains(&name.text)
}

fn is_title_of(text: &str, record: &Record) -> bool {
    writable(&record.title) == text
}

/// A name without the characters that mean something inside `[[…]]` or in Markdown around it. Folding
/// drops them, so that the name still finds the same paper.
pub fn writable(name: &str) -> String {
    let spaced: String = name
        .chars()
        .map(|letter| match letter {
            '[' | ']' | '|' | '#' | '^' | '`' | '$' | '<' | '>' | '\\' | '*' | '~' | '{' | '}' => ' ',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
