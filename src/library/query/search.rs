//! Search as a researcher types: stage by stage, best kind of match first, until the list is full.
//!
//! The stages here find what was typed as it was typed; [`super::forgiving`] has those that forgive, which run only where
//! these leave the list short, and [`super::weighed`] those that weigh words against one another.

use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};

use crate::library::data::hit::{Hit, MatchKind};
use crate::library::data::papers::Papers;
use crate::library::data::record::{RecordHead, RecordId};
use crate::library::engine::cost_counters::count;
use crate::library::engine::schema::{
    CUT_NAME, LONGEST_INDEXED_PREFIX, NameInTerm, after, name_in_key, name_key, name_terms,
};
use crate::library::query::closeness::{as_beginning, as_name, as_newest, as_title, as_words, has_all_whole};
use crate::library::query::filters::split_filters;
use crate::library::query::forgiving::forgiving_stages;
use crate::library::query::hit_list::{CHUNK, Found, HitList};
use crate::library::query::postings::{Budget, Intersection};
use crate::library::query::resolve::NAME_KINDS;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::library::query::term_expansion::QueryTerm;
use crate::library::query::typed::Typed;
use crate::library::query::weighed::{add_abstracts, add_heaviest};
use crate::paper::lookup_key;
use crate::priority::yield_now;

/// With at least this many hits as typed, nothing is forgiven: that takes longer than all the rest.
const ENOUGH_AS_TYPED: usize = 8;

/// So many words that are all in a title as they were typed are what was meant: they are the title.
const MANY_WORDS: usize = 3;

/// So are two words of at least this many letters.
const LONG_WORD: usize = 4;

/// At most about this many steps are made in lists of documents for one kind of match.
pub(in crate::library) const MAX_STEPS: usize = 40_000;

/// At most this many names that begin as was typed are looked at in one part of the index.
const MAX_NAMES: usize = 1_024;

/// Lists of this length are looked at in advance.
const ENOUGH_TO_WARM_UP: usize = 50;

