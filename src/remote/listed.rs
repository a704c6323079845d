//! Papers of an engine, listed by what identifies them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::hits::RemoteRecord;
use crate::library::{LibraryPaper, RecordHead, Source};
use crate::paper::{
    Identifier, Origin, PaperRef, Record, group, identifier_key, identity_keys, lookup_key, merge, names, words,
};

/// A paper of the engine.
#[derive(Debug)]
pub(super) struct RemotePaper {
    pub paper: Arc<LibraryPaper>,
    pub head: Arc<RecordHead>,
    /// It was found by something like what was asked for.
    pub is_rough: bool,
    /// The folded words that a query may begin.
    words: Vec<String>,
    /// Its [`identity_keys`].
    identity: Vec<String>,
    /// By what it may be cited, as [`lookup_key`] has it.
    names: Vec<String>,
}

impl RemotePaper {
    fn new(service: &Arc<str>, members: &[&RemoteRecord]) -> Option<RemotePaper> {
        let is_rough = members.iter().all(|it| it.is_rough);
        let source = |id: &Arc<str>| -> Source {
            Origin::Service { service: service.clone(), id: id.clone(), url: "".into() }.into()
        };
        let members: Vec<(&Record, Source)> = members.iter().map(|it| (&it.record, source(&it.id))).collect();
        let paper = merge(&members)?;
        let head = RecordHead::of_paper(&paper)?;
        let record = &paper.record;
        let mut text = record.title.clone();
        for author in &record.authors {
            text.push(' ');
            text.push_str(&author.display());
        }
        text.push_str(&format!(" {}", record.venue().unwrap_or_default()));
        text.push_str(&record.date.map(|date| format!(" {}", date.year)).unwrap_or_default());
        let (words, identity) = (words(&text), identity_keys(record));
        // Names that only its record elsewhere has, such as its key there, are not the user's.
        let without_keys = Record { keys: Vec::new(), abstract_text: None, ..record.clone() };
        let names = names(&without_keys).into_iter().map(|name| lookup_key(&name.text)).collect();
        Some(RemotePaper { paper: Arc::new(paper), head: Arc::new(head), is_rough, words, identity, names })
    }

    /// The papers of records, in the order of the first record of each.
    pub fn of_records(service: &Arc<str>, found: &[RemoteRecord]) -> Vec<Arc<RemotePaper>> {
        let records: Vec<&Record> = found.iter().map(|it| &it.record).collect();
        let mut groups = group(&records);
        groups.sort_by_key(|members| members.iter().min().copied());
        let paper = |members: Vec<usize>| {
            let members: Vec<_> = members.iter().filter_map(|at| found.get(*at)).collect();
            RemotePaper::new(service, &members)
        };
        groups.into_iter().filter_map(paper).map(Arc::new).collect()
    }

    /// Whether each word of a query begins a word of the paper.
    pub fn has_words(&self, query: &[String]) -> bool {
        query.iter().all(|word| self.words.iter().any(|own| own.starts_with(word.as_str())))
    }

    /// Whether it may be cited by a name.
    pub fn has_name(&self, name: &str) -> bool {
        self.names.contains(&lookup_key(name))
    }

    /// Whether a record is of the same paper.
    pub fn is_of(&self, record: &Record) -> bool {
        group(&[&self.paper.record, record]).len() == 1
    }

    /// Whether another is the same paper, in another state perhaps.
    pub fn is_same(&self, other: &RemotePaper) -> bool {
        // Most pairs are the same paper in the same state, or have no identity key in common: then they are never one.
        let have_one_in_common = || self.identity.iter().any(|key| other.identity.contains(key));
        self.head.reference() == other.head.reference() || have_one_in_common() && self.is_of(&other.paper.record)
    }
}

/// Papers, and what leads to them. It never changes.
#[derive(Debug, Default)]
pub(super) struct Listed {
    papers: Vec<Arc<RemotePaper>>,
    /// Places of papers by identity key, by what their references begin with, and by their ids at the service.
    by_key: FxHashMap<String, Vec<usize>>,
}

impl Listed {
    pub fn new(papers: Vec<Arc<RemotePaper>>) -> Listed {
        let mut by_key: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, paper) in papers.iter().enumerate() {
            let ids = paper.paper.sources.iter().filter_map(source_key);
            let keys = paper.identity.iter().cloned().chain([reference_key(paper.head.reference())]).chain(ids);
            keys.for_each(|key| by_key.entry(key).or_default().push(at));
        }
        Listed { papers, by_key }
    }

    /// All of them, in their order.
    pub fn papers(&self) -> &[Arc<RemotePaper>] {
        &self.papers
    }

    fn with_key<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a Arc<RemotePaper>> + use<'a> {
        self.by_key.get(key).into_iter().flatten().filter_map(|at| self.papers.get(*at))
    }
}

/// The paper among lists that has an identifier; `None` where none or several have.
pub(super) fn by_identifier<'a>(
    lists: impl Iterator<Item = &'a Listed>,
    id: &Identifier,
) -> Option<&'a Arc<RemotePaper>> {
    let key = identifier_key(id);
    let mut bearing = lists.flat_map(|list| list.with_key(&key));
    let first = bearing.next()?;
    // The same paper came twice, in two states perhaps.
    bearing.all(|other| other.is_same(first)).then_some(first)
}

/// The paper among lists that a reference names.
pub(super) fn by_reference<'a>(
    lists: impl Iterator<Item = &'a Listed>,
    reference: &PaperRef,
) -> Option<&'a Arc<RemotePaper>> {
    let key = reference_key(reference);
    lists.flat_map(|list| list.with_key(&key)).find(|paper| reference.agrees_with(&paper.paper.record))
}

/// The paper among lists that has a source.
pub(super) fn by_source<'a>(lists: impl Iterator<Item = &'a Listed>, source: &Source) -> Option<&'a Arc<RemotePaper>> {
    let key = source_key(source)?;
    lists.flat_map(|list| list.with_key(&key)).find(|paper| paper.paper.sources.contains(source))
}

/// What papers are listed by whose reference it is.
fn reference_key(reference: &PaperRef) -> String {
    format!("r:{}", reference.key())
}

/// What papers are listed by that have a source at a service.
fn source_key(source: &Source) -> Option<String> {
    match &source.origin {
        Origin::Service { id, .. } => Some(format!("s:{id}")),
        Origin::File { .. } => None,
    }
}
