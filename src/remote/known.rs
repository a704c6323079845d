//! What an engine has answered so far, as it was at one moment: bounded, and never changed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use super::hits::Found;
use super::listed::{self, Listed, RemotePaper};
use crate::library::{MatchKind, Question, Source};
use crate::paper::{Identifier, PaperRef, lookup_key, words};

/// So many answers to queries and so many papers asked for by identifier are kept, and so many identifiers that the engine
/// does not have.
const MAX_QUERIES: usize = 48;
const MAX_BY_ID: usize = 4_000;
const MAX_MISSING: usize = 20_000;

/// A list of papers asked for by identifier grows no longer than this and another question.
const LONG_LIST: usize = 200;

/// So many earlier answers help out until the answer to a query is there.
const MAX_EARLIER: usize = 3;

/// So many papers are remembered that were written into the user's file just now.
const MAX_KEPT: usize = 50;

/// After this long an engine is asked again what it did not have.
const MISSING_FOR: Duration = Duration::from_secs(600);

/// After this long a query is asked again, though its answer is shown meanwhile.
const FRESH_FOR: Duration = Duration::from_secs(300);

/// The answer to a query.
#[derive(Debug)]
struct Answer {
    papers: Listed,
    /// What each of the papers was found by.
    kinds: Vec<MatchKind>,
    at: Instant,
    /// There may be more: it is shown, and asked for again.
    is_short: bool,
}

/// What is known of an engine's papers. A copy shares what it holds, so that an answer that comes while the user types costs
/// no more than itself.
#[derive(Debug, Default, Clone)]
pub(super) struct Known {
    /// The answers by normalised query, the latest last.
    queries: VecDeque<(Arc<str>, Arc<Answer>)>,
    /// Papers that were asked for by identifier, in lists of hundreds, the latest last.
    by_id: VecDeque<Arc<Listed>>,
    missing: Arc<FxHashMap<Identifier, Instant>>,
    /// Papers that were written into a file of the user's, which may not be read yet.
    kept: Arc<Listed>,
}

/// The papers that answer to a query as the own search would order them, and what each is found by. Of those that have
/// something like it, the ones that have little of it are left out.
fn in_order(papers: Vec<Arc<RemotePaper>>, query: &str) -> (Vec<Arc<RemotePaper>>, Vec<MatchKind>) {
    let question = Question::new(query);
    let mut standing: Vec<_> = papers.into_iter().map(|paper| (question.standing(&paper.head), paper)).collect();
    standing.retain(|(standing, paper)| !(paper.is_rough && standing.is_far(&question)));
    standing.sort_by_key(|(standing, _)| *standing);
    standing.into_iter().map(|(standing, paper)| (paper, standing.kind)).unzip()
}

impl Known {
    /// The same with the answer to a query.
    pub fn with_answer(&self, service: &Arc<str>, query: &str, found: &Found) -> Known {
        let mut known = self.clone();
        known.queries.retain(|(known, _)| &**known != query);
        let (papers, kinds) = in_order(RemotePaper::of_records(service, &found.records), query);
        let answer = Answer { papers: Listed::new(papers), kinds, at: Instant::now(), is_short: found.is_short };
        known.queries.push_back((query.into(), Arc::new(answer)));
        while known.queries.len() > MAX_QUERIES {
            known.queries.pop_front();
        }
        known
    }

    /// The same with what was found by identifiers. Those that no record has are known to be missing, unless a part of the
    /// engine did not answer.
    pub fn with_ids(&self, service: &Arc<str>, asked: &[Identifier], found: &Found) -> Known {
        let mut known = self.clone();
        let mut papers = RemotePaper::of_records(service, &found.records);
        // Papers come one by one as well as by hundreds: the last list grows until it is long enough.
        if let Some(last) = known.by_id.back().filter(|last| last.papers().len() < LONG_LIST) {
            papers.splice(0..0, last.papers().iter().cloned());
            known.by_id.pop_back();
        }
        known.by_id.push_back(Arc::new(Listed::new(papers)));
        while known.by_id.iter().map(|list| list.papers().len()).sum::<usize>() > MAX_BY_ID && known.by_id.len() > 1 {
            known.by_id.pop_front();
        }
        if !found.is_partial {
            let absent: Vec<Identifier> =
                asked.iter().filter(|id| known.by_identifier(id).is_none()).cloned().collect();
            let missing = Arc::make_mut(&mut known.missing);
            if missing.len() > MAX_MISSING {
                missing.clear();
            }
            missing.extend(absent.into_iter().map(|id| (id, Instant::now())));
        }
        known
    }

    /// The same, where a paper was written into a file of the user's.
    pub fn with_kept(&self, reference: &PaperRef) -> Known {
        let mut known = self.clone();
        let kept = known.kept.papers().iter().chain(self.by_reference(reference)).cloned();
        let kept: Vec<_> = kept.collect();
        known.kept = Arc::new(Listed::new(kept[kept.len().saturating_sub(MAX_KEPT)..].to_vec()));
        known
    }

    /// Takes over which papers were kept meanwhile.
    pub fn take_kept_of(&mut self, other: &Known) {
        self.kept = other.kept.clone();
    }

