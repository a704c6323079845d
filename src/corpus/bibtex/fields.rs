//! The fields of an entry with their values put together, and what they inherit from other entries.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::parse::RawEntry;
use super::strings::Strings;

/// How many steps of inheritance are followed: entries may name each other in a circle.
const MAX_STEPS: usize = 4;

/// What a child takes from its parent where it has no such field itself. What identifies a work or tells
/// what it is about is never inherited: a chapter is not its book.
const INHERITED: [&str; 22] = [
    "publisher",
    "year",
    "month",
    "day",
    "date",
    "editor",
    "series",
    "volume",
    "number",
    "address",
    "location",
    "organization",
    "institution",
    "school",
    "journal",
    "journaltitle",
    "booktitle",
    "edition",
    "isbn",
    "issn",
    "eventtitle",
    "howpublished",
];

/// What a child of `xdata` does not take.
const OWN: [&str; 4] = ["crossref", "xdata", "ids", "entryset"];

/// The fields of one entry, in file order, each once.
#[derive(Debug, Default, Clone)]
pub(super) struct Fields<'t> {
    list: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

impl<'t> Fields<'t> {
    /// The fields of an entry; hands the offset and the name of each string that is defined nowhere to `missing`,
    /// and of each field that stands there twice with different values to `twice`.
    pub(super) fn new(
        entry: &RawEntry<'t>,
        strings: &Strings,
        missing: &mut dyn FnMut(usize, &str),
        twice: &mut dyn FnMut(usize, &str),
    ) -> Self {
        let mut fields = Self { list: Vec::with_capacity(entry.fields.len()) };
        for field in &entry.fields {
            let value = strings.expand(&field.value, &mut |name| missing(field.at, name));
            match fields.get(field.name) {
                Some(known) if known != value.trim() && !value.trim().is_empty() => twice(field.at, field.name),
                Some(_) => {}
                None => fields.list.push((Cow::Borrowed(field.name), value)),
            }
        }
        fields
    }

    /// The value of a field, in any case of its name; `None` where it is missing or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let all = self.list.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        all.map(|(_, value)| value.trim()).find(|value| !value.is_empty())
    }

    /// The first of several fields that is there.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The keys of the entries this one inherits from.
    pub(super) fn parents(&self) -> impl Iterator<Item = (Inheritance, &str)> {
        let list = |name: &str| self.get(name).into_iter().flat_map(|keys| keys.split(','));
        let xdata = list("xdata").map(|key| (Inheritance::Data, key.trim()));
        let crossref = self.get("crossref").map(|key| (Inheritance::Crossref, key));
        xdata.chain(crossref).filter(|(_, key)| !key.is_empty())
    }

    /// Adds what the parents give and gives the keys of parents that are not there.
    pub(super) fn inherit(&mut self, kind: &str, parents: &Parents) -> Vec<String> {
        let mut missing = Vec::new();
        let mut pending: Vec<(Inheritance, String)> = self.parents().map(|(how, key)| (how, key.to_owned())).collect();
        for _ in 0..MAX_STEPS {
            let mut next = Vec::new();
            for (how, key) in pending {
                let Some(parent) = parents.found.get(&key) else {
                    missing.push(key);
                    continue;
                };
                next.extend(parent.fields.parents().map(|(of_parent, key)| {
                    let both = if how == Inheritance::Data { of_parent } else { Inheritance::Crossref };
                    (both, key.to_owned())
                }));
                self.take_from(kind, how, parent);
            }
            pending = next;
        }
        missing
    }

    fn take_from(&mut self, kind: &str, how: Inheritance, parent: &Parent) {
        for (name, value) in &parent.fields.list {
            let name = name.to_ascii_lowercase();
            let taken_as = match how {
                Inheritance::Data if OWN.contains(&name.as_str()) => continue,
                Inheritance::Data => name.as_str(),
                Inheritance::Crossref => match name.as_str() {
                    "title" if parent.kind == "periodical" => "journaltitle",
                    "title" => "booktitle",
                    "subtitle" if parent.kind != "periodical" => "booksubtitle",
                    "author" if kind == "inbook" && parent.kind == "book" => "author",
                    known if INHERITED.contains(&known) => known,
                    _ => continue,
                },
            };
            // A child that gives its year or date in either form has its own.
            let is_year = matches!(taken_as, "year" | "month" | "day" | "date");
            let has_own = self.get(taken_as).is_some() || (is_year && self.has_own_date(taken_as));
            if !has_own {
                self.list.push((Cow::Owned(taken_as.to_owned()), Cow::Owned(value.clone().into_owned())));
            }
        }
    }

    fn has_own_date(&self, name: &str) -> bool {
        match name {
            "date" => self.get("year").is_some(),
            _ => self.get("date").is_some(),
        }
    }

    fn into_owned(self) -> Fields<'static> {
        let owned = |text: Cow<'t, str>| Cow::Owned(text.into_owned());
        Fields { list: self.list.into_iter().map(|(name, value)| (owned(name), owned(value))).collect() }
    }
}

/// How a child takes the fields of another entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inheritance {
    /// By `crossref`: the child stands in the parent.
    Crossref,
    /// By `xdata`: the parent only holds fields for others.
    Data,
}

#[derive(Debug)]
struct Parent {
    kind: String,
    fields: Fields<'static>,
}

/// The entries of a file that others inherit from.
#[derive(Debug, Default)]
pub(super) struct Parents {
    found: FxHashMap<String, Parent>,
    wanted: FxHashSet<String>,
}

impl Parents {
    /// Takes note of the parents of an entry.
    pub(super) fn want(&mut self, fields: &Fields<'_>) {
        for (_, key) in fields.parents() {
            if !self.found.contains_key(key) {
                self.wanted.insert(key.to_owned());
            }
        }
    }

    /// The keys that are wanted and not found, which are no longer wanted then.
    pub(super) fn take_wanted(&mut self) -> FxHashSet<String> {
        std::mem::take(&mut self.wanted).into_iter().filter(|key| !self.found.contains_key(key)).collect()
    }

    /// Keeps an entry that is wanted, without the fields nobody inherits for their length.
    pub(super) fn keep(&mut self, key: &str, kind: &str, fields: Fields<'_>) {
        self.want(&fields);
        let mut fields = fields.into_owned();
        if kind != "xdata" {
            fields.list.retain(|(name, _)| {
                !["abstract", "file", "note", "annote"].contains(&name.to_ascii_lowercase().as_str())
            });
        }
        self.found.entry(key.to_owned()).or_insert_with(|| Parent { kind: kind.to_owned(), fields });
    }
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
