//! What an engine has answered so far, as it was at one moment: bounded, and never changed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};

use super::hits::{Found, RemoteRecord};
use crate::library::{LibraryPaper, Question, RecordHead, Source};
use crate::paper::{Identifier, Origin, PaperRef, Record, group, identity_keys, lookup_key, merge, words};

/// So many answers to queries and so many papers asked for by identifier are kept, and so many identifiers that the engine
/// does not have.
const MAX_QUERIES: usize = 48;
const MAX_BY_ID: usize = 4_000;
const MAX_MISSING: usize = 20_000;

/// So many earlier answers help out until the answer to a query is there.
const MAX_EARLIER: usize = 3;

/// So many papers are remembered that were written into the user's file just now.
const MAX_KEPT: usize = 50;

/// After this long an engine is asked again what it did not have.
const MISSING_FOR: Duration = Duration::from_secs(600);

/// After this long a query is asked again, though its answer is shown meanwhile.
const FRESH_FOR: Duration = Duration::from_secs(300);

/// A paper of the engine.
#[derive(Debug)]
pub(super) struct RemotePaper {
    pub paper: Arc<LibraryPaper>,
    pub head: Arc<RecordHead>,
    /// The folded words that a query may begin.
    words: Vec<String>,
    /// It was found by something like what was asked for.
    is_rough: bool,
}

/// The answer to a query.
#[derive(Debug)]
struct Answer {
    papers: Vec<Arc<RemotePaper>>,
    at: Instant,
    /// There may be more: it is shown, and asked for again.
    is_short: bool,
}

/// What is known of an engine's papers.
#[derive(Debug, Default, Clone)]
pub(super) struct Known {
    /// The answers by normalised query, the latest last.
    queries: VecDeque<(String, Arc<Answer>)>,
    by_id: VecDeque<Arc<RemotePaper>>,
    missing: FxHashMap<Identifier, Instant>,
    /// Papers that were written into a file of the user's, which may not be read yet.
    kept: VecDeque<Arc<RemotePaper>>,
    /// Papers by what identifies them: identity keys, and what references begin with.
    by_key: FxHashMap<String, Vec<Arc<RemotePaper>>>,
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
        let words = words(&text);
        Some(RemotePaper { paper: Arc::new(paper), head: Arc::new(head), words, is_rough })
    }

    /// Whether each word of a query begins a word of the paper.
    fn answers(&self, query: &[String]) -> bool {
        query.iter().all(|word| self.words.iter().any(|own| own.starts_with(word.as_str())))
    }

    /// Whether a record is of the same paper.
    pub fn is_of(&self, record: &Record) -> bool {
        group(&[&self.paper.record, record]).len() == 1
    }
}

/// The papers of records, in the order of the first record of each.
fn papers(service: &Arc<str>, found: &[RemoteRecord]) -> Vec<Arc<RemotePaper>> {
    let records: Vec<&Record> = found.iter().map(|it| &it.record).collect();
    let mut groups = group(&records);
    groups.sort_by_key(|members| members.iter().min().copied());
    let paper = |members: Vec<usize>| {
        let members: Vec<_> = members.iter().filter_map(|at| found.get(*at)).collect();
        RemotePaper::new(service, &members)
    };
    groups.into_iter().filter_map(paper).map(Arc::new).collect()
}

/// The papers that answer to a query as the own search would order them. Of those that have something like it, the ones that
/// have little of it are left out.
fn in_order(papers: Vec<Arc<RemotePaper>>, query: &str) -> Vec<Arc<RemotePaper>> {
    let question = Question::new(query);
    let mut standing: Vec<_> = papers.into_iter().map(|paper| (question.standing(&paper.head), paper)).collect();
    standing.retain(|(standing, paper)| !(paper.is_rough && standing.is_far(&question)));
    standing.sort_by_key(|(standing, _)| *standing);
    standing.into_iter().map(|(_, paper)| paper).collect()
}

impl Known {
    /// The same with the answer to a query.
    pub fn with_answer(&self, service: &Arc<str>, query: &str, found: &Found) -> Known {
        let mut known = self.clone();
        known.queries.retain(|(known, _)| known != query);
        let answer = Answer {
            papers: in_order(papers(service, &found.records), query),
            at: Instant::now(),
            is_short: found.is_short,
        };
        known.queries.push_back((query.to_owned(), Arc::new(answer)));
        while known.queries.len() > MAX_QUERIES {
            known.queries.pop_front();
        }
        known.list();
        known
    }

