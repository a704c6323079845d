//! What is exported is read again as the same records, field by field.

#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::string::string_regex;

use super::{CitedRecord, bibtex, csl_json, languages};
use crate::corpus::OpenCorpusFile;
use crate::paper::{DateEnd, DateVariable, Details, Links, Person, PublicationDate, Record, Role, Span, Variable};
use crate::text::Document;

/// Entry types with the CSL type that they are read as, and the variables that depend on them.
const KINDS: [(&str, &str, &[Variable]); 11] = [
    ("article", "article-journal", &[Variable::ContainerTitle, Variable::ContainerTitleShort, Variable::Issue]),
    ("book", "book", &[Variable::CollectionNumber]),
    ("incollection", "chapter", &[Variable::ContainerTitle, Variable::CollectionNumber]),
    ("inproceedings", "paper-conference", &[Variable::ContainerTitle, Variable::CollectionNumber]),
    ("inreference", "entry-encyclopedia", &[Variable::ContainerTitle]),
    ("techreport", "report", &[Variable::Number, Variable::Genre]),
    ("patent", "patent", &[Variable::Number, Variable::Genre, Variable::Jurisdiction]),
    ("software", "software", &[Variable::Number]),
    ("dataset", "dataset", &[]),
    ("booklet", "pamphlet", &[]),
    ("online", "webpage", &[]),
];

/// Variables that any entry may have.
const COMMON: [Variable; 21] = [
    Variable::CollectionTitle,
    Variable::EventTitle,
    Variable::EventPlace,
    Variable::Publisher,
    Variable::PublisherPlace,
    Variable::OriginalPublisher,
    Variable::OriginalPublisherPlace,
    Variable::OriginalTitle,
    Variable::Volume,
    Variable::NumberOfPages,
    Variable::NumberOfVolumes,
    Variable::ChapterNumber,
    Variable::PartNumber,
    Variable::Edition,
    Variable::Version,
    Variable::Note,
    Variable::Annote,
    Variable::Status,
    Variable::Keyword,
    Variable::CallNumber,
    Variable::HowPublished,
];

/// Words with these signs among their letters.
fn text(signs: &str) -> impl Strategy<Value = String> + use<> {
    let pattern = format!("[A-Z][a-zà-ž]{{0,6}}( [A-Za-zà-ž0-9&%+*(){signs}-]{{1,8}}){{0,3}}");
    string_regex(&pattern).unwrap().prop_map(|text| text.replace("--", "-"))
}

fn name() -> impl Strategy<Value = String> {
    "[B-Z][a-zà-ž]{3,8}"
}

fn person() -> impl Strategy<Value = Person> {
    let particles = prop_oneof![4 => Just(""), 1 => Just("van der"), 1 => Just("de")];
    let suffixes = prop_oneof![4 => Just(""), 1 => Just("Jr."), 1 => Just("III")];
    let plain =
        (name(), "[B-Z][a-z]{2,6}( [B-Z]\\.)?", particles, suffixes).prop_map(|(family, given, particle, suffix)| {
            Person { particle: particle.into(), suffix: suffix.into(), ..Person::new(family, given) }
        });
    let group =
        ("[B-Z][a-z]{2,6}", name()).prop_map(|(first, second)| Person::group(format!("{first} {second} Group")));
    prop_oneof![4 => plain, 1 => group]
}

fn date() -> impl Strategy<Value = PublicationDate> {
    let exact = (1000..2100, of((1u8..=12, of(1u8..=28)))).prop_map(|(year, rest)| {
        PublicationDate::new(year, rest.map(|(month, _)| month), rest.and_then(|(_, day)| day))
    });
    let range = (1000..2000, 1..90, of(1u8..=12)).prop_map(|(year, later, month)| PublicationDate {
        end: Some(DateEnd::On(year + later, month, None)),
        ..PublicationDate::new(year, month, None)
    });
    let year = PublicationDate::year;
    prop_oneof![
        6 => exact,
        1 => range,
        1 => (1000..2100).prop_map(move |of| PublicationDate { is_approximate: true, ..year(of) }),
        1 => (1000..2100, 1u8..=4).prop_map(move |(of, season)| PublicationDate { season: Some(season), ..year(of) }),
        1 => (1000..2100).prop_map(move |of| PublicationDate { end: Some(DateEnd::Open), ..year(of) }),
        1 => (-3000..-1).prop_map(year),
    ]
}

