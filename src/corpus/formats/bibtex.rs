//! BibTeX and `BibLaTeX`: their entries → records.
//!
//! The file is gone over twice and more, since `@string` and the parents that `crossref` names may stand after their
//! use; entries are then read one by one ([`fields`], [`inherit`], [`record`]).

mod fields;
mod files;
mod identify;
mod inherit;
mod recognise;
mod record;
mod words;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io;

use fields::Fields;
use inherit::{MAX_GENERATIONS, Parents, Sets, may_inherit};
pub(crate) use words::csl_type as type_of_entry;

use crate::corpus::source::{Collector, count_lines, excerpt, text_of};
use crate::corpus::syntax::bibtex::{
    Block, Kind, MAX_ENTRY_BYTES, RawEntry, Splitter, Strings, bibtex_key_range, head, parse, preamble,
};
use crate::corpus::text::tex::Macros;
use crate::corpus::{Format, FormatInfo, Input, Reader, Sink};
use crate::diagnostic::Diagnostic;

/// The reader of BibTeX and `BibLaTeX` files.
pub(in crate::corpus) struct Bibtex;

/// How many problems of one entry's fields are reported, each of which names another field or string.
const MAX_FIELD_PROBLEMS: usize = 8;

impl Reader for Bibtex {
    fn info(&self) -> FormatInfo {
        FormatInfo { format: Format::Bibtex, name: "BibTeX", extensions: &["bib", "bibtex", "biblatex"] }
    }

    fn recognises(&self, file_name: &str, head: &[u8]) -> bool {
        recognise::recognises(self.extensions(), file_name, head)
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        let mut shared = Shared::default();
        let parents = look_ahead(input, &mut shared)?;
        let mut reading = Reading { shared, parents: &parents, collector: Collector::new(sink) };
        let mut splitter = Splitter::new(input)?;
        while reading.collector.flow().is_continue()
            && let Some(block) = splitter.next_block()?
        {
            reading.block(&block);
        }
        splitter.damage().into_iter().for_each(|damage| reading.collector.problem(damage));
        Ok(())
    }
}

/// What the entries of a file share.
#[derive(Default)]
struct Shared {
    strings: Strings,
    /// The commands that `@preamble` defines.
    macros: Macros,
    sets: Sets,
}

impl Shared {
    /// Takes what a `@preamble` defines.
    fn add_preamble(&mut self, text: &str) {
        if let Some(value) = preamble(text) {
            self.macros.add(&self.strings.expand(value.parts(), &mut |_| ()));
        }
    }
}

/// Gathers what entries may use before it is there: strings, commands, and entries that others inherit from.
fn look_ahead(input: &mut dyn Input, shared: &mut Shared) -> io::Result<Parents> {
    let mut parents = Parents::default();
    each_entry(input, &mut |block| {
        let is = |word: &str| head(block.bytes).is_some_and(|head| head.word.eq_ignore_ascii_case(word));
        if block.kind == Kind::Skipped {
            shared.add_preamble(&text_of(block.bytes));
        } else if is("set") {
            shared.sets.add(&parse(&text_of(block.bytes), block.kind == Kind::Closed), &shared.strings);
        } else if is("string") {
            shared.strings.define(&parse(&text_of(block.bytes), block.kind == Kind::Closed).fields, true);
        } else if may_inherit(block.bytes) {
            let text = text_of(block.bytes);
            let entry = parse(&text, block.kind == Kind::Closed);
            parents.want(&quiet_fields(&entry, shared));
        }
    })?;
    for _ in 0..MAX_GENERATIONS {
        let wanted = parents.take_wanted();
        if wanted.is_empty() {
            break;
        }
        gather(input, shared, &wanted, &mut parents)?;
    }
    parents.resolve();
    Ok(parents)
}

fn gather(input: &mut dyn Input, shared: &Shared, wanted: &HashSet<String>, parents: &mut Parents) -> io::Result<()> {
    each_entry(input, &mut |block| {
        if block.kind == Kind::Skipped {
            return;
        }
        let text = text_of(block.bytes);
        let key = bibtex_key_range(&text).and_then(|key| text.get(key)).filter(|key| wanted.contains(*key));
        if let Some(key) = key {
            let entry = parse(&text, block.kind == Kind::Closed);
            parents.keep(key, &entry.kind, &quiet_fields(&entry, shared));
        }
    })
}

/// Goes over the entries, strings and preambles of the file from its beginning.
fn each_entry(input: &mut dyn Input, take: &mut dyn FnMut(&Block<'_>)) -> io::Result<()> {
    let mut splitter = Splitter::new(input)?;
    while let Some(block) = splitter.next_block()? {
        if matches!(block.kind, Kind::Closed | Kind::Unclosed | Kind::Skipped) {
            take(&block);
        }
    }
    Ok(())
}

fn is_comment(text: &str) -> bool {
    let word = text.trim_start_matches('@').trim_start();
    word.get(.."comment".len()).is_some_and(|word| word.eq_ignore_ascii_case("comment"))
}

fn quiet_fields<'t>(entry: &RawEntry<'t>, shared: &Shared) -> Fields<'t> {
    Fields::new(entry, &shared.strings, &shared.macros, &mut |_, _| (), &mut |_, _| ())
}

