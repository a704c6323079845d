//! The last stages of a search: words of abstracts, and words that are weighed against one another where no record has all
//! of them. Rare words weigh more than common ones, and a word of the title more than one of the abstract.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader, TERMINATED};

use crate::library::data::hit::MatchKind;
use crate::library::data::record::RecordId;
use crate::library::engine::cost_counters::count;
use crate::library::engine::tokenizers::SHORTEST_STEMMED;
use crate::library::query::closeness::{Place, Scope, WordFit, each_fit, title_steps};
use crate::library::query::hit_list::{CHUNK, HitList};
use crate::library::query::postings::{Budget, Intersection, open_unions};
use crate::library::query::search::MAX_STEPS;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::library::query::term_expansion::QueryTerm;
use crate::library::query::term_union::TermUnion;

/// So many neighbouring documents are marked together at most.
const BLOCK_DOCUMENTS: u32 = 4096;

/// So many documents are marked in about the time of looking one up in a list.
const MARKS_A_STEP: usize = 32;

/// Of twice as many records as are wanted, the newest, the most relevant are taken.
const POOL: usize = 2;

/// With so many hits no record is added that has only some of the words: nobody reads so far down.
const ENOUGH_PARTLY: usize = 12;

/// So many of the records that may be the best are read to find which are.
const MAX_READ: usize = 32;

/// At most so many words are weighed, those that tell most: a record's marks have a bit for each in title and text.
const MAX_WEIGHED: usize = 6;

/// At most so many records are weighed.
const MAX_CANDIDATES: usize = 128;

/// At most about so many documents are marked for all words together.
const MAX_MARKED: u64 = 60_000;

/// Adds records with all words in title or abstract, the most relevant of the newest. The last word may be unfinished.
/// Costs a list for each word.
pub(in crate::library) fn add_abstracts(list: &mut HitList<'_>, words: &[String]) {
    let Some(tokens) = stems(list.library, words) else { return };
    let weights: Vec<f32> =
        tokens.iter().map(|token| weight(list.library, token, &[list.library.index.fields.text])).collect();
    let mut wanted = CHUNK;
    while !list.is_full() {
        let (found, is_cut) = in_abstracts(list.library, &tokens, &weights, wanted, &mut list.steps);
        add_in_order(list, MatchKind::Abstract, found);
        if !is_cut {
            return;
        }
        wanted *= 2;
    }
}

/// Adds records in the order they come in.
fn add_in_order(list: &mut HitList<'_>, kind: MatchKind, records: Vec<RecordId>) {
    for record in records {
        list.add_records(kind, &[record], &|_| Some([0; 5]));
    }
}

/// The newest records with all words, the most relevant first, and whether there may be more.
fn in_abstracts(
    library: &LibrarySnapshot,
    tokens: &[QueryTerm],
    weights: &[f32],
    wanted: usize,
    steps: &mut usize,
) -> (Vec<RecordId>, bool) {
    let field = library.index.fields.text;
    let segments = library.index.searcher.segment_readers();
    let share = MAX_STEPS.min(*steps) / segments.len().max(1);
    let pool = wanted * POOL;
    let mut found: Vec<(u64, f32, RecordId)> = Vec::new();
    for (ordinal, segment) in (0u32..).zip(segments) {
        let mut budget = Budget::new(share, steps);
        let walk = Intersection::open(library, ordinal, &[field], tokens, &mut budget);
        let Some(mut walk) = library.index.note(walk).flatten() else { continue };
        let Some(lengths) = library.index.note(segment.get_fieldnorms_reader(field)) else { continue };
        let Some(ranks) = library.index.ranks(ordinal) else { continue };
        for _ in 0..pool {
            let Some(document) = walk.next(&mut budget) else { break };
            let relevance = walk.relevance(document, &lengths, weights);
            found.push((ranks.first(document).unwrap_or(0), relevance, RecordId::new(ordinal, document)));
        }
    }
    let is_cut = found.len() >= pool;
    found.sort_by_key(|(rank, ..)| Reverse(*rank));
    found.truncate(pool);
    // Those of the same relevance stay in the order of their rank.
    found.sort_by(|(_, a, _), (_, b, _)| b.total_cmp(a));
    found.truncate(wanted);
    (found.into_iter().map(|(_, _, record)| record).collect(), is_cut)
}

