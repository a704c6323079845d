//! BibTeX and `BibLaTeX`.
//!
//! A file is split into entries ([`split`]) that are read one by one ([`parse`], [`fields`], [`record`]), so that a
//! broken entry costs itself only: an entry that is never closed ends where a line surely begins the next one.
//! The file is gone over twice, since `@string` and the parents that `crossref` names may stand behind their use.

mod dates;
pub(in crate::corpus) mod decode;
mod fields;
mod head;
mod identify;
mod keys;
mod names;
mod parse;
mod recognise;
mod record;
mod split;
mod strings;
mod symbols;
pub(in crate::corpus) mod tex;
mod window;

#[cfg(test)]
mod tests;

use std::io::{self, SeekFrom};

use decode::decode;
use fields::{Fields, Parents, may_inherit};
use parse::{RawEntry, parse};
use rustc_hash::{FxHashMap, FxHashSet};
use split::{Block, Kind, Splitter};
use strings::Strings;
use window::count_lines;

use super::{Format, Found, Input, Reader};
use crate::corpus::text::excerpt;
use crate::paper::{Problem, Span, has_name};

pub use head::bibtex_key_range;
pub use keys::{BibtexKey, bibtex_keys};

/// The reader of BibTeX and `BibLaTeX` files.
pub(super) struct Bibtex;

/// How far `crossref` and `xdata` are followed from parent to parent.
const MAX_GENERATIONS: usize = 3;

impl Reader for Bibtex {
    fn format(&self) -> Format {
        Format::Bibtex
    }

    fn name(&self) -> &'static str {
        "BibTeX"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["bib", "bibtex", "biblatex"]
    }

    fn recognises(&self, file_name: &str, head: &[u8]) -> bool {
        recognise::recognises(self.extensions(), file_name, head)
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        let mut strings = Strings::default();
        let parents = look_ahead(input, &mut strings)?;
        input.seek(SeekFrom::Start(0))?;
        let mut reading = Reading {
            strings,
            parents,
            sink,
            listening: true,
            lines_of_keys: FxHashMap::default(),
            told_encoding: false,
        };
        let mut splitter = Splitter::new(input)?;
        while reading.listening
            && let Some(block) = splitter.next_block()?
        {
            reading.block(&block);
        }
        Ok(())
    }
}

/// Gathers what entries may use before it is there: strings, and entries that others inherit from.
fn look_ahead(input: &mut dyn Input, strings: &mut Strings) -> io::Result<Parents> {
    let mut parents = Parents::default();
    each_entry(input, &mut |block, text| {
        let is_string = head::head(text.as_bytes()).is_some_and(|head| head.word.eq_ignore_ascii_case("string"));
        if is_string {
            strings.define(&parse(text, block.kind == Kind::Closed).fields, true);
        } else if may_inherit(block.bytes) {
            let entry = parse(text, block.kind == Kind::Closed);
            parents.want(&quiet_fields(&entry, strings));
        }
    })?;
    for _ in 0..MAX_GENERATIONS {
        let wanted = parents.take_wanted();
        if wanted.is_empty() {
            break;
        }
        gather(input, strings, &wanted, &mut parents)?;
    }
    Ok(parents)
}

fn gather(
    input: &mut dyn Input,
    strings: &Strings,
    wanted: &FxHashSet<String>,
    parents: &mut Parents,
) -> io::Result<()> {
    each_entry(input, &mut |block, text| {
        let key = bibtex_key_range(text).and_then(|key| text.get(key)).filter(|key| wanted.contains(*key));
        if let Some(key) = key {
            let entry = parse(text, block.kind == Kind::Closed);
            parents.keep(key, &entry.kind, quiet_fields(&entry, strings));
        }
    })
}

/// Goes over the entries and strings of the file from its beginning.
fn each_entry(input: &mut dyn Input, take: &mut dyn FnMut(&Block<'_>, &str)) -> io::Result<()> {
    input.seek(SeekFrom::Start(0))?;
    let mut splitter = Splitter::new(input)?;
    while let Some(block) = splitter.next_block()? {
        if matches!(block.kind, Kind::Closed | Kind::Unclosed) {
            take(&block, &decode(block.bytes).0);
        }
    }
    Ok(())
}

fn quiet_fields<'t>(entry: &RawEntry<'t>, strings: &Strings) -> Fields<'t> {
    Fields::new(entry, strings, &mut |_, _| (), &mut |_, _| ())
}

/// The second pass over a file: every entry becomes a record or a problem.
struct Reading<'s> {
    strings: Strings,
    parents: Parents,
    sink: &'s mut dyn FnMut(Found) -> bool,
    /// The sink still wants to hear.
    listening: bool,
    /// The first line of every key, counted from 1.
    lines_of_keys: FxHashMap<String, u32>,
    told_encoding: bool,
}

