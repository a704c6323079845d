//! Papers as plain data: folding, names and identity of one, and the export of a hundred.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ibid::features::export::{CitedRecord, DEFAULT_STYLE, ReferenceStyle, bibtex, csl_json, render_references};
use ibid::paper::{
    Details, Person, PublicationDate, Record, Variable, coined_names, fold, identity_keys, lookup_key, names, words,
};

const TITLE: &str = "PRompt Optimization in Multi-Step Tasks (PROMST): Integrating Human Feedback and Heuristics";
const ACCENTS: &str = "Über die Hölder-Stetigkeit schwacher Lösungen: Équations elliptiques dégénérées";
const ABSTRACT: &str = "Prompt optimization aims to find the best prompt to a large language model for a given task. We \
    introduce a new framework, dubbed FooBar, that combines human-designed feedback rules with a learned score \
    function. It outperforms both human-engineered prompts and several other methods on eleven multi-step tasks, by \
    10.6% to 29.3% on average over five large language models (LLMs). We believe that it can serve as a benchmark.";

fn record(number: usize) -> Record {
    let author = |family: &str, given: &str| Person::new(family, given);
    Record {
        title: format!("{TITLE}, Part {number}"),
        authors: vec![author("Chen", "Yongchao"), author("Müller", "Bo"), author("de la Cruz", "Ana")],
        author_count: Some(3),
        date: Some(PublicationDate::new(2024, Some(2), Some(13))),
        arxiv: Some(format!("2402.{number:05}")),
        abstract_text: Some(ABSTRACT.to_owned()),
        work_type: Some("article".to_owned()),
        details: Details::from_iter([(Variable::ContainerTitle, Some("Journal of Things & Others".to_owned()))]),
        ..Record::default()
    }
}

fn naming(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fold");
    for (what, text) in [("title", TITLE), ("title with accents", ACCENTS), ("abstract", ABSTRACT)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(what, |bencher| bencher.iter(|| fold(black_box(text))));
    }
    group.finish();
    let record = record(1);
    let mut group = criterion.benchmark_group("names");
    group.bench_function("words of a title", |bencher| bencher.iter(|| words(black_box(TITLE))));
    group.bench_function("coined by an abstract", |bencher| bencher.iter(|| coined_names(black_box(ABSTRACT))));
    group.bench_function("of a record", |bencher| bencher.iter(|| names(black_box(&record))));
    group.bench_function("identity of a record", |bencher| bencher.iter(|| identity_keys(black_box(&record))));
    for (what, name) in [("look-up key of a name", "PROMST"), ("of an id", "https://arxiv.org/pdf/2402.08702v2")] {
        group.bench_function(what, |bencher| bencher.iter(|| lookup_key(black_box(name))));
    }
    group.finish();
}

fn exporting(criterion: &mut Criterion) {
    let records: Vec<CitedRecord> = (0..100).map(|number| record(number).into()).collect();
    let style = ReferenceStyle::named(DEFAULT_STYLE).unwrap();
    let mut group = criterion.benchmark_group("export of 100 papers");
    group.throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("bibtex", |bencher| bencher.iter(|| bibtex(black_box(&records), true)));
    group.bench_function("csl-json", |bencher| bencher.iter(|| csl_json(black_box(&records), true)));
    group.sample_size(10);
    group.bench_function("markdown", |bencher| bencher.iter(|| render_references(black_box(&records), &style)));
    group.finish();
}

criterion_group!(benches, naming, exporting);
criterion_main!(benches);
