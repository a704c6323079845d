//! From a name to its paper: Missing, Unique or Ambiguous. Nothing here ever takes the first of several.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::Term;

use crate::library::data::record::{LibraryPaper, RecordHead, RecordId};
use crate::library::data::resolution::{Aliases, Candidates, Resolution};
use crate::library::engine::schema::{identity_term, name_terms};
use crate::library::query::snapshot::{LibrarySnapshot, MAX_RECORDS};
use crate::paper::{
    Identifier, Record, Tier, canonical_order, group, identifier_key, lookup_key, parse_arxiv, parse_doi,
};

/// A name that the abstracts of more papers than this coin is vocabulary, not a name.
const COMMON_COINED_NAME: usize = 3;

/// A name that more records than this bear is not looked into any further when a paper is to be cited: it
/// is cited by its title or identifier then.
const MAX_NAMESAKES: usize = 32;

/// Of the papers that answer to an ambiguous name at most about this many are put together: nobody chooses among more.
pub(in crate::library) const MAX_CANDIDATES: usize = 20;

/// One tier for each kind of name term: names that count as they are, and coined ones.
pub(in crate::library) const NAME_KINDS: [Tier; 2] = [Tier::Title, Tier::Coined];

impl LibrarySnapshot {
    /// What a name stands for: the user's aliases first, then identifiers, titles, short names and coined
    /// names. A match with the same capitals beats a folded one; among equals the stronger tier wins.
    pub fn resolve(&self, name: &str, aliases: &Aliases) -> Arc<Resolution> {
        let name = name.trim();
        match aliases.get(name) {
            Some(target) => {
                let answer = self.resolve_plain(target);
                // An alias for a paper that is not there hides nothing.
                if matches!(*answer, Resolution::Missing) { self.resolve_plain(name) } else { answer }
            }
            None => self.resolve_plain(name),
        }
    }

    fn resolve_plain(&self, name: &str) -> Arc<Resolution> {
        if let Some(known) = self.answers.get(name) {
            return known;
        }
        let answer = Arc::new(self.look_up(name));
        self.answers.insert(name.to_owned(), answer.clone());
        answer
    }

    fn look_up(&self, name: &str) -> Resolution {
        let by_identifier: Vec<RecordId> =
            self.identifier_terms(name).flat_map(|term| self.index.addresses(&term, MAX_RECORDS)).collect();
        if !by_identifier.is_empty() {
            return self.papers_led_by(&by_identifier, &by_identifier).into();
        }
        let folded = lookup_key(name);
        if folded.is_empty() {
            return Resolution::Missing;
        }
        let mut matches: Vec<(Match, RecordId)> = Vec::new();
        for tier in NAME_KINDS {
            let found = self.named(tier, &folded, MAX_RECORDS);
            if tier == Tier::Coined && self.is_vocabulary(&found) {
                continue;
            }
            let heads = found.into_iter().filter_map(|at| Some((at, self.index.head(at)?)));
            // Terms of long names are not all of the name.
            let bearers = heads.filter(|(_, head)| bears(head, tier, &folded));
            matches.extend(bearers.map(|(at, head)| (Match::of(&head, name, &folded), at)));
        }
        let Some(best) = matches.iter().map(|(quality, _)| *quality).min() else {
            return Resolution::Missing;
        };
        let best_records: Vec<RecordId> =
            matches.into_iter().filter(|(quality, _)| *quality == best).map(|(_, at)| at).collect();
        if best_records.len() > MAX_CANDIDATES
            && let Some(candidates) = self.first_candidates(&best_records)
        {
            return Resolution::Ambiguous(candidates);
        }
        let owners = if best.tier == Tier::Identifier { best_records.as_slice() } else { &[] };
        self.papers_led_by(&best_records, owners).into()
    }

