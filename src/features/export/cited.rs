//! What notes cite → the records to export: one for each cited key, and one for each paper that is cited otherwise.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::library::{LibraryPaper, Papers, Source};
use crate::paper::{Record, lookup_key, parse_identifier};

/// A record to export.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CitedRecord {
    /// What is exported.
    pub record: Record,
    /// The citation keys by which it is cited, as the notes spell them; none where it is cited by other names only.
    pub keys: Vec<String>,
}

impl From<Record> for CitedRecord {
    fn from(record: Record) -> Self {
        CitedRecord { record, keys: Vec::new() }
    }
}

/// Collects what is cited, in the order of first citation.
///
/// A citation by key, DOI or arXiv id stands for the record that has it: another record of the same paper has an entry
/// of its own if its key is cited as well, so that no key of a note is without an entry. A citation by any other name
/// stands for the paper, and adds nothing where one of its records is there already.
pub struct Citations<'a> {
    library: &'a dyn Papers,
    cited: Vec<Cited>,
    by_source: FxHashMap<Source, usize>,
    by_paper: FxHashMap<Source, usize>,
}

struct Cited {
    record: CitedRecord,
    paper: Option<Source>,
    is_own: bool,
}

impl<'a> Citations<'a> {
    /// Nothing cited yet, of the papers of a library.
    pub fn new(library: &'a dyn Papers) -> Citations<'a> {
        Citations { library, cited: Vec::new(), by_source: FxHashMap::default(), by_paper: FxHashMap::default() }
    }

    /// Adds a citation by a name that means a paper.
    pub fn add(&mut self, name: &str, paper: &Arc<LibraryPaper>) {
        let owner = paper.sources.first().and_then(|source| Some((source.clone(), self.library.record(source)?)));
        let key = owner.as_ref().and_then(|(_, record)| key_in(name, record));
        match owner.filter(|_| key.is_some() || parse_identifier(name).is_some()) {
            Some((source, record)) => self.add_record(source, record, key, paper),
            None => self.add_paper(paper),
        }
    }

    fn add_record(&mut self, source: Source, record: Record, key: Option<String>, paper: &LibraryPaper) {
        let at = *self.by_source.entry(source).or_insert(self.cited.len());
        if at == self.cited.len() {
            self.cited.push(Cited { record: record.into(), paper: paper.identity().cloned(), is_own: true });
        }
        if let Some(cited) = self.cited.get_mut(at)
            && let Some(key) = key
            && !cited.record.keys.contains(&key)
        {
            cited.record.keys.push(key);
        }
    }

    fn add_paper(&mut self, paper: &LibraryPaper) {
        let identity = paper.identity().cloned();
        if identity.clone().is_none_or(|identity| self.by_paper.insert(identity, self.cited.len()).is_none()) {
            self.cited.push(Cited { record: paper.record.clone().into(), paper: identity, is_own: false });
        }
    }

    /// The records, each once.
    pub fn finish(self) -> Vec<CitedRecord> {
        let own: rustc_hash::FxHashSet<Source> =
            self.cited.iter().filter(|cited| cited.is_own).filter_map(|cited| cited.paper.clone()).collect();
        let stays = |cited: &Cited| cited.is_own || cited.paper.as_ref().is_none_or(|paper| !own.contains(paper));
        self.cited.into_iter().filter(stays).map(|cited| cited.record).collect()
    }
}

/// The citation key of the record that a name spells, as it is spelled: `key`, `@key`, `folder/@key`, `@key.md`.
fn key_in(name: &str, record: &Record) -> Option<String> {
    let name = name.trim();
    let after_at = name.rsplit_once('@').map(|(_, key)| key);
    let without_ending = after_at.and_then(|key| key.strip_suffix(".md"));
    let spellings = || [without_ending, after_at, Some(name)].into_iter().flatten();
    let is_own = |spelling: &&str| record.keys.iter().any(|key| key == spelling);
    let is_alike = |spelling: &&str| {
        let folded = lookup_key(spelling);
        !folded.is_empty() && record.keys.iter().any(|key| lookup_key(key) == folded)
    };
    spellings().find(is_own).or_else(|| spellings().find(is_alike)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_as_notes_spell_them() {
        let record = Record { keys: vec!["Gull2001".into(), "a@b".into()], ..Record::default() };
        let cases = [
            ("Gull2001", Some("Gull2001")),
            ("@gull2001", Some("gull2001")),
            ("papers/@Gull2001", Some("Gull2001")),
            ("@Gull2001.md", Some("Gull2001")),
            ("a@b", Some("a@b")),
            ("Splitting flocks", None),
            ("", None),
        ];
        for (name, key) in cases {
            assert_eq!(key_in(name, &record).as_deref(), key, "{name}");
        }
    }
}
