//! What a paper is called between two questions about it, and where a record comes from.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};

use super::details::Variable;
use super::identity::{identity_keys, short_key};
use super::record::{Record, Span};

/// Citation keys longer than this do not stand in a reference.
const MAX_KEY_BYTES: usize = 64;

/// Names a paper so that it is found again later, also where its corpus files were read anew meanwhile: a short string
/// that clients keep and hand back.
///
/// It is the strongest thing one of its records is known by, `a:` arXiv id, `d:` DOI, `k:` citation key or `t:` title,
/// and after a `#` a digest of what tells records apart that share that. The digest counts only where they are of
/// several papers: a record that was edited is still found. Of several references the smallest is the strongest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PaperRef(String);

impl PaperRef {
    /// The reference of a record, and so of its paper.
    pub fn of(record: &Record) -> PaperRef {
        PaperRef::with_identity(record, &identity_keys(record))
    }

    /// As [`PaperRef::of`], for callers that have the [`identity_keys`] of the record.
    pub(crate) fn with_identity(record: &Record, identity: &[String]) -> PaperRef {
        let identifier = identity.iter().find(|key| !key.starts_with("t:")).map(|key| short_key(key));
        let key = || record.keys.iter().find(|key| key.len() <= MAX_KEY_BYTES).map(|key| format!("k:{key}").into());
        let title = || identity.first().map(|key| short_key(key));
        let best: Cow<'_, str> = identifier.or_else(key).or_else(title).unwrap_or_default();
        PaperRef(format!("{best}#{:08x}", digest(record)))
    }

    /// What the paper is known by: an [identity key](identity_keys) in few bytes, or `k:` and a citation key.
    pub fn key(&self) -> &str {
        self.0.rsplit_once('#').map_or(self.0.as_str(), |(key, _)| key)
    }

    /// Its length in bytes.
    #[expect(clippy::len_without_is_empty, reason = "it never is")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a record that the key leads to is the one the reference was made of, as far as can be known.
    pub fn agrees_with(&self, record: &Record) -> bool {
        let known = self.0.rsplit_once('#').and_then(|(_, digest)| u32::from_str_radix(digest, 16).ok());
        known == Some(digest(record))
    }
}

impl std::fmt::Display for PaperRef {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A digest of what tells records with one identifier or title apart, as a book's chapters that bear its DOI.
fn digest(record: &Record) -> u32 {
    let mut hasher = FxHasher::default();
    let place = [Variable::Volume, Variable::Number, Variable::Page].map(|variable| record.details.text(variable));
    let year = record.date.map(|date| date.year);
    (&record.title, record.keys.first(), record.authors.first(), year, place).hash(&mut hasher);
    // The upper half is the better one.
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}

/// Where a record comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// A local corpus file.
    File {
        /// Number of the file in the library's table.
        file: u32,
        /// The record's place in it.
        span: Span,
    },
    /// A service, such as Zotero or a library elsewhere.
    Service {
        /// What users call it.
        service: Arc<str>,
        /// What it calls the record.
        id: Arc<str>,
        /// Where the record can be opened. Untrusted until [`crate::features`] has checked it.
        url: Arc<str>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Person;

    fn record(title: &str, arxiv: Option<&str>, doi: Option<&str>, key: &str) -> Record {
        let keys = if key.is_empty() { Vec::new() } else { vec![key.to_owned()] };
        Record {
            title: title.into(),
            arxiv: arxiv.map(Into::into),
            doi: doi.map(Into::into),
            keys,
            ..Record::default()
        }
    }

    #[test]
    fn the_strongest_thing_known_of_a_paper_names_it() {
        let long = "a key of many words ".repeat(5);
        for (record, key) in [
            (record("Orca: A Whale", Some("2306.02707"), Some("10.1/x"), "orca"), "a:2306.02707"),
            (record("Orca: A Whale", None, Some("10.48550/arxiv.2306.02707"), "orca"), "a:2306.02707"),
            (record("Orca: A Whale", None, Some("10.1/x"), "orca"), "d:10.1/x"),
            (record("Orca: A Whale", None, None, "or#ca"), "k:or#ca"),
            (record("Orca: A Whale", None, None, ""), "t:orcaawhale"),
            (record("Orca: A Whale", None, None, &long), "t:orcaawhale"),
            (record("", None, None, "orca"), "k:orca"),
            (Record::default(), ""),
        ] {
            let reference = PaperRef::of(&record);
            assert_eq!(reference.key(), key, "{record:?}");
            assert!(reference.agrees_with(&record) && reference.to_string().len() < 80);
        }
        let long = PaperRef::of(&record(&"Ein Wal im Meer ".repeat(40), None, None, ""));
        assert!(long.key().starts_with("t:#") && long.to_string().len() < 30, "{long}");
    }

    #[test]
    fn records_that_share_an_identifier_are_told_apart() {
        let chapter = |title: &str| record(title, None, Some("10.1/book"), "");
        let reference = PaperRef::of(&chapter("Seals"));
        assert_eq!(reference.key(), PaperRef::of(&chapter("Whales")).key());
        assert!(!reference.agrees_with(&chapter("Whales")));
        let by = |name: &str| Record { authors: vec![Person::new(name, "")], ..record("Editorial", None, None, "") };
        assert!(!PaperRef::of(&by("Gull")).agrees_with(&by("Finch")));
        let longer = Record { abstract_text: Some("It swims.".into()), ..chapter("Seals") };
        assert!(reference.agrees_with(&longer), "an abstract tells nothing apart: lists know none");
    }

    #[test]
    fn references_go_through_json_as_they_are() {
        let reference = PaperRef::of(&record("Orca", None, None, "a \"b\"#c"));
        let json = serde_json::to_string(&reference).unwrap_or_default();
        assert_eq!(serde_json::from_str::<PaperRef>(&json).ok(), Some(reference));
        for strange in ["", "#", "k:", "t:#", "\u{0}", "a:x#zz"] {
            let read: Option<PaperRef> = serde_json::from_value(strange.into()).ok();
            assert!(read.is_some_and(|it| !it.agrees_with(&Record::default())), "{strange:?}");
        }
    }
}