    /// The first of many papers, told from the heads of their records. `None` where the records may be of few papers:
    /// they all have to be put together then.
    fn first_candidates(&self, addresses: &[RecordId]) -> Option<Candidates> {
        let mut heads: Vec<Arc<RecordHead>> = addresses.iter().filter_map(|at| self.index.head(*at)).collect();
        heads.sort_by(|a, b| {
            b.completeness_score.cmp(&a.completeness_score).then_with(|| canonical_order(&a.record, &b.record))
        });
        let mut groups = grouped_by_themselves(&heads);
        if groups.len() <= MAX_CANDIDATES {
            return None;
        }
        groups.sort_unstable();
        let (first, others) = groups.split_at(MAX_CANDIDATES);
        let seeds: Vec<RecordId> = first.iter().flatten().filter_map(|at| heads[*at].document).collect();
        let papers = self.papers(&seeds);
        let others = others.iter().filter_map(|members| heads[*members.first()?].document).collect();
        (papers.len() > 1).then_some(Candidates { papers, others })
    }

    /// All papers that answer to an ambiguous name, however many.
    pub fn all_candidates(&self, candidates: &Candidates) -> Vec<Arc<LibraryPaper>> {
        let mut papers = candidates.papers.clone();
        if !candidates.others.is_empty() {
            papers.extend(self.papers(&candidates.others));
        }
        papers
    }

    /// Whether a text means the paper of a record and no other, as [`LibrarySnapshot::resolve`] would find
    /// without aliases, but told from as few records as will do.
    pub(in crate::library) fn is_unambiguous_for(&self, text: &str, head: &Arc<RecordHead>) -> bool {
        let mut identifiers = identifier_keys(text).peekable();
        if identifiers.peek().is_some() {
            // Nearly always, records with one identifier are one paper, so that it means nothing else.
            let is_own = identifiers.all(|key| head.identity.contains(&key));
            return (is_own && self.shares_no_identifier(head)) || self.resolves_to(text, head);
        }
        let folded = lookup_key(text);
        if folded.is_empty() {
            return false;
        }
        let mut own = Match::of(head, text, &folded);
        for tier in NAME_KINDS {
            if tier == Tier::Coined && own < BEST_COINED {
                break;
            }
            let frequency: u32 =
                name_terms(self.index.fields, tier, &folded).map(|term| self.index.frequency(&term, 2)).sum();
            if frequency <= u32::from(bears(head, tier, &folded)) {
                continue;
            }
            let found = self.named(tier, &folded, 2);
            if found.iter().all(|at| head.document == Some(*at)) {
                continue;
            }
            if self.is_anothers_too(&found, head, own, text, &folded) {
                return false;
            }
            let kin = self.records_of_same_paper(head);
            let of_kin =
                kin.iter().filter_map(|at| self.index.head(*at)).map(|head| Match::of(&head, text, &folded)).min();
            own = of_kin.map_or(own, |of_kin| own.min(of_kin));
            let found = self.named(tier, &folded, kin.len() + MAX_NAMESAKES);
            let strangers: Vec<RecordId> = found.iter().copied().filter(|at| !kin.contains(at)).collect();
            let mut qualities =
                strangers.iter().filter_map(|at| Some(Match::of(&*self.index.head(*at)?, text, &folded)));
            if strangers.len() >= MAX_NAMESAKES || qualities.any(|quality| quality <= own) {
                return false;
            }
            if tier == Tier::Coined && found.len() > COMMON_COINED_NAME {
                return self.resolves_to(text, head);
            }
        }
        true
    }

    /// Whether one of the records of a name is plainly of another paper and answers to the name as well as
    /// `head` does. Spares putting all records of the paper together, which may be many; where it is not
    /// plain, that is done.
    fn is_anothers_too(
        &self,
        found: &[RecordId],
        head: &Arc<RecordHead>,
        own: Match,
        text: &str,
        folded: &str,
    ) -> bool {
        let others = found.iter().filter(|at| head.document != Some(**at)).filter_map(|at| self.index.head(*at));
        others.into_iter().any(|other| {
            Match::of(&other, text, folded) <= own
                && are_apart(head, &other)
                && (self.stands_alone(&other) || self.shares_no_identifier(head) && self.shares_no_identifier(&other))
        })
    }