/// The words of a query as the text has them; `None` where there is nothing to search for.
fn stems(library: &LibrarySnapshot, words: &[String]) -> Option<Vec<QueryTerm>> {
    let long_enough = |word: &&String| word.chars().count() >= SHORTEST_STEMMED;
    let words: Vec<&String> = words.iter().filter(long_enough).collect();
    let (last, others) = words.split_last()?;
    let mut stems: Vec<QueryTerm> = others.iter().map(|word| library.word_or_inflection(word)).collect();
    stems.push(library.inflection_or_ending(last));
    Some(stems)
}

/// How much it tells that a record has a token: the rarer, the more.
fn weight(library: &LibrarySnapshot, token: &QueryTerm, fields: &[Field]) -> f32 {
    rarity(library.record_count(), library.frequency_of(token, fields)).max(0.1)
}

/// How rare it is that a record has a word: the logarithm of all records for each that has it.
pub(in crate::library) fn rarity(records: u64, with: u64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "the logarithm of a number of records")]
    let share = (records + 1) as f32 / (with as f32 + 0.5);
    share.ln()
}

/// A word that is weighed.
struct Weighed {
    text: String,
    token: QueryTerm,
    weight: f32,
}

/// Adds the records that have most of what the words weigh, in title, names, authors or abstract. Costs a walk through the
/// lists of the words that tell most, and a look at the lists of the others for each record that may be among the best.
/// Small words that were typed as well tell apart what is the same otherwise.
pub(in crate::library) fn add_weighed(list: &mut HitList<'_>, words: &[String], small: &[String]) {
    let library = list.library;
    let typed = words.len();
    let words = weighed_words(library, words, true);
    let mut scored = scored(library, &words, &mut list.steps);
    scored.truncate(MAX_READ);
    // Where in the record a word stands, and whether it is the very word, only the record says.
    let texts: Vec<String> = words.iter().map(|word| word.text.clone()).chain(small.iter().cloned()).collect();
    for (known, it) in &mut scored {
        let Some(head) = library.index.head(it.record) else { continue };
        let fits = each_fit(&head, &texts, Scope::WithInflections);
        *known = score(&words, *it, |at| fits.get(at).map_or(IN_VENUE, share_of));
        let is_there = |fit: &&WordFit| fit.is_whole && fit.place == Some(Place::Title);
        *known -= i64::try_from(fits.iter().skip(words.len()).filter(is_there).count()).unwrap_or(0) * STEPS_OF_SMALL;
    }
    scored.sort_by_key(|(score, _)| *score);
    for same in scored.chunk_by(|(one, _), (other, _)| one == other) {
        let (all, some): (Vec<_>, Vec<_>) = same.iter().map(|(_, it)| *it).partition(|it| it.is_all(typed));
        for (kind, matched) in [(MatchKind::Abstract, all), (MatchKind::Partly, some)] {
            let records: Vec<RecordId> = matched.iter().map(|it| it.record).collect();
            let most = if kind == MatchKind::Partly { ENOUGH_PARTLY } else { usize::MAX };
            list.up_to(most, |list| {
                list.add_records(kind, &records, &|head| Some([title_steps(head), 0, 0, 0, 0]));
            });
        }
    }
}