impl LibrarySnapshot {
    /// The papers that answer best to a query, best first, at most `limit`; the first of a longer list are the shorter
    /// list. An empty query gives the newest papers; filters in it, as [`split_filters`](crate::library::split_filters)
    /// finds them, narrow the papers. The cost grows with `limit`, hardly with the library.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let mut list = HitList::new(self, limit);
        let (filters, rest) = split_filters(query);
        let filters = self.filter_tokens(&filters);
        let typed = Typed::new(if filters.is_some() { &rest } else { query });
        if typed.is_empty() {
            newest(&mut list, &filters.unwrap_or_default());
            return list.into_hits();
        }
        if let Some(filters) = filters {
            list.narrow(self.within(&filters));
        }
        exact_names(&mut list, &typed);
        beginnings(&mut list, &typed);
        let words = typed.strictly();
        for kind in [MatchKind::NameWords, MatchKind::Title, MatchKind::Authors] {
            all_words(&mut list, kind, &typed, &words);
        }
        if list.is_full() {
            return list.into_hits();
        }
        if is_settled(&list, &words) {
            add_abstracts(&mut list, &words);
        } else {
            forgiving_stages(&mut list, &typed);
        }
        list.into_hits()
    }

    /// The papers that have all words of a reference, small ones aside, best first, at most `limit`; where there are none
    /// and some `may_be_missing`, those that have most of what the words weigh. Costs a list for each word and field, and what
    /// [`add_heaviest`] costs.
    pub(in crate::library) fn search_whole_words(&self, text: &str, limit: usize, may_be_missing: bool) -> Vec<Hit> {
        let mut list = HitList::new(self, limit);
        let typed = Typed::new(text);
        if typed.is_empty() {
            return Vec::new();
        }
        exact_names(&mut list, &typed);
        let words = typed.telling();
        let tokens: Vec<QueryTerm> = words.iter().map(|word| self.word_or_inflection(word)).collect();
        let found = self.matching_all(&self.index.fields.all_words(), &tokens, CHUNK, &mut list.steps);
        list.add_records(MatchKind::Authors, &found, &|head| Some(as_words(head, &words)));
        if list.len() == 0 && may_be_missing {
            add_heaviest(&mut list, &words, limit);
        }
        list.into_hits()
    }

    /// Looks at the index once, so that the first list a user sees does not wait for the disk, nor for what
    /// is computed once per process.
    pub(in crate::library) fn warm_up(&self) {
        (self as &dyn Papers).warm_up_thread();
        for letter in 'a'..='z' {
            self.search(letter.encode_utf8(&mut [0; 4]), ENOUGH_TO_WARM_UP);
            yield_now();
        }
        self.search("jqxwzvkqjx", 1);
        self.near("jqxwzvkqjx", 1);
    }

    /// Records one of whose names is exactly the query, folded.
    fn exactly(&self, query: &str, folded: &str) -> Vec<RecordId> {
        const MAX: usize = 16;
        let by_name = NAME_KINDS.into_iter().flat_map(|tier| name_terms(self.index.fields, tier, folded));
        self.identifier_terms(query).chain(by_name).flat_map(|term| self.index.addresses(&term, MAX)).collect()
    }

    /// The best-ranked records that match each token in one of some fields, at most `most`. Takes what that costs from
    /// the steps that may yet be made.
    pub(in crate::library) fn matching_all(
        &self,
        fields: &[Field],
        tokens: &[QueryTerm],
        most: usize,
        steps: &mut usize,
    ) -> Vec<RecordId> {
        let segments = self.index.searcher.segment_readers();
        let mut found: Vec<(u64, RecordId)> = Vec::new();
        let share = MAX_STEPS.min(*steps) / segments.len().max(1);
        for ordinal in (0u32..).take(segments.len()) {
            let mut budget = Budget::new(share, steps);
            let walk = Intersection::open(self, ordinal, fields, tokens, &mut budget);
            let Some(mut walk) = self.index.note(walk).flatten() else { continue };
            // A single segment is in the order of the rank already.
            let ranks = if segments.len() > 1 { self.index.ranks(ordinal) } else { None };
            let rank = |document| ranks.and_then(|ranks| ranks.first(document)).unwrap_or(0);
            let documents = std::iter::from_fn(|| walk.next(&mut budget)).take(most);
            found.extend(documents.map(|it| (rank(it), RecordId::new(ordinal, it))));
        }
        found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        found.truncate(most);
        found.into_iter().map(|(_, address)| address).collect()
    }

    /// As [`LibrarySnapshot::matching_all`], and whether there may be more.
    pub(in crate::library) fn found(
        &self,
        fields: &[Field],
        tokens: &[QueryTerm],
        most: usize,
        steps: &mut usize,
    ) -> Found {
        let records = self.matching_all(fields, tokens, most, steps);
        Found { is_cut: records.len() >= most, records }
    }

    /// Records with a name that begins so, those of the shortest names first: of all kinds of names. The beginning has
    /// more than [`LONGEST_INDEXED_PREFIX`] letters, so that few names are like it; of each part of the index at most
    /// [`MAX_NAMES`] are looked at, in alphabetical order.
    fn named_so(&self, folded: &str, most: usize) -> Found {
        let mut names: Vec<(usize, String, u32, TermInfo)> = Vec::new();
        let beginning: String = folded.chars().take(CUT_NAME).collect();
        for (ordinal, segment) in (0u32..).zip(self.index.searcher.segment_readers()) {
            let Some(index) = self.index.note(segment.inverted_index(self.index.fields.name)) else { continue };
            let mut looked_at = 0;
            for tier in NAME_KINDS {
                let key = name_key(tier, &beginning);
                let range = index.terms().range().ge(&key).lt(after(&key)).into_stream();
                let Some(mut terms) = self.index.note(range) else { continue };
                while looked_at < MAX_NAMES && terms.advance() {
                    looked_at += 1;
                    let key = std::str::from_utf8(terms.key()).unwrap_or_default();
                    let length = match name_in_key(key) {
                        NameInTerm::Whole(name) => name.chars().count(),
                        NameInTerm::Cut(_, length) => length,
                    };
                    names.push((length, key.to_owned(), ordinal, terms.value().clone()));
                }
            }
            count(&self.index.counters.terms_walked, looked_at);
        }
        names.sort_unstable_by(|(a, one, ..), (b, other, ..)| (a, one).cmp(&(b, other)));
        let mut records = Vec::new();
        for (_, _, ordinal, term) in names {
            if records.len() >= most {
                return Found { records, is_cut: true };
            }
            let segment = self.index.searcher.segment_reader(ordinal);
            let postings = segment
                .inverted_index(self.index.fields.name)
                .and_then(|index| Ok(index.read_postings_from_terminfo(&term, IndexRecordOption::Basic)?));
            if let Some(postings) = self.index.note(postings) {
                self.index.add_alive(ordinal, postings, most, &mut records);
            }
        }
        Found { records, is_cut: false }
    }
}

/// Nothing was typed but filters: the newest papers.
fn newest(list: &mut HitList<'_>, filters: &[QueryTerm]) {
    let fields = list.library.index.fields;
    let field = if filters.is_empty() { fields.title_word } else { fields.name };
    let order = |head: &RecordHead| (!head.record.only_in_notices).then(|| as_newest(head));
    list.add_stage(MatchKind::Recent, order, |library, most, steps| library.found(&[field], filters, most, steps));
}