    /// Whether no other record has the arXiv id or DOI of a record, so that nothing ties it to a record
    /// with which it does not agree by itself.
    fn shares_no_identifier(&self, head: &RecordHead) -> bool {
        *head.is_alone.get_or_init(|| {
            let identifiers = head.identity.iter().filter(|key| !key.starts_with("t:"));
            let mut terms = identifiers.map(|key| identity_term(self.index.fields, key));
            terms.all(|term| self.index.frequency(&term, 2) <= 1 || self.index.addresses(&term, 2).len() <= 1)
        })
    }

    /// Whether nothing ties a record to any other, so that it is a paper by itself. Where many papers share a name, this
    /// is asked of the same few of their records for all of them.
    fn stands_alone(&self, head: &RecordHead) -> bool {
        *head.stands_alone.get_or_init(|| {
            let mut terms = head.identity.iter().map(|key| identity_term(self.index.fields, key));
            terms.all(|term| self.index.frequency(&term, 2) <= 1)
        })
    }

    fn resolves_to(&self, text: &str, head: &Arc<RecordHead>) -> bool {
        match &*self.resolve_plain(text) {
            Resolution::Unique(paper) => group(&[&paper.record, &head.record]).len() == 1,
            _ => false,
        }
    }

    /// The records under a folded name of a tier, about as many as `most` at most.
    pub(in crate::library) fn named(&self, tier: Tier, folded: &str, most: usize) -> Vec<RecordId> {
        name_terms(self.index.fields, tier, folded).flat_map(|term| self.index.addresses(&term, most)).collect()
    }

    /// The identity terms of the arXiv id or DOI that a text spells, in any spelling.
    pub(in crate::library) fn identifier_terms(&self, text: &str) -> impl Iterator<Item = Term> {
        let fields = self.index.fields;
        identifier_keys(text).map(move |key| identity_term(fields, &key))
    }

    fn is_vocabulary(&self, coining: &[RecordId]) -> bool {
        // Papers are counted, not records: one paper may stand on many pages.
        coining.len() > COMMON_COINED_NAME && self.grouped(coining).len() > COMMON_COINED_NAME
    }
}

/// The [`identity_keys`](crate::paper::identity_keys) of the arXiv id or DOI that a text spells.
fn identifier_keys(text: &str) -> impl Iterator<Item = String> + use<> {
    let ids = [parse_arxiv(text).map(Identifier::Arxiv), parse_doi(text).map(Identifier::Doi)];
    ids.into_iter().flatten().map(|id| identifier_key(&id))
}

/// How well a record answers to a name: smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    folded_only: bool,
    tier: Tier,
}

/// The best that a coined name can be.
const BEST_COINED: Match = Match { folded_only: false, tier: Tier::Coined };

impl Match {
    fn of(head: &RecordHead, name: &str, folded: &str) -> Match {
        let meant = head.names().iter().find(|it| it.folded == folded);
        Match { folded_only: meant.is_none_or(|it| it.text != name), tier: meant.map_or(Tier::Coined, |it| it.tier) }
    }
}

/// The papers that records make among themselves: the places of the records of each, in ascending order.
fn grouped_by_themselves(heads: &[Arc<RecordHead>]) -> Vec<Vec<usize>> {
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let share_nothing = heads.iter().flat_map(|head| &head.identity).all(|key| seen.insert(key));
    if share_nothing {
        return (0..heads.len()).map(|at| vec![at]).collect();
    }
    let records: Vec<&Record> = heads.iter().map(|head| &head.record).collect();
    let mut groups = group(&records);
    for members in &mut groups {
        members.sort_unstable();
    }
    groups
}