/// Adds at most so many records that have most of what whole words weigh, as their lists alone say: they are to be read by who
/// asks. Costs what [`add_weighed`] does without reading more records than are added.
pub(in crate::library) fn add_heaviest(list: &mut HitList<'_>, words: &[String], most: usize) {
    let library = list.library;
    let words = weighed_words(library, words, false);
    let scored = scored(library, &words, &mut list.steps).into_iter().take(most);
    add_in_order(list, MatchKind::Partly, scored.map(|(_, it)| it.record).collect());
}

/// The records that may be the best, best first by what the lists of the words say.
fn scored(library: &LibrarySnapshot, words: &[Weighed], steps: &mut usize) -> Vec<(i64, Matched)> {
    if words.is_empty() {
        return Vec::new();
    }
    let mut candidates = candidates(library, words, steps);
    look_up(library, words, &mut candidates);
    let mut scored: Vec<(i64, Matched)> =
        candidates.into_iter().map(|it| (score(words, it, |_| IN_TITLE), it)).collect();
    scored.sort_by_key(|(score, it)| (*score, it.found_at));
    scored
}

/// How much of its weight a word has by where it stands: in the title or a name, among the authors, in the venue, in the
/// abstract alone.
const IN_TITLE: f32 = 1.0;
const AMONG_AUTHORS: f32 = 0.8;
const IN_VENUE: f32 = 0.6;
const IN_ABSTRACT: f32 = 0.5;

fn share_of(fit: &WordFit) -> f32 {
    match fit.place {
        Some(Place::Title | Place::Name) if fit.is_whole => IN_TITLE,
        #[expect(clippy::cast_precision_loss, reason = "a few letters")]
        Some(Place::Title | Place::Name) => (IN_TITLE - OFF_BY_A_LETTER * fit.off as f32).max(IN_VENUE),
        Some(Place::FirstAuthor | Place::Author) => AMONG_AUTHORS,
        Some(Place::Given | Place::Other) | None => IN_VENUE,
    }
}