    /// The paper among those that were kept that answers to a name; `None` where none or several do.
    pub fn kept_by_name(&self, name: &str) -> Option<&Arc<RemotePaper>> {
        let key = lookup_key(name);
        let has_name = |paper: &&Arc<RemotePaper>| paper.head.names().iter().any(|name| name.folded == key);
        let mut bearing = self.kept.papers().iter().filter(has_name);
        let first = bearing.next()?;
        bearing.all(|other| other.paper == first.paper).then_some(first)
    }

    /// The papers that answer to a query, and what each is found by: those of the answer to it, or as long as there is none,
    /// those of the answer to its beginning that go on as it does.
    pub fn answers(&self, query: &str) -> Vec<(Arc<RemotePaper>, MatchKind)> {
        if let Some(answer) = self.answer(query) {
            return answer.papers.papers().iter().cloned().zip(answer.kinds.iter().copied()).collect();
        }
        let begins = |known: &str| query.starts_with(known) || known.starts_with(query);
        let typed: Vec<String> = words(query);
        let before = self.queries.iter().rev().filter(|(known, _)| begins(known)).take(MAX_EARLIER);
        let papers = before.flat_map(|(_, answer)| answer.papers.papers()).filter(|paper| paper.has_words(&typed));
        let mut found: Vec<(Arc<RemotePaper>, MatchKind)> = Vec::new();
        for paper in papers {
            if !found.iter().any(|(other, _)| other.is_same(paper)) {
                found.push((paper.clone(), MatchKind::Authors));
            }
        }
        found
    }

    fn answer(&self, query: &str) -> Option<&Answer> {
        self.queries.iter().find(|(known, _)| &**known == query).map(|(_, answer)| &**answer)
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
        listed::by_identifier(self.lists(), id)
    }

    /// The paper that a reference names.
    pub fn by_reference(&self, reference: &PaperRef) -> Option<&Arc<RemotePaper>> {
        listed::by_reference(self.lists(), reference)
    }

    /// The paper that has a source.
    pub fn by_source(&self, source: &Source) -> Option<&Arc<RemotePaper>> {
        listed::by_source(self.lists(), source)
    }

    fn lists(&self) -> impl Iterator<Item = &Listed> {
        let of_queries = self.queries.iter().map(|(_, answer)| &answer.papers);
        of_queries.chain(self.by_id.iter().map(|list| &**list)).chain([&*self.kept])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::paper::Record;
    use crate::remote::hits::RemoteRecord;

    fn found(titles: &[(&str, Option<&str>)]) -> Found {
        let record = |(title, doi): &(&str, Option<&str>)| {
            let record = Record { title: (*title).to_owned(), doi: doi.map(str::to_owned), ..Record::default() };
            let id = super::super::identity::document_id(&record).into();
            RemoteRecord { id, record, is_rough: false }
        };
        Found { records: titles.iter().map(record).collect(), ..Found::default() }
    }

    fn titles(known: &Known, query: &str) -> Vec<String> {
        known.answers(query).iter().map(|(paper, _)| paper.paper.record.title.clone()).collect()
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
        let long = format!("10.1/{}", "a".repeat(300));
        let known = known.with_ids(&service, &[id(&long)], &found(&[("Whales", Some(&long))]));
        assert!(known.by_identifier(&id(&long)).is_some(), "identity keys of long DOIs are cut");
        let partial = Found { is_partial: true, ..Found::default() };
        assert!(!Known::default().with_ids(&service, &asked, &partial).is_settled(&asked[1]));
    }

    #[test]
    fn an_answer_costs_no_more_than_itself() {
        let service: Arc<str> = "lab".into();
        let first = Known::default().with_answer(&service, "or", &found(&[("Orca", Some("10.1/a"))]));
        let second = first.with_answer(&service, "wh", &found(&[("Whales", None)]));
        assert!(Arc::ptr_eq(&first.queries[0].1, &second.queries[0].1));
        assert!(Arc::ptr_eq(&first.missing, &second.missing) && Arc::ptr_eq(&first.kept, &second.kept));
    }

    #[test]
    fn papers_by_identifier_come_one_by_one_and_by_hundreds() {
        let service: Arc<str> = "lab".into();
        let (mut known, mut lists) = (Known::default(), 0);
        let doi = |number: usize| format!("10.1/{number}");
        for number in 0..2 * MAX_BY_ID {
            let id = Identifier::Doi(doi(number));
            known = known.with_ids(&service, &[id], &found(&[(&format!("Orca {number}"), Some(&doi(number)))]));
            lists = lists.max(known.by_id.len());
        }
        let has = |number: usize| known.by_identifier(&Identifier::Doi(doi(number))).is_some();
        let count: usize = known.by_id.iter().map(|list| list.papers().len()).sum();
        assert!(lists <= MAX_BY_ID / LONG_LIST + 1 && count <= MAX_BY_ID && count > MAX_BY_ID - LONG_LIST - 1);
        assert!(has(2 * MAX_BY_ID - 1) && has(MAX_BY_ID + LONG_LIST) && !has(0));
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
