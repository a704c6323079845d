//! Passing on what a file holds, with the checks that all formats share.

use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use super::excerpt;
use crate::corpus::{ReadEvent, Sink};
use crate::diagnostic::Diagnostic;
use crate::paper::{Record, Span, has_name};

/// What a format makes of one entry: a record, whose span is filled in later, and what is wrong with it,
/// each as a sentence without a full stop.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Entry {
    /// The record.
    pub record: Record,
    /// What is wrong with the entry and was left out of the record.
    pub problems: Vec<String>,
}

/// How many keys of one file are remembered for finding those that repeat.
const MAX_KEYS: usize = 1 << 20;

/// How much of a key a message shows, in characters.
const MAX_SHOWN_CHARS: usize = 60;

/// How many problems of one entry are handed on.
const MAX_PROBLEMS_OF_ENTRY: usize = 8;

/// Hands records and problems to a sink until it breaks off.
pub(in crate::corpus) struct Collector<'a> {
    sink: Sink<'a>,
    flow: ControlFlow<()>,
    /// Digests of the keys seen, with the lines of their entries; `None` where keys may repeat.
    lines_of_keys: Option<FxHashMap<u64, u32>>,
    digest: RandomState,
}

impl<'a> Collector<'a> {
    /// A collector that reports entries with the same key as an earlier one; both are kept.
    pub fn new(sink: Sink<'a>) -> Self {
        Self {
            sink,
            flow: ControlFlow::Continue(()),
            lines_of_keys: Some(FxHashMap::default()),
            digest: RandomState::new(),
        }
    }

    /// A collector for a format whose entries have no keys of the user's own.
    pub fn without_keys(sink: Sink<'a>) -> Self {
        Self { lines_of_keys: None, ..Self::new(sink) }
    }

    /// Whether the sink takes more.
    pub fn flow(&self) -> ControlFlow<()> {
        self.flow
    }

    /// Hands on an entry that stands at `span`. One with neither title nor identifier is of no use to anyone.
    pub fn entry(&mut self, span: Span, mut entry: Entry) {
        let line = span.line + 1;
        entry.record.span = span;
        let record = &entry.record;
        let is_named = has_name(record);
        if is_named && record.title.is_empty() && !record.only_in_notices {
            entry.problems.push("the entry has no title; it is found by its identifiers only".to_owned());
        } else if !is_named {
            entry.problems.push("the entry has neither title nor identifier; it was skipped".to_owned());
        }
        entry.problems.extend(self.repeated_key(record.keys.first(), line));
        if is_named {
            self.hand_on(ReadEvent::Record(Box::new(entry.record)));
        }
        let more = entry.problems.len().saturating_sub(MAX_PROBLEMS_OF_ENTRY);
        for message in entry.problems.into_iter().take(MAX_PROBLEMS_OF_ENTRY) {
            self.problem(Diagnostic::at_line(line, message));
        }
        if more > 0 {
            self.problem(Diagnostic::at_line(line, format!("the entry has {more} more problems")));
        }
    }

    /// Hands on a problem.
    pub fn problem(&mut self, problem: Diagnostic) {
        self.hand_on(ReadEvent::Diagnostic(problem));
    }

    /// Hands on what was checked already.
    pub fn pass(&mut self, event: ReadEvent) {
        self.hand_on(event);
    }

    fn hand_on(&mut self, event: ReadEvent) {
        if self.flow.is_continue() {
            self.flow = (self.sink)(event);
        }
    }

    /// What to say about a key that an earlier entry has.
    fn repeated_key(&mut self, key: Option<&String>, line: u32) -> Option<String> {
        let key = key?;
        let digest = self.digest.hash_one(key);
        let lines = self.lines_of_keys.as_mut()?;
        let Some(first) = lines.get(&digest) else {
            if lines.len() < MAX_KEYS {
                lines.insert(digest, line);
            }
            return None;
        };
        let other =
            if *first == line { "another entry on this line".to_owned() } else { format!("the entry on line {first}") };
        Some(format!("{other} has the key {} too; both were kept", excerpt(key, MAX_SHOWN_CHARS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of entries with these titles and keys, one a line.
    fn collected(entries: &[(&str, &str)], with_keys: bool) -> Vec<String> {
        let mut heard = Vec::new();
        let mut sink = |found| {
            heard.push(match found {
                ReadEvent::Record(record) => format!("{} {}", record.title, record.keys.join(",")),
                ReadEvent::Diagnostic(problem) => format!("{}: {}", problem.line, problem.message),
            });
            ControlFlow::Continue(())
        };
        let mut collector = if with_keys { Collector::new(&mut sink) } else { Collector::without_keys(&mut sink) };
        for (line, (title, key)) in (0..).zip(entries) {
            let keys = if key.is_empty() { Vec::new() } else { vec![(*key).to_owned()] };
            let record = Record { title: (*title).to_owned(), keys, ..Record::default() };
            collector.entry(Span { line, ..Span::default() }, Entry { record, problems: Vec::new() });
        }
        heard
    }

    #[test]
    fn entries_are_checked_alike() {
        let entries = [("A", "a"), ("B", "a"), ("", "b"), ("", ""), ("C", "")];
        assert_eq!(
            collected(&entries, true),
            [
                "A a",
                "B a",
                "2: the entry on line 1 has the key a too; both were kept",
                " b",
                "3: the entry has no title; it is found by its identifiers only",
                "4: the entry has neither title nor identifier; it was skipped",
                "C ",
            ]
        );
        assert_eq!(collected(&[("A", "a"), ("B", "a")], false), ["A a", "B a"]);
    }

    #[test]
    fn messages_are_bounded() {
        let mut heard = Vec::new();
        let mut sink = |found| {
            if let ReadEvent::Diagnostic(problem) = found {
                heard.push(problem.message);
            }
            ControlFlow::Continue(())
        };
        let problems = (0..1000).map(|n| format!("problem {n}")).collect();
        let record = Record { title: "T".to_owned(), keys: vec!["k".repeat(1000)], ..Record::default() };
        let mut collector = Collector::new(&mut sink);
        collector.entry(Span::default(), Entry { record: record.clone(), problems });
        collector.entry(Span::default(), Entry { record, problems: Vec::new() });
        assert_eq!(heard.len(), MAX_PROBLEMS_OF_ENTRY + 2);
        assert_eq!(heard.get(MAX_PROBLEMS_OF_ENTRY).map(String::as_str), Some("the entry has 992 more problems"));
        assert!(heard.iter().all(|message| message.len() < 200), "{heard:?}");
    }
}
