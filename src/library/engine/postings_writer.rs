//! Terms and their documents → the inverted index of a segment.

use std::io;
use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::Field;

use crate::library::engine::interner::{Interner, small};
use crate::library::engine::postings_builder::{PostingLists, PostingsBuilder};
use crate::library::engine::schema::LONGEST_INDEXED_PREFIX;
use crate::library::engine::tokenizers::Marks;

/// Writes the lists of a field of numbers: one number of each document. `order` gives the documents in their final order.
pub(in crate::library) fn write_numbers(
    index: &mut InvertedIndexSerializer,
    field: Field,
    numbers: &[u64],
    order: &[u32],
) -> io::Result<()> {
    let mut pairs: Vec<(u64, u32)> = order.iter().map(|old| numbers[*old as usize]).zip(0..).collect();
    pairs.sort_unstable();
    let mut out = index.new_field(field, pairs.len() as u64, None)?;
    for run in pairs.chunk_by(|(a, _), (b, _)| a == b) {
        let Some((number, _)) = run.first() else { continue };
        write_term(&mut out, &number.to_be_bytes(), run.iter().map(|(_, document)| *document))?;
    }
    out.close()
}

/// Writes the lists of a field of whole texts.
pub(in crate::library) fn write_texts(
    index: &mut InvertedIndexSerializer,
    field: Field,
    texts: &Interner,
    occurrences: PostingsBuilder,
    order: &[u32],
) -> io::Result<()> {
    if occurrences.len() == 0 {
        return Ok(());
    }
    let mut out = index.new_field(field, occurrences.len() as u64, None)?;
    let lists = occurrences.by_term(order);
    for number in texts.sorted() {
        write_term(&mut out, texts.text(number).as_bytes(), lists.documents(number).iter().copied())?;
    }
    out.close()
}

/// Writes the lists of a field of words with frequencies.
pub(in crate::library) fn write_counted(
    index: &mut InvertedIndexSerializer,
    (field, lengths, tokens): (Field, FieldNormReader, u64),
    words: &Interner,
    occurrences: PostingsBuilder,
    order: &[u32],
) -> io::Result<()> {
    if occurrences.len() == 0 {
        return Ok(());
    }
    let mut out = index.new_field(field, tokens, Some(lengths))?;
    let lists = occurrences.by_term(order);
    for number in words.sorted() {
        let documents = lists.documents(number);
        out.new_term(words.text(number).as_bytes(), small(documents.len()), true)?;
        for (document, count) in documents.iter().zip(lists.counts(number)) {
            out.write_doc(*document, u32::from(*count), &[]);
        }
        out.close_term()?;
    }
    out.close()
}

/// Writes the lists of a field of words, each of them whole and with its marked term and all its beginnings of up to
/// `longest` letters, which are no more than [`LONGEST_INDEXED_PREFIX`]. `sorted` has the numbers of all words in the order
/// of their texts.
pub(in crate::library) fn write_beginnings(
    index: &mut InvertedIndexSerializer,
    (field, longest, marks): (Field, usize, Marks),
    (words, sorted): (&Interner, &[u32]),
    occurrences: PostingsBuilder,
    order: &[u32],
) -> io::Result<()> {
    if occurrences.len() == 0 {
        return Ok(());
    }
    let lists = occurrences.by_term(order);
    let sorted: Vec<u32> = sorted.iter().copied().filter(|word| !lists.documents(*word).is_empty()).collect();
    let texts: Vec<&str> = sorted.iter().map(|word| words.text(*word)).collect();
    let mut union = WordUnion::new(&lists, &sorted, order.len());
    // No query reads the number of tokens of a field without lengths.
    let mut out = index.new_field(field, texts.len() as u64, None)?;
    // A mark comes before all letters.
    write_marked(&mut out, marks, (&texts, &sorted), &lists)?;
    // Where the words end that begin with so many letters of the word at hand.
    let mut ends = [texts.len(); LONGEST_INDEXED_PREFIX + 1];
    let mut before = "";
    for (at, word) in texts.iter().copied().enumerate() {
        let known = shared_letters(before, word);
        before = word;
        let mut letters = word.char_indices().skip(1).map(|(end, _)| end).chain([word.len()]);
        for (length, end) in (1..=longest.min(LONGEST_INDEXED_PREFIX)).zip(letters.by_ref()) {
            if length > known {
                let beginning = word.get(..end).unwrap_or_default();
                let others = texts.get(at..ends[length - 1]).unwrap_or_default();
                ends[length] = at + others.partition_point(|other| other.starts_with(beginning));
                write_term(&mut out, beginning.as_bytes(), union.of(at..ends[length]).iter().copied())?;
            }
        }
        if letters.next().is_some() {
            write_term(&mut out, word.as_bytes(), lists.documents(sorted[at]).iter().copied())?;
        }
    }
    out.close()
}

