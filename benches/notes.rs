//! What reading and editing a note of 64 KiB costs, and what completion costs on one line.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ibid::notes::{NoteTree, completion_context};
use ibid::text::{Change, Document, Encoding, Position, PositionRange};

const SECTION: &str = "## Progressive learning

[[Orca]] imitates `GPT-4` by *explanation traces*, see [[2306.02707|the paper]] and ![[Phi-3#abstract]];
it costs $5 per run, and $x_{[[i]]}$ is a formula.

- a list item with [[LeanAgent]]
  - nested, with a [link](https://example.org/a_(b)) and <b>tags</b>

> quoted [[VDLM]]
> over two lines

| paper | note |
| --- | --- |
| [[Orca\\|the whale]] | `code` |

```python
matrix = [[1, 2], [3, 4]]
```

";

fn note() -> String {
    SECTION.repeat((64 << 10) / SECTION.len() + 1)
}

fn parsing(criterion: &mut Criterion) {
    let text = note();
    let mut group = criterion.benchmark_group("note of 64 KiB");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("parse", |bencher| bencher.iter(|| NoteTree::parse(black_box(&text))));
    let tree = NoteTree::parse(&text);
    group.bench_function("read", |bencher| bencher.iter(|| tree.read(black_box(&text))));
    group.finish();
}

fn editing(criterion: &mut Criterion) {
    let document = Document::new(&note(), 1);
    let tree = NoteTree::parse(&document.text());
    let at = document.position(document.byte_len() / 2, Encoding::Utf16);
    let change = Change { range: Some(PositionRange { start: at, end: at }), text: "x".to_owned() };
    let mut group = criterion.benchmark_group("edit in 64 KiB");
    group.bench_function("apply", |bencher| {
        bencher.iter(|| document.clone().apply(black_box(&change), Encoding::Utf16));
    });
    let mut edited = document.clone();
    let edit = edited.apply(&change, Encoding::Utf16);
    let text = edited.text();
    group.bench_function("reparse", |bencher| {
        bencher.iter(|| {
            let mut tree = tree.clone();
            tree.edit(&edit);
            tree.reparse(black_box(&text))
        });
    });
    group.finish();
}

/// Positions in the middle of the note and at the end of a long line that is no ASCII.
fn converting(criterion: &mut Criterion) {
    let note = Document::new(&note(), 1);
    let long = Document::new(&"Größe 🐋 und [[Orca]]; ".repeat(400), 1);
    let mut group = criterion.benchmark_group("position");
    for (what, document, line) in [("64 KiB", &note, 400), ("line of 10 KB", &long, 0)] {
        let end = document.line_range(line as usize).end;
        for (name, encoding) in [("UTF-8", Encoding::Utf8), ("UTF-16", Encoding::Utf16), ("UTF-32", Encoding::Utf32)] {
            let position = document.position(end, encoding);
            assert_eq!(document.offset(position, encoding), end);
            group.bench_function(format!("{what}, {name} → bytes"), |bencher| {
                bencher.iter(|| document.offset(black_box(Position::new(line, position.character)), encoding));
            });
            group.bench_function(format!("{what}, bytes → {name}"), |bencher| {
                bencher.iter(|| document.position(black_box(end), encoding));
            });
        }
    }
    group.finish();
}

fn completing(criterion: &mut Criterion) {
    let short = "- as [[Orca]] shows, `code` and $5 are fine; [[prog lear";
    let long = format!("{}[[prog lear", "as [[Orca]] shows, `code` and $5 are fine; ".repeat(200));
    let tree = NoteTree::parse(&note());
    let mut group = criterion.benchmark_group("completion context");
    for (name, line) in [("short line", short), ("line of 9 KB", long.as_str())] {
        group.bench_function(name, |bencher| bencher.iter(|| completion_context(black_box(line), line.len())));
    }
    group.bench_function("is prose", |bencher| bencher.iter(|| tree.is_prose_at(black_box(40_000))));
    group.finish();
}

criterion_group!(benches, parsing, editing, converting, completing);
criterion_main!(benches);
