#![allow(clippy::unwrap_used)]
use proptest::prelude::*;
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Index, SegmentReader, TERMINATED};

use super::*;
use crate::library::data::record::StoredRecord;
use crate::library::engine::compression::Dictionaries;
use crate::library::engine::folder::in_memory;
use crate::library::engine::stored_fields::WholeRecord;
use crate::paper::{Person, PublicationDate, Record, Span};

fn records(count: usize) -> impl Strategy<Value = Vec<Record>> {
    let word = "[a-c]{1,3}|[ab]{6,9}|é[ab]{0,7}|Orca|深度学习";
    let words = |most| proptest::collection::vec(word, 1..most).prop_map(|words| words.join(" "));
    let record = (words(6), proptest::option::of(words(300)), "[ab]{1,8}", 2000..2003_i32);
    proptest::collection::vec(record, 1..count).prop_map(|records| {
        let record = |(place, (title, abstract_text, family, year))| Record {
            title,
            abstract_text,
            authors: vec![Person::new(family, "Ada")],
            date: Some(PublicationDate::year(year)),
            span: Span { start: place, ..Span::default() },
            ..Record::default()
        };
        (0..).zip(records).map(record).collect()
    })
}

/// An index of one segment, as tantivy's own writer or ours writes it.
fn index(records: &[Record], own: bool) -> (Index, SegmentReader) {
    let index = in_memory().unwrap().index;
    let fields = Fields::of(&index).unwrap();
    let segment = index.new_segment();
    let mut plain = SegmentWriter::for_segment(1 << 20, segment.clone()).unwrap();
    let mut builder = SegmentBuilder::new(index.new_segment(), fields);
    for record in records {
        let stored = StoredRecord::new(7, record.clone());
        builder.add(&IndexDocument::new(fields, &stored, &Dictionaries::built_in()));
        plain
            .add_document(AddOperation {
                opstamp: 0,
                document: IndexDocument::new(fields, &stored, &Dictionaries::built_in()),
            })
            .unwrap();
    }
    let meta = if own {
        builder.write().unwrap()
    } else {
        plain.finalize().unwrap();
        segment.with_max_doc(u32::try_from(records.len()).unwrap()).meta().clone()
    };
    let writer = index.writer_with_num_threads::<IndexDocument>(1, 20 << 20);
    let mut writer = writer.unwrap();
    writer.add_segment(meta).unwrap();
    writer.commit().unwrap();
    let reader = index.reader().unwrap().searcher().segment_readers()[0].clone();
    (index, reader)
}

/// A term with its documents and their frequencies.
type List = (Vec<u8>, Vec<(u32, u32)>);

/// All terms of a field.
fn lists(reader: &SegmentReader, field: Field) -> Vec<List> {
    let index = reader.inverted_index(field).unwrap();
    let mut terms = index.terms().stream().unwrap();
    let mut lists = Vec::new();
    while terms.advance() {
        let mut postings = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqs).unwrap();
        let mut documents = Vec::new();
        while postings.doc() != TERMINATED {
            documents.push((postings.doc(), postings.term_freq()));
            postings.advance();
        }
        assert_eq!(documents.len(), terms.value().doc_freq as usize);
        lists.push((terms.key().to_vec(), documents));
    }
    lists
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_segment_is_what_the_plain_writer_writes(records in records(40)) {
        let ((own_index, own), (plain_index, plain)) = (index(&records, true), index(&records, false));
        let (schema, fields) = Fields::build();
        for (field, _) in schema.fields().filter(|(_, entry)| entry.is_indexed()) {
            prop_assert_eq!(lists(&own, field), lists(&plain, field), "{:?}", schema.get_field_name(field));
        }
        let tokens = |reader: &SegmentReader| reader.inverted_index(fields.text).unwrap().total_num_tokens();
        prop_assert_eq!(tokens(&own), tokens(&plain));
        let searchers = [own_index, plain_index].map(|index| index.reader().unwrap().searcher());
        for document in 0..own.max_doc() {
            let lengths = [&own, &plain].map(|it| it.get_fieldnorms_reader(fields.text).unwrap().fieldnorm_id(document));
            prop_assert_eq!(lengths[0], lengths[1]);
            let ranks = [&own, &plain].map(|it| it.fast_fields().u64("rank").unwrap().first(document));
            prop_assert!(ranks[0].is_some() && ranks[0] == ranks[1]);
            let [own, plain] = searchers.each_ref().map(|it| it.doc(DocAddress::new(0, document)).unwrap());
            let (WholeRecord(own), WholeRecord(plain)) = (own, plain);
            prop_assert_eq!(own, plain);
        }
    }
}

#[test]
fn an_empty_segment_is_small() {
    let index = in_memory().unwrap().index;
    let builder = SegmentBuilder::new(index.new_segment(), Fields::of(&index).unwrap());
    assert_eq!(builder.memory(), 0);
}