    /// The same with what was found by identifiers. Those that no record has are known to be missing, unless a part of the
    /// engine did not answer.
    pub fn with_ids(&self, service: &Arc<str>, asked: &[Identifier], found: &Found) -> Known {
        let mut known = self.clone();
        known.by_id.extend(papers(service, &found.records));
        while known.by_id.len() > MAX_BY_ID {
            known.by_id.pop_front();
        }
        known.list();
        if !found.is_partial {
            if known.missing.len() > MAX_MISSING {
                known.missing.clear();
            }
            let absent = asked.iter().filter(|id| known.by_identifier(id).is_none()).cloned().collect::<Vec<_>>();
            known.missing.extend(absent.into_iter().map(|id| (id, Instant::now())));
        }
        known
    }

    /// The same, where a paper was written into a file of the user's.
    pub fn with_kept(&self, reference: &PaperRef) -> Known {
        let mut known = self.clone();
        known.kept.extend(self.by_reference(reference).cloned());
        if known.kept.len() > MAX_KEPT {
            known.kept.pop_front();
        }
        known
    }

    /// Takes over which papers were kept meanwhile.
    pub fn take_kept_of(&mut self, other: &Known) {
        self.kept.clone_from(&other.kept);
    }

    /// The paper among those that were kept that answers to a name; `None` where none or several do.
    pub fn kept_by_name(&self, name: &str) -> Option<&Arc<RemotePaper>> {
        let key = lookup_key(name);
        let mut bearing = self.kept.iter().filter(|paper| paper.head.names().iter().any(|name| name.folded == key));
        let first = bearing.next()?;
        bearing.all(|other| other.paper == first.paper).then_some(first)
    }

    /// Lists all papers by what identifies them.
    fn list(&mut self) {
        let of_queries = self.queries.iter().flat_map(|(_, answer)| &answer.papers);
        let mut by_key: FxHashMap<String, Vec<Arc<RemotePaper>>> = FxHashMap::default();
        for paper in of_queries.chain(&self.by_id).chain(&self.kept) {
            let mut keys = identity_keys(&paper.paper.record);
            keys.push(reference_key(paper.head.reference()));
            for key in keys {
                let there = by_key.entry(key).or_default();
                if !there.iter().any(|known| known.paper == paper.paper) {
                    there.push(paper.clone());
                }
            }
        }
        self.by_key = by_key;
    }

    /// The papers that answer to a query: those of the answer to it, or as long as there is none, those of the answer to its
    /// beginning that go on as it does. And whether that is the answer.
    pub fn answers(&self, query: &str) -> (Vec<Arc<RemotePaper>>, bool) {
        if let Some(answer) = self.answer(query) {
            return (answer.papers.clone(), true);
        }
        let begins = |known: &str| query.starts_with(known) || known.starts_with(query);
        let typed: Vec<String> = words(query);
        let before = self.queries.iter().rev().filter(|(known, _)| begins(known)).take(MAX_EARLIER);
        let mut seen = FxHashSet::default();
        let papers = before.flat_map(|(_, answer)| &answer.papers).filter(|paper| paper.answers(&typed));
        (papers.filter(|paper| seen.insert(paper.head.reference().clone())).cloned().collect(), false)
    }

    fn answer(&self, query: &str) -> Option<&Answer> {
        self.queries.iter().find(|(known, _)| known == query).map(|(_, answer)| &**answer)
    }

    /// Whether the answer to a query need not be asked for.
    pub fn is_answered(&self, query: &str) -> bool {
        self.answer(query).is_some_and(|answer| !answer.is_short && answer.at.elapsed() < FRESH_FOR)
    }

    /// Whether an identifier need not be asked for: its paper is known, or known to be missing.
    pub fn is_settled(&self, id: &Identifier) -> bool {
        self.missing.get(id).is_some_and(|at| at.elapsed() < MISSING_FOR) || self.by_identifier(id).is_some()
    }

    /// The paper that has an identifier; `None` where none or several have.
    pub fn by_identifier(&self, id: &Identifier) -> Option<&Arc<RemotePaper>> {
        let key = match id {
            Identifier::Arxiv(id) => format!("a:{id}"),
            Identifier::Doi(doi) => format!("d:{doi}"),
        };
        self.only(&key)
    }

