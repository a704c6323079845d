//! Building one segment of the index: documents are taken up in memory, and written in the order of their rank.
//!
//! What is written is what tantivy's own writer would write of the same documents. Here words are counted by numbers
//! instead of by texts, and the beginnings of words are found when all words are there: that costs half.

use tantivy::Segment;
use tantivy::directory::{FileSlice, TerminatingWrite};
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReader, FieldNormsSerializer};
use tantivy::index::{SegmentComponent, SegmentMeta};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Document, Field};
use tantivy::store::StoreWriter;

use crate::library::engine::index_document::{DocumentValue, IndexDocument};
use crate::library::engine::interner::{Interner, small};
use crate::library::engine::postings_builder::PostingsBuilder;
use crate::library::engine::postings_writer::{write_beginnings, write_counted, write_numbers, write_texts};
use crate::library::engine::schema::Fields;
use crate::library::engine::tokenizers::{StemmedWords, WORD_SEPARATOR, stem};

/// What the numbers of a document take, in bytes, once while they are collected and once while they are written.
const PER_DOCUMENT: usize = 96;

/// A segment that is being built.
pub(in crate::library) struct SegmentBuilder {
    segment: Segment,
    fields: Fields,
    files: Vec<u64>,
    addresses: Vec<u64>,
    ranks: Vec<u64>,
    identities: Texts,
    names: Texts,
    words: Words,
    stems: Stemmed,
    kept: Kept,
}

impl SegmentBuilder {
    /// An empty segment.
    pub fn new(segment: Segment, fields: Fields) -> SegmentBuilder {
        SegmentBuilder {
            segment,
            fields,
            files: Vec::new(),
            addresses: Vec::new(),
            ranks: Vec::new(),
            identities: Texts::default(),
            names: Texts::default(),
            words: Words::default(),
            stems: Stemmed::default(),
            kept: Kept::default(),
        }
    }

    /// Takes up a document.
    pub fn add(&mut self, entry: &IndexDocument) {
        let fields = self.fields;
        for (field, value) in entry.iter_fields_and_values() {
            match value {
                DocumentValue::Number(number) if field == fields.file => self.files.push(number),
                DocumentValue::Number(number) if field == fields.address => self.addresses.push(number),
                DocumentValue::Number(number) => self.ranks.push(number),
                DocumentValue::Bytes(bytes) => self.kept.add(bytes),
                DocumentValue::Text(text) if field == fields.identity => self.identities.add(text),
                DocumentValue::Text(text) if field == fields.name => self.names.add(text),
                DocumentValue::Text(text) if field == fields.text => self.stems.add(text),
                DocumentValue::Text(list) => self.words.add(fields, field, list),
            }
        }
        self.identities.occurrences.end_document();
        self.names.occurrences.end_document();
        self.words.occurrences.iter_mut().for_each(PostingsBuilder::end_document);
        self.stems.end_document();
        self.kept.end_document();
    }

    /// Memory taken, in bytes, with what writing will take: fields are written one after the other.
    pub fn memory(&self) -> usize {
        let texts = [&self.identities.occurrences, &self.names.occurrences, &self.stems.occurrences];
        let all = texts.into_iter().chain(&self.words.occurrences);
        let taken: usize = all.clone().map(PostingsBuilder::memory).sum();
        let most_to_write = all.map(PostingsBuilder::memory_by_term).max().unwrap_or_default();
        self.identities.texts.memory()
            + self.names.texts.memory()
            + self.words.words.memory()
            + self.stems.memory()
            + taken
            + most_to_write
            + self.kept.bytes.len()
            + PER_DOCUMENT * self.ranks.len()
    }

    /// Writes the segment to disk.
    pub fn write(self) -> tantivy::Result<SegmentMeta> {
        let SegmentBuilder { segment, fields, files, addresses, ranks, identities, names, words, stems, kept } = self;
        let mut order: Vec<u32> = (0..small(ranks.len())).collect();
        order.sort_by_key(|document| std::cmp::Reverse(ranks[*document as usize]));
        let order = order.as_slice();

        let lengths: Vec<u8> = order.iter().map(|document| stems.lengths[*document as usize]).collect();
        let mut norms = FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?;
        norms.serialize_field(fields.text, &lengths)?;
        norms.close()?;

        let mut index = InvertedIndexSerializer::open(&segment)?;
        // In the order of the schema.
        write_numbers(&mut index, fields.file, &files, order)?;
        write_numbers(&mut index, fields.address, &addresses, order)?;
        write_texts(&mut index, fields.identity, &identities.texts, identities.occurrences, order)?;
        write_texts(&mut index, fields.name, &names.texts, names.occurrences, order)?;
        let sorted = words.words.sorted();
        for (field, occurrences) in word_fields(fields).into_iter().zip(words.occurrences) {
            let field = (field, fields.longest_indexed_prefix(field), fields.marks(field));
            write_beginnings(&mut index, field, (&words.words, &sorted), occurrences, order)?;
        }
        drop(sorted);
        let lengths = FieldNormReader::open(FileSlice::from(lengths))?;
        write_counted(&mut index, (fields.text, lengths, stems.tokens), &stems.stems, stems.occurrences, order)?;
        index.close()?;

        kept.write(&segment, fields, &ranks, order)?;
        let segment = segment.with_max_doc(small(order.len()));
        let meta = segment.meta().clone();
        meta.untrack_temp_docstore();
        Ok(meta)
    }
}

