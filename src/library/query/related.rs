//! Papers whose titles and abstracts are nearest to another's: the cosine between their words, each weighed by how rare it
//! is, those of titles twice.

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::collector::TopDocs;
use tantivy::postings::Postings;
use tantivy::query::MoreLikeThisQuery;
use tantivy::schema::{IndexRecordOption, OwnedValue};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use crate::library::data::record::{LibraryPaper, RecordId};
use crate::library::engine::cost_counters::count;
use crate::library::engine::plain::{OwnWay, is_plain};
use crate::library::engine::tokenizers::{StemmedWords, stem};
use crate::library::engine::word_forms::is_small;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::library::query::weighed::rarity;
use crate::paper::Record;

/// A word of the title counts as so many of the abstract.
const TITLE_WEIGHT: f32 = 2.0;

/// Papers with fewer words in common are not related.
const MIN_SHARED_WORDS: u32 = 2;

/// The lists of the most telling words are walked until so many documents were met; of the first few words in any case.
const MAX_DOCUMENTS_MET: u64 = 400_000;
const MIN_WORDS_WALKED: usize = 3;

/// So many of the nearest by those words are compared by all of their words.
const MIN_COMPARED: usize = 64;

/// Of terms that more records of a part of the index have, those that were deleted are not counted one by one.
const MAX_COUNTED: u32 = 2_000;

/// Papers are as near as one another where they differ by less.
const NEARNESS_STEP: f32 = 0.001;

/// The words of a text, each with how often it stands there; those of the title count more.
type Words = FxHashMap<String, f32>;

/// How rare words are, for words that were asked for.
#[derive(Default)]
struct Rarities(FxHashMap<String, f32>);

impl Rarities {
    /// See [`rarity`]; what every record has counts nothing.
    fn of(&mut self, library: &LibrarySnapshot, word: &str) -> f32 {
        if let Some(known) = self.0.get(word) {
            return *known;
        }
        let with = library.records_with(&Term::from_field_text(library.index.fields.text, word));
        let rarity = rarity(library.record_count(), with).max(0.0);
        self.0.insert(word.to_owned(), rarity);
        rarity
    }
}

/// A text as a direction: its words with their weights, of length 1.
struct Direction(FxHashMap<String, f32>);

impl Direction {
    fn of(library: &LibrarySnapshot, words: Words, rarities: &mut Rarities) -> Direction {
        let mut weights: FxHashMap<String, f32> = words
            .into_iter()
            .map(|(word, often)| {
                let weight = damped(often) * rarities.of(library, &word);
                (word, weight)
            })
            .collect();
        // In an order of their own: sums of the same numbers in another order are other numbers.
        let mut squares: Vec<f32> = weights.values().map(|weight| weight * weight).collect();
        squares.sort_by(f32::total_cmp);
        let length = squares.iter().sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        weights.values_mut().for_each(|weight| *weight /= length);
        Direction(weights)
    }

    /// The cosine between two directions, and how many words they have in common.
    fn nearness(&self, other: &Direction) -> (f32, u32) {
        let mut products: Vec<f32> =
            self.0.iter().filter_map(|(word, weight)| Some(weight * other.0.get(word)?)).collect();
        products.sort_by(f32::total_cmp);
        (products.iter().sum(), u32::try_from(products.len()).unwrap_or(u32::MAX))
    }

    /// The words, those with most weight first.
    fn by_weight(&self) -> Vec<(&str, f32)> {
        let mut words: Vec<(&str, f32)> = self.0.iter().map(|(word, weight)| (word.as_str(), *weight)).collect();
        words.sort_by(|(a, one), (b, other)| other.total_cmp(one).then_with(|| a.cmp(b)));
        words
    }
}

/// What a word that stands there so often counts: the tenth time tells less than the first.
fn damped(often: f32) -> f32 {
    1.0 + often.max(1.0).ln()
}

/// The stems of title and abstract. Small words tell nothing.
fn words_of(record: &Record) -> Words {
    let mut words = Words::default();
    let texts = [(record.title.as_str(), TITLE_WEIGHT), (record.abstract_text.as_deref().unwrap_or_default(), 1.0)];
    let (mut lower, mut stemmed) = (String::new(), String::new());
    for (text, weight) in texts {
        let mut each = StemmedWords::of(text);
        while each.next_into(&mut lower) {
            if !is_small(&lower) {
                stemmed.clear();
                stem(&lower, &mut stemmed);
                *words.entry(stemmed.clone()).or_default() += weight;
            }
        }
    }
    words
}

impl LibrarySnapshot {
    /// The papers nearest by the words of title and abstract, nearest first, at most `most`; the paper itself is not among
    /// them. Takes time in proportion to how common its words are, up to a limit.
    pub fn related(&self, paper: &LibraryPaper, most: usize) -> Vec<Arc<LibraryPaper>> {
        if is_plain(OwnWay::Related) {
            return self.more_like_this(paper, most).unwrap_or_default();
        }
        let mut rarities = Rarities::default();
        let own = Direction::of(self, words_of(&paper.record), &mut rarities);
        let compared = MIN_COMPARED.max(most.saturating_add(paper.sources.len()).saturating_mul(2));
        let mut nearest: Vec<(f32, Record, RecordId)> = Vec::new();
        for at in self.sharing_words(&own, &mut rarities, compared) {
            let Some(stored) = self.index.load(at) else { continue };
            let (nearness, shared) = own.nearness(&Direction::of(self, words_of(&stored.record), &mut rarities));
            if shared >= MIN_SHARED_WORDS {
                nearest.push(((nearness / NEARNESS_STEP).round(), stored.record, at));
            }
        }
        nearest.sort_by(|(a, one, _), (b, other, _)| {
            b.total_cmp(a).then_with(|| (&one.title, &one.keys).cmp(&(&other.title, &other.keys)))
        });
        self.papers_beside(paper, nearest.into_iter().map(|(_, _, at)| at), most)
    }