/// Writes the lists of the marked terms of words: each has the documents of all words that have it.
fn write_marked(
    out: &mut FieldSerializer<'_>,
    marks: Marks,
    (texts, numbers): (&[&str], &[u32]),
    lists: &PostingLists,
) -> io::Result<()> {
    let mut term = String::new();
    let marked = texts.iter().zip(numbers).filter_map(|(text, number)| {
        let has_one = marks.put(text, &mut term);
        has_one.then(|| (Box::<str>::from(term.as_str()), *number))
    });
    let mut marked: Vec<(Box<str>, u32)> = marked.collect();
    marked.sort_unstable();
    let mut documents: Vec<u32> = Vec::new();
    for kin in marked.chunk_by(|(one, _), (other, _)| one == other) {
        let Some((term, _)) = kin.first() else { continue };
        documents.clear();
        kin.iter().for_each(|(_, word)| documents.extend_from_slice(lists.documents(*word)));
        if kin.len() > 1 {
            documents.sort_unstable();
            documents.dedup();
        }
        write_term(out, term.as_bytes(), documents.iter().copied())?;
    }
    Ok(())
}

/// How many letters two words have in common from their beginnings.
fn shared_letters(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

fn write_term(out: &mut FieldSerializer<'_>, term: &[u8], documents: impl Iterator<Item = u32>) -> io::Result<()> {
    out.new_term_without_freq(term)?;
    documents.for_each(|document| out.write_doc(document, 0, &[]));
    out.close_term()
}

/// The documents that have any of several neighbouring words.
struct WordUnion<'a> {
    lists: &'a PostingLists,
    sorted: &'a [u32],
    /// The words that `documents` was made for.
    words: Range<usize>,
    documents: Vec<u32>,
    /// A bit for each document of the segment; none is set between calls.
    marks: Vec<u64>,
}

impl<'a> WordUnion<'a> {
    fn new(lists: &'a PostingLists, sorted: &'a [u32], documents: usize) -> WordUnion<'a> {
        let marks = vec![0; documents.div_ceil(64)];
        WordUnion { lists, sorted, words: 0..0, documents: Vec::new(), marks }
    }

    /// The documents in ascending order, each once.
    fn of(&mut self, words: Range<usize>) -> &[u32] {
        let lists = self.lists;
        let mut chosen = self.sorted.get(words.clone()).unwrap_or_default().iter().map(|word| lists.documents(*word));
        if chosen.len() == 1 {
            return chosen.next().unwrap_or_default();
        }
        // A beginning that is one letter longer often has the same words.
        if self.words != words {
            self.words = words;
            self.documents.clear();
            if chosen.clone().map(<[u32]>::len).sum::<usize>() > self.marks.len() / 4 {
                chosen.flatten().for_each(|document| self.marks[*document as usize / 64] |= 1 << (document % 64));
                collect_marks(&mut self.marks, &mut self.documents);
            } else {
                chosen.for_each(|documents| self.documents.extend_from_slice(documents));
                self.documents.sort_unstable();
                self.documents.dedup();
            }
        }
        &self.documents
    }
}

/// Takes away all marks and gives their places.
fn collect_marks(marks: &mut [u64], into: &mut Vec<u32>) {
    for (start, marks) in (0..).step_by(64).zip(marks) {
        let mut left = std::mem::take(marks);
        while left != 0 {
            into.push(start + left.trailing_zeros());
            left &= left - 1;
        }
    }
}
