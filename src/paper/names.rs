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

/// Whether a record answers to anything: a title or an identifier may be there and hold nothing that can be typed.
pub fn has_name(record: &Record) -> bool {
    let identifiers = record.keys.iter().chain(&record.arxiv).chain(&record.doi);
    // Nearly all titles have a letter, which is seen at once.
    record.title.bytes().any(|byte| byte.is_ascii_alphanumeric())
        || identifiers.chain([&record.title]).any(|text| !lookup_key(text.trim()).is_empty())
}

/// The names of one record, strongest first, each folded form once.
pub fn names(record: &Record) -> Vec<Name> {
    let coined = record.abstract_text.as_deref().map(coined_names).unwrap_or_default();
    names_with_coined(record, &coined)
}

/// As [`names`], for callers that kept what [`coined_names`] found in the abstract.
pub fn names_with_coined(record: &Record, coined: &[String]) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::with_capacity(8);
    let arxiv = arxiv_of(record);
    let mut add = |text: &str, tier: Tier| {
        let name = Name::new(text.trim(), tier);
        if !name.folded.is_empty() && !names.iter().any(|other| other.folded == name.folded) {
            names.push(name);
        }
    };
    let identifiers = record.keys.iter().chain(&arxiv).chain(&record.doi);
    identifiers.for_each(|identifier| add(identifier, Tier::Identifier));
    add(&record.title, Tier::Title);
    if record.only_in_notices {
        return names;
    }
    let from_title = short_names(&record.title);
    record.short_titles.iter().chain(&from_title).for_each(|short| add(short, Tier::ShortName));
    for name in coined {
        add(name, Tier::Coined);
    }
    names
}

/// The form under which a citation's target is looked up: identifiers in any spelling become
/// canonical, and everything is folded.
pub fn lookup_key(text: &str) -> String {
    match parse_identifier(text) {
        Some(identifier) => fold_or_raw(identifier.as_str()),
        None => fold_or_raw(text),
    }
}

/// The short names a title holds: the part before the first colon, however long, and an acronym in brackets at the end of
/// that part.
pub fn short_names(title: &str) -> Vec<String> {
    let Some(head) = before_colon(title) else { return Vec::new() };
    let mut short = Vec::new();
    if head.chars().any(char::is_alphanumeric) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(record: &Record) -> Vec<String> {
        names(record).iter().map(|name| format!("{:?} {}", name.tier, name.text)).collect()
    }

    #[test]
    fn names_come_strongest_first() {
        let record = Record {
            title: "PRompt Optimization in Multi-Step Tasks (PROMST): Integrating Human Feedback".into(),
            keys: vec!["chen2024prompt".into(), "promst".into()],
            arxiv: Some("2402.08702".into()),
            doi: Some("10.1000/x".into()),
            short_titles: vec!["Prompt Optimization".into()],
            abstract_text: Some("We introduce a new method, dubbed FooBar. It works.".into()),
            ..Record::default()
        };
        assert_eq!(
            shown(&record),
            [
                "Identifier chen2024prompt",
                "Identifier promst",
                "Identifier 2402.08702",
                "Identifier 10.1000/x",
                "Title PRompt Optimization in Multi-Step Tasks (PROMST): Integrating Human Feedback",
                "ShortName Prompt Optimization",
                "ShortName PRompt Optimization in Multi-Step Tasks (PROMST)",
                "Coined FooBar",
            ]
        );
    }

    #[test]
    fn short_names_stand_before_the_first_colon() {
        let cases: [(&str, &[&str]); 11] = [
            ("Orca: Progressive Learning", &["Orca"]),
            ("NEVIS'22: A Stream: of Tasks", &["NEVIS'22"]),
            ("Multi-Step Tasks (PROMST): Feedback", &["Multi-Step Tasks (PROMST)", "PROMST"]),
            ("Large Language Models (LLMs): A Survey", &["Large Language Models (LLMs)"]),
            ("深度学习：综述", &["深度学习"]),
            ("At 10:30 Sharp", &[]),
            ("std::vector Considered Slow: Why", &["std::vector Considered Slow"]),
            ("No Colon Here", &[]),
            (": Nothing Before", &[]),
            ("Nothing Behind:", &[]),
            (
                "A Title That Is Rather Long and Goes on Well Beyond Sixty Characters: And More",
                &["A Title That Is Rather Long and Goes on Well Beyond Sixty Characters"],
            ),
        ];
        for (title, expected) in cases {
            assert_eq!(short_names(title), expected, "{title}");
        }
    }

    #[test]
    fn identifiers_are_looked_up_in_any_spelling() {
        assert_eq!(lookup_key("https://arxiv.org/pdf/2306.02707v2.pdf"), lookup_key("2306.02707"));
        assert_eq!(lookup_key("https://doi.org/10.1000%2FX"), lookup_key("doi:10.1000/x"));
        assert_eq!(lookup_key("Orca!"), "orca");
        assert_eq!(lookup_key("???"), "???");
    }

    #[test]
    fn an_arxiv_doi_names_the_arxiv_id() {
        let record = Record { title: "T".into(), doi: Some("10.48550/arxiv.2306.02707".into()), ..Record::default() };
        assert_eq!(shown(&record), ["Identifier 2306.02707", "Title T"]);
    }

    #[test]
    fn stronger_tiers_compare_as_smaller() {
        assert!(Tier::Alias < Tier::Identifier && Tier::Identifier < Tier::Title);
        assert!(Tier::Title < Tier::ShortName && Tier::ShortName < Tier::Coined);
    }
}
