//! What an entry inherits from others of its file: by `crossref` from the work it is a part of, by `xdata` from
//! entries that only hold fields for others. Titles change their names on the way as `BibLaTeX` has it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::fields::{Field, Fields};
use crate::corpus::syntax::bibtex::{RawEntry, Strings};

/// How far `crossref` and `xdata` are followed from parent to parent.
pub(super) const MAX_GENERATIONS: usize = 3;

/// From how many entries one may inherit.
const MAX_PARENTS: usize = 16;

/// The longest value that is inherited, in bytes.
const MAX_INHERITED_BYTES: usize = 16 * 1024;

/// How much is kept of all parents of a file together, in bytes.
const MAX_KEPT_BYTES: usize = 64 * 1024 * 1024;

/// How many sets of a file are kept.
const MAX_SETS: usize = 100_000;

/// How a child takes the fields of another entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inheritance {
    /// By `crossref`: the child stands in the parent.
    Crossref,
    /// By `xdata`: the parent only holds fields for others.
    Data,
}

/// An entry that others inherit from.
#[derive(Debug)]
struct Parent {
    kind: String,
    fields: Vec<(Field, Rc<str>)>,
    parents: Vec<(Inheritance, String)>,
}

/// The entries of a file that others inherit from.
#[derive(Debug, Default)]
pub(super) struct Parents {
    found: HashMap<String, Parent>,
    wanted: HashSet<String>,
    kept_bytes: usize,
}

impl Parents {
    /// Takes note of the parents of an entry.
    pub(super) fn want(&mut self, fields: &Fields<'_>) {
        for (_, key) in parents_of(fields) {
            if !self.found.contains_key(key) {
                self.wanted.insert(key.to_owned());
            }
        }
    }

    /// The keys that are wanted and not found, which are no longer wanted then.
    pub(super) fn take_wanted(&mut self) -> HashSet<String> {
        std::mem::take(&mut self.wanted).into_iter().filter(|key| !self.found.contains_key(key)).collect()
    }

    /// Keeps an entry that is wanted. Of several with one key the first counts.
    pub(super) fn keep(&mut self, key: &str, kind: &str, fields: &Fields<'_>) {
        if self.found.contains_key(key) {
            return;
        }
        self.want(fields);
        let is_kept = |field: Field, value: &str| {
            value.len() <= MAX_INHERITED_BYTES && (kind == "xdata" || !is_of_one_work(field))
        };
        let mut kept = Vec::new();
        for (field, value) in fields.iter().filter(|(field, value)| is_kept(*field, value)) {
            self.kept_bytes += value.len();
            if self.kept_bytes <= MAX_KEPT_BYTES {
                kept.push((field, Rc::from(value)));
            }
        }
        let parents = parents_of(fields).map(|(how, key)| (how, key.to_owned())).collect();
        self.found.insert(key.to_owned(), Parent { kind: kind.to_owned(), fields: kept, parents });
    }

    /// Lets the parents inherit from each other, once all are kept.
    pub(super) fn resolve(&mut self) {
        for _ in 1..MAX_GENERATIONS {
            let mut additions = Vec::new();
            for (key, child) in self.found.iter().filter(|(_, child)| !child.parents.is_empty()) {
                let mut names = Names::default();
                child.fields.iter().for_each(|(field, _)| names.add(*field));
                let own = Own::of(&child.kind, &names);
                let mut taken = Vec::new();
                for (how, key) in &child.parents {
                    for (field, value) in self.found.get(key).into_iter().flat_map(|parent| own.takes(*how, parent)) {
                        if names.add_new(field) {
                            taken.push((field, Rc::clone(value)));
                        }
                    }
                }
                additions.push((key.clone(), taken));
            }
            for (key, taken) in additions {
                self.found.get_mut(&key).into_iter().for_each(|child| child.fields.extend(taken.iter().cloned()));
            }
        }
    }

    /// Adds to the fields of an entry what its parents give, and gives the keys of parents that are not there.
    pub(super) fn inherit<'p>(&'p self, kind: &str, fields: &mut Fields<'p>) -> Vec<String> {
        if !fields.has(Field::Crossref) && !fields.has(Field::Xdata) {
            return Vec::new();
        }
        let mut names = Names::default();
        fields.iter().for_each(|(field, _)| names.add(field));
        let own = Own::of(kind, &names);
        let (mut taken, mut missing) = (Vec::new(), Vec::new());
        for (how, key) in parents_of(fields) {
            match self.found.get(key) {
                Some(parent) => taken.extend(own.takes(how, parent)),
                None => missing.push(key.to_owned()),
            }
        }
        taken.into_iter().for_each(|(field, value)| fields.add(field, Cow::Borrowed(value)));
        missing
    }
}

/// The keys of the entries that one with these fields inherits from.
fn parents_of<'f>(fields: &'f Fields<'_>) -> impl Iterator<Item = (Inheritance, &'f str)> {
    let data = fields.get(Field::Xdata).into_iter().flat_map(|keys| keys.split(','));
    let data = data.map(|key| (Inheritance::Data, key.trim()));
    let work = fields.get(Field::Crossref).map(|key| (Inheritance::Crossref, key));
    data.chain(work).filter(|(_, key)| !key.is_empty()).take(MAX_PARENTS)
}

/// Which fields there are.
#[derive(Debug, Default)]
struct Names(u128);

impl Names {
    fn add(&mut self, field: Field) {
        self.0 |= field.bit();
    }

    fn add_new(&mut self, field: Field) -> bool {
        let is_new = !self.has(field);
        self.add(field);
        is_new
    }