/// Papers of exactly this name or identifier. Costs a few terms.
fn exact_names(list: &mut HitList<'_>, typed: &Typed) {
    let found = list.library.exactly(&typed.text, &lookup_key(&typed.text));
    list.add_records(MatchKind::ExactName, &found, &|head| Some(as_name(head, &typed.folded)));
}

/// Papers whose title or name begins so, then those whose identifier does. Costs one list of each kind, or where more was
/// typed than lists are made for, as many terms as there are such names.
fn beginnings(list: &mut HitList<'_>, typed: &Typed) {
    if typed.folded.is_empty() {
        return;
    }
    let (fields, kind) = (list.library.index.fields, MatchKind::NamePrefix);
    let order = |head: &_| as_beginning(head, typed);
    if typed.folded.chars().count() > LONGEST_INDEXED_PREFIX {
        list.add_stage(kind, order, |library, most, _| library.named_so(&typed.folded, most));
    } else {
        for field in [fields.name_start, fields.id_start] {
            let start = [list.library.beginning(&typed.folded)];
            list.add_stage(kind, order, |library, most, steps| library.found(&[field], &start, most, steps));
        }
    }
    if let Some(arxiv) = beginning_of_arxiv(&typed.folded) {
        let start = [list.library.beginning(&arxiv)];
        list.add_stage(kind, order, |library, most, steps| library.found(&[fields.identity], &start, most, steps));
    }
}

/// What the identity of an arXiv id begins with that begins with these digits.
fn beginning_of_arxiv(folded: &str) -> Option<String> {
    let is_beginning =
        (LONGEST_INDEXED_PREFIX + 1..=9).contains(&folded.len()) && folded.bytes().all(|byte| byte.is_ascii_digit());
    is_beginning.then(|| format!("a:{}.{}", &folded[..4], &folded[4..]))
}

/// Papers all of whose words begin so: in their names, in the title, or anywhere but in the abstract. Where there are more
/// than fit into the list, those are looked for besides that have them as whole words. Costs a list for each word and
/// field, three times at most.
fn all_words(list: &mut HitList<'_>, kind: MatchKind, typed: &Typed, words: &[String]) {
    let library = list.library;
    let fields = library.index.fields;
    let searched: &[Field] = match kind {
        MatchKind::NameWords => &[fields.name_word],
        MatchKind::Title => &[fields.title_word],
        _ => &fields.all_words(),
    };
    let begun: Vec<QueryTerm> = words.iter().map(|word| library.beginning(word)).collect();
    let order =
        |head: &_| Some(if kind == MatchKind::Authors { as_words(head, words) } else { as_title(head, typed, words) });
    list.add_stage(kind, order, |library, most, steps| {
        let mut found = library.found(searched, &begun, most, steps);
        if found.is_cut && most == CHUNK {
            add_whole_words(library, searched, words, steps, &mut found.records);
        }
        found
    });
}

/// Adds records that have the words as whole words: all but the last one, which may yet be unfinished; all, where even
/// those are many.
fn add_whole_words(
    library: &LibrarySnapshot,
    fields: &[Field],
    words: &[String],
    steps: &mut usize,
    records: &mut Vec<RecordId>,
) {
    let Some((last, before)) = words.split_last() else { return };
    let mut tokens: Vec<QueryTerm> = before.iter().map(|word| library.word_or_inflection(word)).collect();
    if !before.is_empty() {
        tokens.push(library.beginning(last));
        let found = library.found(fields, &tokens, CHUNK, steps);
        records.extend(found.records);
        if !found.is_cut {
            return;
        }
        tokens.pop();
    }
    tokens.push(library.word_or_inflection(last));
    records.extend(library.matching_all(fields, &tokens, CHUNK, steps));
}

/// Whether what was typed is most likely what was meant: much was found, a name begins so, a title has all of many
/// words, or a record has several words all whole. Nothing is forgiven then.
fn is_settled(list: &HitList<'_>, words: &[String]) -> bool {
    let long = words.iter().filter(|word| word.chars().count() >= LONG_WORD).count();
    let best = if words.len() >= MANY_WORDS || long > 1 { MatchKind::Title } else { MatchKind::NamePrefix };
    let has_whole_words = || words.len() > 1 && list.first().is_some_and(|head| has_all_whole(head, words));
    list.best_kind().is_some_and(|kind| kind <= best) || list.len() >= ENOUGH_AS_TYPED || has_whole_words()
}