impl Reading<'_> {
    fn block(&mut self, block: &Block<'_>) {
        let (text, is_not_utf8) = decode(block.bytes);
        let line = block.line.saturating_add(1);
        if is_not_utf8 && !self.told_encoding {
            self.told_encoding = true;
            let at = std::str::from_utf8(block.bytes).map_or_else(|error| error.valid_up_to(), str::len);
            let before = String::from_utf8_lossy(block.bytes.get(..at).unwrap_or_default());
            let message = "The file is not UTF-8 from here on; such lines were read as Windows-1252 (Latin-1)";
            self.problem(line.saturating_add(count_lines(&before)), message.to_owned());
        }
        let head = excerpt(text.lines().next().unwrap_or_default(), 40);
        match block.kind {
            Kind::Skipped => {}
            Kind::SkippedUnclosed => {
                self.problem(line, format!("“{head}” is never closed; only this line was skipped"));
            }
            Kind::HeadOnly => self.problem(line, format!("No brace follows “{head}”; the entry was skipped")),
            Kind::TooLong => {
                let limit = split::MAX_ENTRY_BYTES / (1024 * 1024);
                self.problem(
                    line,
                    format!("“{head}” goes on for more than {limit} MiB and was skipped; is a brace missing?"),
                );
            }
            Kind::Closed | Kind::Unclosed => self.entry(block, &text, &head),
        }
    }

    fn entry(&mut self, block: &Block<'_>, text: &str, head: &str) {
        let line = block.line.saturating_add(1);
        let entry = parse(text, block.kind == Kind::Closed);
        if block.kind == Kind::Unclosed {
            self.problem(line, format!("“{head}” is never closed; it was read up to the next entry or the end"));
        }
        if block.stray_braces {
            self.problem(line, format!("“{head}” holds a closing brace too many; it was read over"));
        }
        let line_at = |at: usize| line.saturating_add(count_lines(text.get(..at).unwrap_or_default()));
        for fault in &entry.faults {
            self.problem(line_at(fault.at), fault.message.clone());
        }
        if entry.kind == "string" {
            self.strings.define(&entry.fields, false);
            return;
        }
        let mut told = Vec::new();
        let (mut undefined, mut twice) = (Vec::new(), Vec::new());
        let mut fields = Fields::new(
            &entry,
            &self.strings,
            &mut |at, name| undefined.push((at, name.to_owned())),
            &mut |at, name| twice.push((at, name.to_owned())),
        );
        undefined.retain(|(_, name)| self.strings.is_news(name));
        told.extend(undefined.into_iter().map(|(at, name)| {
            (at, format!("The string “{}” is defined nowhere; its name was taken as its text", excerpt(&name, 40)))
        }));
        told.extend(twice.into_iter().map(|(at, name)| {
            (at, format!("The entry has two different fields “{}”; the first one counts", excerpt(&name, 40)))
        }));
        for key in fields.inherit(&entry.kind, &self.parents) {
            let message = format!("The entry “{}” that this one inherits from is not in this file", excerpt(&key, 60));
            told.push((0, message));
        }
        told.sort_by_key(|(at, _)| *at);
        for (at, message) in told {
            self.problem(line_at(at), message);
        }
        self.record(block, &entry, &fields, text);
    }

    fn record(&mut self, block: &Block<'_>, entry: &RawEntry<'_>, fields: &Fields<'_>, text: &str) {
        // Entries that only serve others or the style.
        if matches!(entry.kind.as_str(), "xdata" | "set" | "control" | "ieeetranbstctl" | "bibnote") {
            return;
        }
        let line = block.line.saturating_add(1);
        self.check_key(entry.key, line);
        let mut record = record::record(&entry.kind, entry.key, fields);
        let is_named = has_name(&record);
        if record.title.is_empty() || !is_named {
            let outcome = if is_named { "it is found by its key and identifiers only" } else { "it was skipped" };
            self.problem(line, format!("The entry has no title; {outcome}"));
        }
        if !is_named {
            return;
        }
        record.span = Span {
            start: block.start,
            end: block.start + block.bytes.len() as u64,
            line: block.line,
            end_line: block.line.saturating_add(count_lines(text)),
            title_utf16: block.line_utf16,
        };
        self.tell(Found::Record(Box::new(record)));
    }

    /// Tells of a key that stood before.
    fn check_key(&mut self, key: &str, line: u32) {
        if key.is_empty() {
            return;
        }
        match self.lines_of_keys.get(key) {
            Some(first) => {
                let message =
                    format!("The key “{}” is taken already, in line {first}; both entries were kept", excerpt(key, 60));
                self.problem(line, message);
            }
            None => {
                self.lines_of_keys.insert(key.to_owned(), line);
            }
        }
    }

    fn problem(&mut self, line: u32, message: String) {
        self.tell(Found::Problem(Problem { line, message }));
    }

    fn tell(&mut self, found: Found) {
        if self.listening {
            self.listening = (self.sink)(found);
        }
    }
}