    /// The paper that a reference names.
    pub fn by_reference(&self, reference: &PaperRef) -> Option<&Arc<RemotePaper>> {
        let candidates = self.by_key.get(&reference_key(reference))?;
        candidates.iter().find(|paper| reference.agrees_with(&paper.paper.record))
    }

    /// The paper that has a source.
    pub fn by_source(&self, source: &Source) -> Option<&Arc<RemotePaper>> {
        let mut all = self.queries.iter().flat_map(|(_, answer)| &answer.papers).chain(&self.by_id).chain(&self.kept);
        all.find(|paper| paper.paper.sources.contains(source))
    }

    fn only(&self, key: &str) -> Option<&Arc<RemotePaper>> {
        match self.by_key.get(key).map(Vec::as_slice) {
            Some([paper]) => Some(paper),
            // The same paper came twice, in two states perhaps.
            Some([first, others @ ..]) if others.iter().all(|other| other.is_of(&first.paper.record)) => Some(first),
            _ => None,
        }
    }
}

/// What papers are listed by whose reference it is.
fn reference_key(reference: &PaperRef) -> String {
    format!("r:{}", reference.key())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn found(titles: &[(&str, Option<&str>)]) -> Found {
        let record = |(title, doi): &(&str, Option<&str>)| {
            let record = Record { title: (*title).to_owned(), doi: doi.map(str::to_owned), ..Record::default() };
            let id = super::super::identity::document_id(&record).into();
            RemoteRecord { id, record, is_rough: false }
        };
        Found { records: titles.iter().map(record).collect(), ..Found::default() }
    }

    fn titles(known: &Known, query: &str) -> Vec<String> {
        known.answers(query).0.iter().map(|paper| paper.paper.record.title.clone()).collect()
    }

    #[test]
    fn what_was_typed_before_helps_until_the_answer_is_there() {
        let service: Arc<str> = "lab".into();
        let first = found(&[("Attention is all", Some("10.1/a")), ("Attentive birds", None), ("Atlas", None)]);
        let known = Known::default().with_answer(&service, "att", &first);
        assert_eq!(titles(&known, "att"), ["Attentive birds", "Attention is all", "Atlas"]);
        assert_eq!(titles(&known, "attent"), ["Attentive birds", "Attention is all"]);
        assert_eq!(titles(&known, "attention al"), ["Attention is all"]);
        assert_eq!(titles(&known, "at"), ["Attentive birds", "Attention is all", "Atlas"]);
        assert!(titles(&known, "bird").is_empty() && known.is_answered("att") && !known.is_answered("at"));
        let later = known.with_answer(&service, "attent", &found(&[("Attentive birds", None)]));
        assert_eq!(titles(&later, "attent"), ["Attentive birds"]);
        assert_eq!(titles(&known, "attent").len(), 2, "what was known stays as it was");
    }

    #[test]
    fn papers_are_found_by_identifier_reference_and_source() {
        let service: Arc<str> = "lab".into();
        let id = |doi: &str| Identifier::Doi(doi.to_owned());
        let asked = [id("10.1/a"), id("10.1/b")];
        let known = Known::default().with_ids(&service, &asked, &found(&[("Orca", Some("10.1/a"))]));
        let paper = known.by_identifier(&asked[0]).unwrap();
        assert!(known.is_settled(&asked[0]) && known.is_settled(&asked[1]) && !known.is_settled(&id("10.1/c")));
        assert!(known.by_identifier(&asked[1]).is_none());
        assert!(known.by_reference(paper.head.reference()).is_some());
        assert!(known.by_source(&paper.paper.sources[0]).is_some());
        let partial = Found { is_partial: true, ..Found::default() };
        assert!(!Known::default().with_ids(&service, &asked, &partial).is_settled(&asked[1]));
    }

    #[test]
    fn one_paper_is_there_once_and_memory_is_bounded() {
        let service: Arc<str> = "lab".into();
        let twice = found(&[("Orca", Some("10.1/a")), ("Whales", None), ("Orca: a whale", Some("10.1/a"))]);
        let mut known = Known::default().with_answer(&service, "or", &twice);
        assert_eq!(titles(&known, "or").len(), 2);
        for number in 0..200 {
            known = known.with_answer(&service, &format!("q{number}"), &found(&[("Orca", Some("10.1/a"))]));
        }
        assert_eq!(known.queries.len(), MAX_QUERIES);
        assert!(known.by_identifier(&Identifier::Doi("10.1/a".to_owned())).is_some());
    }
}