/// The last pass over a file: every entry becomes a record or a problem.
struct Reading<'p, 's> {
    shared: Shared,
    parents: &'p Parents,
    collector: Collector<'s>,
}

impl Reading<'_, '_> {
    fn block(&mut self, block: &Block<'_>) {
        let text = text_of(block.bytes);
        let line = block.span.line.saturating_add(1);
        let head = || excerpt(text.lines().next().unwrap_or_default(), 40);
        match block.kind {
            Kind::Skipped => {}
            Kind::SkippedUnclosed => {
                self.problem(line, format!("“{}” is never closed; only this line was skipped", head()));
            }
            // BibTeX takes what follows for a comment, with braces or without.
            Kind::HeadOnly if is_comment(&text) => {}
            Kind::HeadOnly => self.problem(line, format!("No brace follows “{}”; the entry was skipped", head())),
            Kind::MergeMark => {
                let message = "Git could not merge what follows; both versions are read until you choose one";
                self.problem(line, message.to_owned());
            }
            Kind::TooLong => {
                let limit = MAX_ENTRY_BYTES / (1024 * 1024);
                let message =
                    format!("“{}” goes on for more than {limit} MiB and was skipped; is a brace missing?", head());
                self.problem(line, message);
            }
            Kind::Closed | Kind::Unclosed => {
                if block.kind == Kind::Unclosed {
                    let message = format!("“{}” is never closed; it was read up to the next entry or the end", head());
                    self.problem(line, message);
                }
                if block.stray_braces {
                    self.problem(line, format!("“{}” holds a closing brace too many; it was read over", head()));
                }
                self.entry(block, &text);
            }
        }
    }

    fn entry(&mut self, block: &Block<'_>, text: &str) {
        let entry = parse(text, block.kind == Kind::Closed);
        let mut problems = Problems { text, line: block.span.line.saturating_add(1), found: Vec::new(), more: 0 };
        problems.found.extend(entry.faults.iter().map(|fault| (fault.at, fault.message.clone())));
        if entry.kind == "string" {
            self.shared.strings.define(&entry.fields, false);
            problems.tell(&mut self.collector);
            return;
        }
        let mut undefined = Vec::new();
        let mut again = |at: usize, name: &str| {
            problems.of_field(at, || {
                let name = excerpt(name, 40);
                format!("The entry has two different fields “{name}”; the first one counts")
            });
        };
        let mut fields = Fields::new(
            &entry,
            &self.shared.strings,
            &self.shared.macros,
            &mut |at, name| {
                if undefined.len() < MAX_FIELD_PROBLEMS {
                    undefined.push((at, name.to_owned()));
                }
            },
            &mut again,
        );
        for (at, name) in undefined {
            if self.shared.strings.is_news(&name) {
                let name = excerpt(&name, 40);
                problems
                    .of_field(at, || format!("The string “{name}” is defined nowhere; its name was taken as its text"));
            }
        }
        for key in self.parents.inherit(&entry.kind, &mut fields) {
            let key = excerpt(&key, 60);
            problems.of_field(0, || format!("The entry “{key}” that this one inherits from is not in this file"));
        }
        problems.tell(&mut self.collector);
        fields.add_ids(self.shared.sets.of(entry.key));
        // Entries that only serve others or the style are no works.
        if !matches!(entry.kind.as_str(), "xdata" | "set" | "control" | "ieeetranbstctl" | "bibnote") {
            self.collector.entry(block.span, record::entry(&entry.kind, entry.key, &fields));
        }
    }

    fn problem(&mut self, line: u32, message: String) {
        self.collector.problem(Diagnostic::at_line(line, message));
    }
}

/// What is wrong inside an entry.
struct Problems<'t> {
    text: &'t str,
    /// The line of the entry, from 1.
    line: u32,
    /// Offsets in the entry and messages.
    found: Vec<(usize, String)>,
    /// How many more there are.
    more: usize,
}

impl Problems<'_> {
    /// Takes note of what is wrong with a field; of very many only the first ones.
    fn of_field(&mut self, at: usize, message: impl FnOnce() -> String) {
        if self.found.len() < MAX_FIELD_PROBLEMS {
            self.found.push((at, message()));
        } else {
            self.more += 1;
        }
    }

    /// Hands them on in the order in which they stand.
    fn tell(mut self, collector: &mut Collector<'_>) {
        self.found.sort_by_key(|(at, _)| *at);
        for (at, message) in self.found {
            let line = self.line.saturating_add(count_lines(self.text.get(..at).unwrap_or_default()));
            collector.problem(Diagnostic::at_line(line, message));
        }
        if self.more > 0 {
            let message = format!("the entry has {} more problems", self.more);
            collector.problem(Diagnostic::at_line(self.line, message));
        }
    }
}