/// The score of a record, smaller is better: what its words weigh, the more of them there are the more.
fn score(words: &[Weighed], matched: Matched, share: impl Fn(usize) -> f32) -> i64 {
    let total: f32 = words.iter().map(|word| word.weight).sum();
    let (mut score, mut covered) = (0.0, 0.0);
    for (at, word) in words.iter().enumerate() {
        let share = match (matched.in_title >> at & 1, matched.in_text >> at & 1) {
            (1, _) => share(at),
            (_, 1) => IN_ABSTRACT,
            _ => continue,
        };
        score += word.weight * share;
        covered += word.weight;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a few thousands at most")]
    let score = (score * covered / total * STEPS_OF_SCORE).round() as i64;
    -score
}

/// A small word counts so many of those steps.
const STEPS_OF_SMALL: i64 = 6;

/// A word of the title that is kin of one that was typed counts so much less for each letter that parts them.
const OFF_BY_A_LETTER: f32 = 0.1;

/// Scores that differ by less than one step in so many are the same.
const STEPS_OF_SCORE: f32 = 32.0;

/// The words that are in any record, those that tell most, as they may match. The last one may be unfinished, where it
/// `may_go_on`.
fn weighed_words(library: &LibrarySnapshot, words: &[String], may_go_on: bool) -> Vec<Weighed> {
    let fields = library.index.fields.all_words_and_text();
    let last = words.len().checked_sub(1).filter(|_| may_go_on);
    let weighed = words.iter().enumerate().filter_map(|(at, word)| {
        let token =
            if Some(at) == last { library.inflection_or_ending(word) } else { library.word_or_inflection(word) };
        library.is_known(&token, &fields).then(|| Weighed {
            weight: weight(library, &token, &fields),
            token,
            text: word.clone(),
        })
    });
    let mut weighed: Vec<Weighed> = weighed.collect();
    weighed.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    weighed.truncate(MAX_WEIGHED);
    weighed
}

/// Which of the words a record has, a bit for each.
#[derive(Debug, Clone, Copy)]
struct Matched {
    record: RecordId,
    /// It was found as so manieth.
    found_at: usize,
    in_title: u32,
    in_text: u32,
    /// Whether all lists were asked for it.
    is_known: bool,
}

impl Matched {
    /// A record with these marks, which are all that it has where it `is_known`.
    fn new(record: RecordId, marks: u16, is_known: bool) -> Matched {
        let (in_title, in_text) = (u32::from(marks & (TEXT_MARK - 1)), u32::from(marks >> MAX_WEIGHED));
        Matched { record, found_at: 0, in_title, in_text, is_known }
    }

    fn is_all(self, words: usize) -> bool {
        (self.in_title | self.in_text).count_ones() as usize == words
    }
}

/// The records that may have most of what the words weigh. Those with all words are found at any size of the library; of
/// the others those that have one of the rarest words, and of these the best-ranked where there are very many.
fn candidates(library: &LibrarySnapshot, words: &[Weighed], steps: &mut usize) -> Vec<Matched> {
    let fields = library.index.fields;
    let tokens: Vec<QueryTerm> = words.iter().map(|word| word.token.clone()).collect();
    let mut candidates = library.matching_all(&fields.all_words(), &tokens, CHUNK, steps);
    let segments = library.index.searcher.segment_readers();
    let share = MAX_MARKED / segments.len().max(1) as u64;
    let mut marked: Vec<(i64, Reverse<u64>, RecordId, Matched)> = Vec::new();
    let mut is_whole = true;
    for (ordinal, segment) in (0u32..).zip(segments) {
        let Some(mut lists) = library.index.note(marking_lists(library, ordinal, words)) else { continue };
        let Some(ranks) = library.index.ranks(ordinal) else { continue };
        let is_known = keep_rarest(&mut lists, share);
        is_whole &= is_known;
        let (by_marks, marks_made) = marked_documents(lists, segment, share);
        count(&library.index.counters.list_steps, marks_made / MARKS_A_STEP);
        for (marks, documents) in by_marks {
            let of = |document| Matched::new(RecordId::new(ordinal, document), marks, is_known);
            let score = score(words, of(0), |_| IN_TITLE);
            let ranked = |it| (score, Reverse(ranks.first(it).unwrap_or(0)), of(it).record, of(it));
            marked.extend(documents.into_iter().map(ranked));
        }
    }
    if !is_whole {
        candidates.extend(library.matching_all(&fields.all_words_and_text(), &tokens, CHUNK, steps));
    }
    marked.sort_unstable_by_key(|(score, rank, record, _)| (*score, *rank, *record));
    let known: FxHashMap<RecordId, Matched> =
        marked.iter().filter(|(.., it)| it.is_known).map(|(.., it)| (it.record, *it)).collect();
    let all = candidates.into_iter().map(|at| known.get(&at).copied().unwrap_or(Matched::new(at, 0, false)));
    let mut seen = FxHashSet::default();
    let all = all.chain(marked.into_iter().map(|(.., it)| it).take(MAX_CANDIDATES));
    let all = all.filter(|it| seen.insert(it.record)).enumerate();
    all.map(|(found_at, it)| Matched { found_at, ..it }).collect()
}

/// The documents of a word in a segment, and the mark they get.
struct MarkingList {
    mark: u16,
    union: TermUnion,
}

/// The lists of all words, those of the titles and those of the abstracts.
fn marking_lists(library: &LibrarySnapshot, ordinal: u32, words: &[Weighed]) -> tantivy::Result<Vec<MarkingList>> {
    let fields = library.index.fields;
    let mut lists = Vec::with_capacity(2 * words.len());
    for (at, word) in words.iter().enumerate() {
        let token = std::slice::from_ref(&word.token);
        for (mark, searched) in [(TITLE_MARK << at, &fields.all_words()[..]), (TEXT_MARK << at, &[fields.text])] {
            let unions = open_unions(library, ordinal, searched, token)?;
            lists.extend(unions.into_iter().map(|union| MarkingList { mark, union }));
        }
    }
    Ok(lists)
}

/// The first word's mark in a title, names, authors or venue, and in an abstract; those of the others follow.
const TITLE_MARK: u16 = 1;
const TEXT_MARK: u16 = TITLE_MARK << MAX_WEIGHED;

/// Keeps the shortest lists that have together so many documents, and one at least. True where that is all.
fn keep_rarest(lists: &mut Vec<MarkingList>, most: u64) -> bool {
    lists.sort_by_key(|list| list.union.length);
    let mut documents = 0;
    let kept = lists.iter().take_while(|list| {
        documents += list.union.length;
        documents <= most
    });
    let (kept, all) = (kept.count().max(1), lists.len());
    lists.truncate(kept);
    kept >= all
}

/// The documents of some lists by their marks, of each choice of marks the best-ranked; and how many marks were made, at
/// most about `most`. A window of documents is marked at a time.
fn marked_documents(
    mut lists: Vec<MarkingList>,
    segment: &SegmentReader,
    most: u64,
) -> (FxHashMap<u16, Vec<DocId>>, usize) {
    let mut by_marks: FxHashMap<u16, Vec<DocId>> = FxHashMap::default();
    let mut marks = [0_u16; BLOCK_DOCUMENTS as usize];
    let mut touched: Vec<DocId> = Vec::with_capacity(BLOCK_DOCUMENTS as usize);
    let (mut from, mut made) = (0, 0);
    while (made as u64) < most {
        let first = lists.iter_mut().map(|list| list.union.seek(from).0).min().unwrap_or(TERMINATED);
        if first == TERMINATED {
            break;
        }
        let range = first..first.saturating_add(BLOCK_DOCUMENTS).min(TERMINATED);
        for MarkingList { mark, union } in &mut lists {
            union.each_in(&range, |document| {
                let marks = &mut marks[(document - first) as usize];
                if *marks == 0 {
                    touched.push(document);
                }
                *marks |= *mark;
                made += 1;
            });
        }
        touched.sort_unstable();
        for document in touched.drain(..) {
            let marks = std::mem::take(&mut marks[(document - first) as usize]);
            let known = by_marks.entry(marks).or_default();
            if known.len() < MAX_CANDIDATES && !segment.is_deleted(document) {
                known.push(document);
            }
        }
        from = range.end;
    }
    (by_marks, made)
}

/// Looks up what those records have of the words of which that is not known: in title, names, authors and venue, or in the
/// text alone.
fn look_up(library: &LibrarySnapshot, words: &[Weighed], records: &mut [Matched]) {
    let fields = library.index.fields;
    // Lists are walked in one direction.
    records.sort_unstable_by_key(|it| (it.is_known, it.record));
    let unknown = records.partition_point(|it| !it.is_known);
    for of_segment in records[..unknown].chunk_by_mut(|a, b| a.record.segment == b.record.segment) {
        let Some(ordinal) = of_segment.first().map(|it| it.record.segment) else { continue };
        for (at, word) in words.iter().enumerate() {
            let token = std::slice::from_ref(&word.token);
            let union = |searched: &[Field]| library.index.note(open_unions(library, ordinal, searched, token));
            let (Some(mut titles), Some(mut texts)) = (union(&fields.all_words()), union(&[fields.text])) else {
                continue;
            };
            let mut steps = 0;
            for it in of_segment.iter_mut() {
                let mut is_in = |unions: &mut Vec<TermUnion>| {
                    let found = unions.iter_mut().any(|union| {
                        let (found, cost) = union.seek(it.record.document);
                        steps += cost;
                        found == it.record.document
                    });
                    u32::from(found) << at
                };
                it.in_title |= is_in(&mut titles);
                // A word of the title is one of the text as well.
                if it.in_title >> at & 1 == 0 {
                    it.in_text |= is_in(&mut texts);
                }
            }
            count(&library.index.counters.list_steps, steps);
        }
    }
}