    fn has(&self, field: Field) -> bool {
        self.0 & field.bit() != 0
    }
}

/// The sets of a file, `@set{theory, entryset = {salam, glashow}}`, which a text cites as if they were one work. The first
/// member stands for its set, as it does in the labels and the order of `BibLaTeX`, and answers to its key.
#[derive(Debug, Default)]
pub(super) struct Sets {
    of_first: HashMap<String, Vec<String>>,
}

impl Sets {
    /// Takes note of a set.
    pub(super) fn add(&mut self, set: &RawEntry<'_>, strings: &Strings) {
        let Some(members) = set.fields.iter().find(|field| field.name.eq_ignore_ascii_case("entryset")) else { return };
        let members = strings.expand(members.value.parts(), &mut |_| ());
        let first = members.split(',').map(str::trim).find(|key| !key.is_empty());
        if let Some(first) = first.filter(|_| !set.key.is_empty() && self.of_first.len() < MAX_SETS) {
            self.of_first.entry(first.to_owned()).or_default().push(set.key.to_owned());
        }
    }

    /// The keys of the sets whose first member an entry is.
    pub(super) fn of(&self, key: &str) -> &[String] {
        self.of_first.get(key).map(Vec::as_slice).unwrap_or_default()
    }
}

/// What an entry has of its own, which decides what it takes from parents.
struct Own<'k> {
    kind: &'k str,
    has_title: bool,
    has_date: bool,
    has_editor: bool,
}

impl<'k> Own<'k> {
    fn of(kind: &'k str, names: &Names) -> Self {
        Self {
            kind,
            has_title: names.has(Field::Title),
            has_date: names.has(Field::Date) || names.has(Field::Year),
            has_editor: names.has(Field::Editor),
        }
    }

    /// The fields that the entry takes from a parent where it has none, under the names it takes them.
    fn takes<'p>(&self, how: Inheritance, parent: &'p Parent) -> impl Iterator<Item = (Field, &'p Rc<str>)> {
        parent.fields.iter().flat_map(move |(field, value)| {
            self.taken_as(how, &parent.kind, *field).into_iter().flatten().map(move |field| (field, value))
        })
    }

    fn taken_as(&self, how: Inheritance, parent: &str, field: Field) -> [Option<Field>; 2] {
        let is_date = matches!(field, Field::Date | Field::Year | Field::Month | Field::Day);
        let is_refused = matches!(field, Field::Crossref | Field::Xdata | Field::Ids)
            || (is_date && self.has_date)
            || (field == Field::Editortype && self.has_editor);
        if is_refused {
            return [None; 2];
        }
        if how == Inheritance::Data {
            return [Some(field), None];
        }
        let is_of_book =
            matches!(parent, "book" | "mvbook") && matches!(self.kind, "inbook" | "bookinbook" | "suppbook");
        match field {
            Field::Author if is_of_book => [Some(Field::Author), Some(Field::Bookauthor)],
            Field::Author if self.has_title => [None; 2],
            _ if is_of_one_work(field) => [None; 2],
            Field::Title | Field::Subtitle | Field::Titleaddon => [Some(self.title_as(parent, field)), None],
            _ => [Some(field), None],
        }
    }

    /// What the title of a parent is to this entry.
    fn title_as(&self, parent: &str, field: Field) -> Field {
        let [title, subtitle, addon] = match parent {
            "periodical" => [Field::Journaltitle, Field::Journalsubtitle, Field::Journaltitleaddon],
            _ if parent.starts_with("mv") => [Field::Maintitle, Field::Mainsubtitle, Field::Maintitleaddon],
            _ if self.has_title || is_part(self.kind) => [Field::Booktitle, Field::Booksubtitle, Field::Booktitleaddon],
            _ => return field,
        };
        match field {
            Field::Title => title,
            Field::Subtitle => subtitle,
            _ => addon,
        }
    }
}

/// Whether entries of this type are parts of a book.
pub(super) fn is_part(kind: &str) -> bool {
    matches!(
        kind,
        "inbook"
            | "bookinbook"
            | "suppbook"
            | "incollection"
            | "suppcollection"
            | "inreference"
            | "inproceedings"
            | "conference"
    )
}

/// What identifies a work or tells what it is about: a chapter is not its book.
fn is_of_one_work(field: Field) -> bool {
    use Field as F;
    matches!(
        field,
        F::Abstract
            | F::Addendum
            | F::Annotation
            | F::Annote
            | F::Archiveprefix
            | F::Articleno
            | F::Arxiv
            | F::Arxivid
            | F::BdskUrl1
            | F::Code
            | F::Doi
            | F::Eid
            | F::Entrysubtype
            | F::Eprint
            | F::Eprintclass
            | F::Eprinttype
            | F::File
            | F::Isrn
            | F::Keyword
            | F::Keywords
            | F::Library
            | F::Note
            | F::Numpages
            | F::Pages
            | F::Pagetotal
            | F::Pdf
            | F::Pmcid
            | F::Pmid
            | F::Primaryclass
            | F::Shorthand
            | F::Shorttitle
            | F::Type
            | F::Url
            | F::Urldate
    )
}

/// Whether the bytes of an entry may name a parent: quick, and sometimes wrongly so.
pub(super) fn may_inherit(bytes: &[u8]) -> bool {
    let follows =
        |at: usize, word: &[u8]| bytes.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word));
    memchr::memchr2_iter(b'x', b'X', bytes).any(|at| follows(at, b"xdata"))
        || ["ssref", "SSREF", "ssRef"]
            .iter()
            .any(|part| memchr::memmem::find_iter(bytes, part).any(|at| follows(at.saturating_sub(3), b"crossref")))
}
