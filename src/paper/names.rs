//! The strings a paper answers to, by strength.

use serde::{Deserialize, Serialize};

use super::coined::coined_names;
use super::fold::fold_or_raw;
use super::identifiers::parse_identifier;
use super::identity::arxiv_of;
use super::record::Record;
use super::vocabulary;

/// A string a paper answers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// The name as its source writes it.
    pub text: String,
    /// The form in which it is compared: equal to [`lookup_key`] of any spelling of the name.
    pub folded: String,
    /// How strong the name is.
    pub tier: Tier,
}

impl Name {
    /// A name with its folded form.
    pub fn new(text: impl Into<String>, tier: Tier) -> Self {
        let text = text.into();
        Self { folded: lookup_key(&text), text, tier }
    }
}

/// How strong a name is. The strongest compares as the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// The user gave it in the configuration.
    Alias,
    /// Citation key, arXiv id or DOI.
    Identifier,
    /// The full title.
    Title,
    /// Declared by the record, or the part of the title before the first colon.
    ShortName,
    /// A name the abstract gives the work.
    Coined,
}

/// The names of one record, strongest first, each folded form once.
pub fn names(record: &Record) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::with_capacity(8);
    let mut add = |text: &str, tier: Tier| {
        let name = Name::new(text.trim(), tier);
        if !name.folded.is_empty() && !names.iter().any(|other| other.folded == name.folded) {
            names.push(name);
        }
    };
    record.keys.iter().for_each(|key| add(key, Tier::Identifier));
    arxiv_of(record).iter().for_each(|id| add(id, Tier::Identifier));
    record.doi.iter().for_each(|doi| add(doi, Tier::Identifier));
    add(&record.title, Tier::Title);
    record.short_titles.iter().for_each(|short| add(short, Tier::ShortName));
    short_names(&record.title).iter().for_each(|short| add(short, Tier::ShortName));
    if let Some(text) = &record.abstract_text {
        coined_names(text).iter().for_each(|coined| add(coined, Tier::Coined));
    }
    names
}

/// The names of a paper: those of all its records, strongest first, each folded form once at its
/// strongest. The records are taken in the order given, which should be richest first.
pub fn paper_names<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Name> {
    let mut all: Vec<Name> = records.into_iter().flat_map(names).collect();
    all.sort_by_key(|name| name.tier);
    let mut seen = rustc_hash::FxHashSet::default();
    all.retain(|name| seen.insert(name.folded.clone()));
    all
}

/// The form under which a citation's target is looked up: identifiers in any spelling become
/// canonical, and everything is folded.
pub fn lookup_key(text: &str) -> String {
    match parse_identifier(text) {
        Some(identifier) => fold_or_raw(identifier.as_str()),
        None => fold_or_raw(text),
    }
}

/// The short names a title holds: the part before the first colon, and an acronym in brackets at
/// the end of that part. A part longer than 60 characters is a title of its own and no short name.
pub fn short_names(title: &str) -> Vec<String> {
    let Some(head) = before_colon(title) else { return Vec::new() };
    let mut short = Vec::new();
    if head.chars().count() <= 60 && head.chars().any(char::is_alphanumeric) {
        short.push(head.to_owned());
    }
    let acronym = head.strip_suffix(')').and_then(|head| head.rsplit_once('(')).map(|(_, inside)| inside.trim());
    short.extend(acronym.filter(|acronym| vocabulary::is_name_like(acronym)).map(str::to_owned));
    short
}

/// The part of the title before its first colon, where that colon parts a title: not in `10:30` or `a::b`.
fn before_colon(title: &str) -> Option<&str> {
    for (at, colon) in title.match_indices([':', '：']) {
        let (head, tail) = (title.get(..at)?, title.get(at + colon.len()..)?);
        let (before, after) = (head.chars().next_back(), tail.chars().next());
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if (is_digit(before) && is_digit(after)) || after == Some(':') || before == Some(':') {
            continue;
        }
        let head = head.trim();
        return (!head.is_empty() && !tail.trim().is_empty()).then_some(head);
    }
    None
}