fn details(signs: &str) -> impl Strategy<Value = (&'static str, Details)> + use<> {
    let texts = vec(of(text(signs)), COMMON.len());
    let people = (vec(person(), 0..3), vec(person(), 0..3), vec(person(), 0..2));
    let dates = (of(date()), of(date()), of(date()));
    let rest = (of("[1-9][0-9]{0,2}–[1-9][0-9]{3}"), of(prop_oneof![Just("german"), Just("french"), Just("english")]));
    (0..KINDS.len(), texts, vec(of(text(signs)), 4), people, dates, rest).prop_map(
        |(kind, texts, own, (editors, translators, book_authors), (accessed, event, original), (page, language))| {
            let (kind, csl, variables) = KINDS[kind];
            let mut details: Details = COMMON.into_iter().zip(texts).collect();
            for (variable, text) in variables.iter().zip(own) {
                details.set_text(*variable, text.unwrap_or_default());
            }
            details.set_text(Variable::EntryType, kind);
            details.set_text(Variable::Page, page.unwrap_or_default());
            details.set_text(Variable::Language, language.unwrap_or_default());
            details.set_people(Role::Editor, editors);
            details.set_people(Role::Translator, translators);
            details.set_people(Role::ContainerAuthor, book_authors);
            let dates = [DateVariable::Accessed, DateVariable::EventDate, DateVariable::OriginalDate];
            for (variable, date) in dates.into_iter().zip([accessed, event, original]) {
                if let Some(date) = date {
                    details.set_date(variable, date);
                }
            }
            (csl, details)
        },
    )
}

fn record(signs: &str) -> impl Strategy<Value = Record> + use<> {
    let names = (vec(person(), 0..4), any::<bool>());
    let identifiers = (of("10\\.1000/[a-z0-9]{1,8}"), of("https://example\\.org/[a-z]{1,8}"));
    (details(signs), text(signs), names, of(date()), identifiers, of(text(signs)), of("[A-Z][a-z]{1,7}")).prop_map(
        |((csl, details), title, (authors, is_complete), date, (doi, page), abstract_text, short)| Record {
            author_count: u32::try_from(authors.len()).ok().filter(|count| is_complete && *count > 0),
            title,
            authors,
            date,
            doi,
            abstract_text,
            keys: vec!["key2000".into(), "alias".into()],
            short_titles: short.into_iter().collect(),
            links: Links { page, ..Links::default() },
            work_type: Some(csl.into()),
            details,
            ..Record::default()
        },
    )
}

/// The only record of a file.
fn read(name: &str, text: &str) -> Record {
    let file = OpenCorpusFile::new(name.into(), Document::new(text, 1));
    assert_eq!(file.contents().problems, [], "{text}");
    assert_eq!(file.contents().records.len(), 1, "{text}");
    Record { span: Span::default(), ..file.contents().records[0].clone() }
}

/// A record as it is compared: what an export cannot tell apart is made the same.
fn comparable(record: &Record) -> Record {
    let mut record = Record { span: Span::default(), ..record.clone() };
    let language =
        record.details.text(Variable::Language).map(|name| languages::code_of(name).unwrap_or(name).to_owned());
    record.details.set_text(Variable::Language, language.unwrap_or_default());
    record
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_bib_file_says_all_that_its_record_says(record in record("$#_{}~^")) {
        let cited = CitedRecord::from(record.clone());
        let bib = bibtex(&[cited], true);
        prop_assert_eq!(comparable(&read("export.bib", &bib)), comparable(&record), "{}", bib);
    }

    #[test]
    // Reference managers write TeX into JSON, so that its signs are read as such.
    fn an_item_of_csl_says_all_that_its_record_says(mut record in record("#")) {
        // CSL has one key and one list of names without "et al.".
        record.keys.truncate(1);
        let json = csl_json(&[CitedRecord::from(record.clone())], true);
        prop_assert_eq!(comparable(&read("export.json", &json)), comparable(&record), "{}", json);
    }
}