    /// What tantivy takes for related.
    fn more_like_this(&self, paper: &LibraryPaper, most: usize) -> Option<Vec<Arc<LibraryPaper>>> {
        let record = &paper.record;
        let texts = [&record.title, record.abstract_text.as_ref().unwrap_or(&record.title)];
        let texts = texts.map(|text| OwnedValue::Str(text.clone())).to_vec();
        let query = MoreLikeThisQuery::builder().with_document_fields(vec![(self.index.fields.text, texts)]);
        let best = TopDocs::with_limit(2 * most + paper.sources.len()).order_by_score();
        let found = self.index.note(self.index.searcher.search(&query, &best))?;
        let records = found.into_iter().map(|(_, at)| RecordId::new(at.segment_ord, at.doc_id));
        Some(self.papers_beside(paper, records, most))
    }

    /// The papers of some records, at most `most`, but for one.
    fn papers_beside(
        &self,
        paper: &LibraryPaper,
        records: impl Iterator<Item = RecordId>,
        most: usize,
    ) -> Vec<Arc<LibraryPaper>> {
        let mut related: Vec<Arc<LibraryPaper>> = Vec::new();
        for at in records {
            if related.len() >= most {
                break;
            }
            // Several records may be of one paper, and some of the paper itself.
            let Some(other) = self.papers(&[at]).into_iter().next() else { continue };
            if !other.is_same(paper) && !related.iter().any(|known| known.is_same(&other)) {
                related.push(other);
            }
        }
        related
    }

    /// How many records have a term. Of rare terms those are left out that were deleted and not yet cleared away, so that
    /// the number does not depend on how the index came to be.
    fn records_with(&self, term: &Term) -> u64 {
        let of_segment = |segment: &SegmentReader| -> tantivy::Result<u64> {
            let index = segment.inverted_index(term.field())?;
            let Some(found) = index.get_term_info(term)? else { return Ok(0) };
            match segment.alive_bitset() {
                Some(alive) if found.doc_freq <= MAX_COUNTED => {
                    let postings = index.read_postings_from_terminfo(&found, IndexRecordOption::Basic)?;
                    Ok(u64::from(postings.doc_freq_given_deletes(alive)))
                }
                _ => Ok(u64::from(found.doc_freq)),
            }
        };
        let segments = self.index.searcher.segment_readers().iter();
        segments.filter_map(|segment| self.index.note(of_segment(segment))).sum()
    }

    /// The records that share most of the weight of a text, at most `most`.
    fn sharing_words(&self, direction: &Direction, rarities: &mut Rarities, most: usize) -> Vec<RecordId> {
        let field = self.index.fields.text;
        let mut left = MAX_DOCUMENTS_MET;
        let words = direction.by_weight().into_iter().enumerate().filter_map(|(at, (word, weight))| {
            let term = Term::from_field_text(field, word);
            let documents = self.records_with(&term);
            let is_walked = weight > 0.0 && (at < MIN_WORDS_WALKED || documents <= left);
            left = left.saturating_sub(documents);
            is_walked.then(|| (term, weight * rarities.of(self, word)))
        });
        let words: Vec<(Term, f32)> = words.collect();
        let mut found: Vec<(f32, Reverse<u64>, RecordId)> = Vec::new();
        for (ordinal, segment) in (0u32..).zip(self.index.searcher.segment_readers()) {
            let Some(index) = self.index.note(segment.inverted_index(field)) else { continue };
            let Some(lengths) = self.index.note(segment.get_fieldnorms_reader(field)) else { continue };
            let Some(ranks) = self.index.ranks(ordinal) else { continue };
            let mut weights: Vec<f32> = vec![0.0; segment.max_doc() as usize];
            let mut met: Vec<DocId> = Vec::new();
            let mut steps = 0;
            for (term, weight) in &words {
                let Some(postings) = self.index.note(index.read_postings(term, IndexRecordOption::WithFreqs)).flatten()
                else {
                    continue;
                };
                let mut postings = postings;
                while postings.doc() != TERMINATED {
                    let sum = &mut weights[postings.doc() as usize];
                    if *sum == 0.0 {
                        met.push(postings.doc());
                    }
                    #[expect(clippy::cast_precision_loss, reason = "how often a word stands in a text")]
                    let often = postings.term_freq() as f32;
                    *sum += weight * damped(often);
                    steps += 1;
                    postings.advance();
                }
            }
            count(&self.index.counters.list_steps, steps);
            met.retain(|document| !segment.is_deleted(*document));
            let mut scored: Vec<(f32, DocId)> = met
                .into_iter()
                .map(|document| {
                    #[expect(clippy::cast_precision_loss, reason = "a number of words")]
                    let length = lengths.fieldnorm(document).max(1) as f32;
                    (weights[document as usize] / length.sqrt(), document)
                })
                .collect();
            scored.sort_unstable_by(|(a, one), (b, other)| b.total_cmp(a).then(one.cmp(other)));
            scored.truncate(most);
            let ranked = |(score, document)| {
                (score, Reverse(ranks.first(document).unwrap_or(0)), RecordId::new(ordinal, document))
            };
            found.extend(scored.into_iter().map(ranked));
        }
        found.sort_by(|(a, one, _), (b, other, _)| b.total_cmp(a).then_with(|| one.cmp(other)));
        found.truncate(most);
        found.into_iter().map(|(.., at)| at).collect()
    }
}