/// Whether a record bears a name of a kind.
pub(in crate::library) fn bears(head: &RecordHead, kind: Tier, folded: &str) -> bool {
    head.names().iter().any(|name| name.folded == folded && (name.tier == Tier::Coined) == (kind == Tier::Coined))
}

/// Whether two records, by themselves, are of two papers. Records of one paper share an identity, which is soon seen.
fn are_apart(one: &RecordHead, other: &RecordHead) -> bool {
    let share = one.identity.iter().any(|key| other.identity.contains(key));
    !share || group(&[&one.record, &other.record]).len() > 1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashMap;

    use super::*;
    use crate::library::engine::schema::name_key;
    use crate::library::tests::library_of;
    use crate::paper::fold;

    /// The title of the one paper that a name stands for.
    fn title_of(library: &LibrarySnapshot, name: &str) -> Option<String> {
        match &*library.resolve(name, &Aliases::default()) {
            Resolution::Unique(paper) => Some(paper.record.title.clone()),
            _ => None,
        }
    }

    #[test]
    fn an_arxiv_id_is_found_in_any_spelling_and_not_guessed_at() {
        let text = "@misc{a, title = {Whales}, eprint = {2306.02707}, archiveprefix = {arXiv}}\n\
                    @misc{b, title = {Seals}, eprint = {hep-th/9901001}, archiveprefix = {arXiv}}\n\
                    @misc{0704.0001, title = {Otters}}\n\
                    @misc{c, title = {Walruses}, eprint = {0704.0002}, archiveprefix = {arXiv}}\n\
                    @misc{07040002, title = {Penguins}}\n";
        let (_folder, library) = library_of("papers.bib", text);
        let snapshot = library.snapshot();
        for (name, title) in [
            ("2306.02707", "Whales"),
            ("arXiv:2306.02707v3", "Whales"),
            ("2306-02707", "Whales"),
            ("hep-th/9901001", "Seals"),
            ("hep-th_9901001", "Seals"),
            ("0704.0001", "Otters"),
            ("0704.0002", "Walruses"),
        ] {
            assert_eq!(title_of(&snapshot, name).as_deref(), Some(title), "{name}");
        }
        assert_eq!(title_of(&snapshot, "0704 0002"), None, "the key of another paper folds to the same");
        assert_eq!(title_of(&snapshot, "07040002").as_deref(), Some("Penguins"), "written like the key");
        // Another id is another paper, and no slip of the pen.
        assert!(snapshot.near("2306.02708", 3).is_empty());
    }

    #[test]
    fn long_names_with_the_same_term_are_told_apart() {
        let title = |number: u32| format!("Learning to listen to the whales of the northern seas, part {number:05}");
        let mut known: HashMap<String, u32> = HashMap::new();
        let key = |number: u32| name_key(Tier::Title, &fold(&title(number)));
        let pair = (0..100_000).find_map(|number| Some((known.insert(key(number), number)?, number)));
        let (one, other) = pair.unwrap();
        let entries = [one, other].map(|number| format!("@misc{{k{number}, title = {{{}}}}}\n", title(number)));
        let (_folder, library) = library_of("papers.bib", &entries.concat());
        let snapshot = library.snapshot();
        for number in [one, other] {
            assert_eq!(title_of(&snapshot, &title(number)), Some(title(number)));
            let hits = snapshot.search(&title(number), 1);
            assert_eq!(hits[0].stored.record.title, title(number));
            let text = snapshot.citation_text(&hits[0].stored, &Aliases::default()).unwrap();
            assert_eq!(title_of(&snapshot, &text.name), Some(title(number)), "{text:?}");
        }
        for number in [one, other] {
            let near = snapshot.near(&title(number).replace("listen", "listem"), 3);
            assert!(near.iter().any(|near| near.name == title(number)), "{near:?}");
        }
    }
}