/// A field of whole texts.
#[derive(Default)]
struct Texts {
    texts: Interner,
    occurrences: PostingsBuilder,
}

impl Texts {
    fn add(&mut self, text: &str) {
        let number = self.texts.number(text);
        self.occurrences.add(number);
    }
}

/// The fields of words that are searched by their beginnings, in the order of the schema. Names, titles and authors
/// share most of their words.
#[derive(Default)]
struct Words {
    words: Interner,
    occurrences: [PostingsBuilder; 5],
}

fn word_fields(fields: Fields) -> [Field; 5] {
    [fields.name_start, fields.id_start, fields.name_word, fields.title_word, fields.other_word]
}

impl Words {
    fn add(&mut self, fields: Fields, field: Field, list: &str) {
        for (of, occurrences) in word_fields(fields).into_iter().zip(&mut self.occurrences) {
            if of == field {
                list.split(WORD_SEPARATOR).for_each(|word| occurrences.add(self.words.number(word)));
            }
        }
    }
}

/// The field of stemmed words.
#[derive(Default)]
struct Stemmed {
    /// Words as they stand in texts, in lower case.
    words: Interner,
    /// The stem of each of them.
    stem_of: Vec<u32>,
    stems: Interner,
    occurrences: PostingsBuilder,
    /// How many words each document has, in the steps of a field norm.
    lengths: Vec<u8>,
    /// The words of the document that is being collected.
    length: u32,
    /// The words of all documents.
    tokens: u64,
    word: String,
    stem: String,
}

impl Stemmed {
    fn add(&mut self, text: &str) {
        let mut words = StemmedWords::of(text);
        while words.next_into(&mut self.word) {
            let word = self.words.number(&self.word) as usize;
            if word == self.stem_of.len() {
                stem(&self.word, &mut self.stem);
                self.stem_of.push(self.stems.number(&self.stem));
            }
            self.occurrences.count(self.stem_of[word]);
            self.length = self.length.saturating_add(1);
        }
    }

    fn end_document(&mut self) {
        self.occurrences.end_document();
        self.tokens += u64::from(self.length);
        self.lengths.push(FieldNormReader::fieldnorm_to_id(std::mem::take(&mut self.length)));
    }

    /// Memory of the words and stems, in bytes.
    fn memory(&self) -> usize {
        self.words.memory() + size_of::<u32>() * self.stem_of.len() + self.stems.memory()
    }
}

/// What is stored of documents.
#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    /// Where each part of a document ends in `bytes`.
    parts: Vec<usize>,
    /// Where the parts of each document end.
    ends: Vec<usize>,
}

impl Kept {
    fn add(&mut self, part: &[u8]) {
        self.bytes.extend_from_slice(part);
        self.parts.push(self.bytes.len());
    }

    fn end_document(&mut self) {
        self.ends.push(self.parts.len());
    }

    /// The parts of a document.
    fn of(&self, document: u32) -> impl Iterator<Item = &[u8]> {
        let document = document as usize;
        let start = document.checked_sub(1).map_or(0, |before| self.ends[before]);
        (start..self.ends[document]).map(|part| {
            let start = part.checked_sub(1).map_or(0, |before| self.parts[before]);
            &self.bytes[start..self.parts[part]]
        })
    }

    /// Writes the store and the ranks.
    fn write(&self, segment: &Segment, fields: Fields, ranks: &[u64], order: &[u32]) -> tantivy::Result<()> {
        let (index, schema) = (segment.index(), segment.schema());
        let tokenizers = index.fast_field_tokenizer().clone();
        let mut fast = FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, tokenizers)?;
        let settings = index.settings();
        let mut store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            settings.docstore_compress_dedicated_thread,
        )?;
        for document in order {
            let entry = IndexDocument::of_stored(fields, ranks[*document as usize], self.of(*document));
            fast.add_document(&entry)?;
            store.store(&entry, &schema)?;
        }
        store.close()?;
        let mut output = segment.open_write(SegmentComponent::FastFields)?;
        fast.serialize(&mut output, None)?;
        output.terminate()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
