//! What is exported is read again as the same records, field by field.

#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::string::string_regex;

use super::{CitedRecord, bibtex, csl_json, languages};
use crate::corpus::OpenCorpusFile;
use crate::paper::{
    CSL_TYPES, DateEnd, DateVariable, Details, Links, Mark, MarkedText, Person, PublicationDate, Record, Role, Span,
    Variable, arxiv_url, meaningful_capitals,
};
use crate::text::Document;

/// Entry types that a file may declare, with the CSL type that they are read as.
const KINDS: [(&str, &str); 14] = [
    ("article", "article-journal"),
    ("book", "book"),
    ("incollection", "chapter"),
    ("inproceedings", "paper-conference"),
    ("inreference", "entry-encyclopedia"),
    ("techreport", "report"),
    ("manual", "book"),
    ("thesis", "thesis"),
    ("patent", "patent"),
    ("periodical", "periodical"),
    ("software", "software"),
    ("dataset", "dataset"),
    ("booklet", "pamphlet"),
    ("online", "webpage"),
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
    let plain = (name(), "[DFKLR][aeiou][a-z]{1,4}( [B-Z]\\.)?", particles, suffixes).prop_map(
        |(family, given, particle, suffix)| Person {
            particle: particle.into(),
            suffix: suffix.into(),
            ..Person::new(family, given)
        },
    );
    let group =
        ("[B-Z][a-z]{2,6}", name()).prop_map(|(first, second)| Person::group(format!("{first} {second} Group")));
    prop_oneof![4 => plain, 1 => group]
}

fn date() -> impl Strategy<Value = PublicationDate> {
    let year = PublicationDate::year;
    let days = (1000..2100, of((1u8..=12, of(1u8..=28))));
    let exact = days.prop_map(|(year, rest)| {
        PublicationDate::new(year, rest.map(|(month, _)| month), rest.and_then(|(_, day)| day))
    });
    let ranges = (exact.clone(), 1..90).prop_map(|(start, later)| PublicationDate {
        end: Some(DateEnd::On(start.year + later, start.month, start.day)),
        ..start
    });
    let seasons =
        (1000..2100, 1u8..=4).prop_map(move |(of, season)| PublicationDate { season: Some(season), ..year(of) });
    let of_season = (seasons.clone(), 1..9)
        .prop_map(|(start, later)| PublicationDate { end: Some(DateEnd::On(start.year + later, None, None)), ..start });
    let to_season = (prop_oneof![seasons.clone(), exact.clone()], 1..9, 1u8..=4).prop_map(|(start, later, season)| {
        PublicationDate { end: Some(DateEnd::Season(start.year + later, season)), ..start }
    });
    let open = exact.clone().prop_map(|start| PublicationDate { end: Some(DateEnd::Open), ..start });
    let decades = (100..210).prop_map(move |of| PublicationDate { unspecified_digits: 1, ..year(of * 10) });
    let ancient = (-3000..-1, of(1u8..=12)).prop_map(|(year, month)| PublicationDate::new(year, month, None));
    let one = prop_oneof![
        6 => exact,
        1 => ranges,
        1 => seasons,
        1 => of_season,
        1 => to_season,
        1 => open,
        1 => decades,
        1 => ancient,
        1 => (1..1000).prop_map(year),
        1 => prop_oneof![10_000..99_999, -99_999..-10_000].prop_map(year),
    ];
    (one, prop_oneof![5 => Just(false), 1 => Just(true)])
        .prop_map(|(date, is_approximate)| PublicationDate { is_approximate, ..date })
}

/// A text that the variable may have.
fn text_of(variable: Variable, signs: &str) -> BoxedStrategy<String> {
    match variable {
        Variable::Page => "[1-9][0-9]{0,2}–[1-9][0-9]{3}".boxed(),
        Variable::Language => {
            prop_oneof![Just("german"), Just("fr"), Just("en-GB"), Just("Klingon")].prop_map(str::to_owned).boxed()
        }
        Variable::Isbn => "978-[0-9]-[0-9]{4}-[0-9]{4}-[0-9]( 978-[0-9]-[0-9]{4}-[0-9]{4}-[0-9])?".boxed(),
        Variable::Issn => "[0-9]{4}-[0-9]{3}[0-9X]".boxed(),
        Variable::Pmid => "[1-9][0-9]{5,7}".boxed(),
        Variable::Pmcid => "PMC[1-9][0-9]{5,6}".boxed(),
        Variable::Number => prop_oneof!["[1-9][0-9]{0,3}", "[A-Z]{2}-[0-9]{1,3}", "Paper [0-9]{1,3}"].boxed(),
        Variable::Volume | Variable::Issue => {
            prop_oneof![text(signs), "[1-9][0-9]{0,2}".boxed(), "[A-Z]{2}-[0-9]{1,3}".boxed()].boxed()
        }
        // Fields that are read letter by letter.
        Variable::Archive | Variable::ArchiveCollection | Variable::ArchiveLocation => text("").boxed(),
        Variable::Keyword => vec("[A-Z][a-z]{1,5}( [a-z]{1,5})?", 1..4).prop_map(|words| words.join(", ")).boxed(),
        _ => text(signs).boxed(),
    }
}

/// Each of a list in some cases, with a value.
fn some<K: Copy + std::fmt::Debug + 'static, V: std::fmt::Debug + 'static>(
    list: impl Iterator<Item = K>,
    value: impl Fn(K) -> BoxedStrategy<V>,
) -> BoxedStrategy<Vec<(K, V)>> {
    let each: Vec<_> = list.map(|key| weighted(0.2, value(key)).prop_map(move |value| Some((key, value?)))).collect();
    each.prop_map(|values| values.into_iter().flatten().collect()).boxed()
}

fn details(signs: &str) -> impl Strategy<Value = (&'static str, Details)> + use<> {
    let signs = signs.to_owned();
    let variables = Variable::ALL
        .iter()
        .copied()
        .filter(|variable| ![Variable::EntryType, Variable::MarkedTitle, Variable::DateText].contains(variable));
    let texts = some(variables, move |variable| text_of(variable, &signs));
    let roles = Role::ALL.iter().copied().filter(|role| *role != Role::Author);
    let people = some(roles, |_| (vec(person(), 1..3), weighted(0.1, Just(Person::others()))).boxed());
    let dates = some(DateVariable::ALL.iter().copied(), |_| date().boxed());
    let declared = (0..KINDS.len()).prop_map(|at| (KINDS[at].0, KINDS[at].1));
    let kinds = prop_oneof![declared, (0..CSL_TYPES.len()).prop_map(|at| ("", CSL_TYPES[at]))];
    (kinds, texts, people, dates).prop_map(|((entry_type, csl), texts, people, dates)| {
        let mut details: Details = texts.into_iter().map(|(variable, text)| (variable, Some(text))).collect();
        details.set_text(Variable::EntryType, entry_type);
        for (role, (people, others)) in people {
            details.set_people(role, people.into_iter().chain(others).collect());
        }
        dates.into_iter().for_each(|(variable, date)| details.set_date(variable, date));
        (csl, details)
    })
}

/// The title with some of its words marked, as it is kept: capitals that are kept in any case have no marks.
fn marked(title: &str, marks: Vec<(usize, usize, Mark)>) -> Option<String> {
    let mut marked = MarkedText { plain: title.to_owned(), marks: Vec::new() };
    let begins: Vec<usize> = title
        .match_indices(char::is_alphanumeric)
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || title.as_bytes()[at - 1] == b' ')
        .collect();
    let own = meaningful_capitals(title);
    for (first, length, mark) in marks {
        let Some(&from) = begins.get(first) else { continue };
        let end = begins.get(first + length).map_or(title.len(), |next| from + title[from..*next].trim_end().len());
        let has_letters = title[from..end].contains(char::is_alphabetic);
        let is_own = own.contains(&(from..end)) || marked.keeps_case(&(from..end)) || !has_letters;
        if mark != Mark::AsIs || !is_own {
            marked.mark(from..end, mark);
        }
    }
    (!marked.marks.is_empty()).then(|| marked.tagged())
}

fn record(signs: &str) -> impl Strategy<Value = Record> + use<> {
    let names = (vec(person(), 0..4), any::<bool>());
    let links = prop_oneof![
        2 => Just(Links::default()),
        1 => "https://example\\.org/[a-z]{1,8}|HTTP://example\\.org/[a-zü~_&%=?+,;:()-]{0,7}[a-z]|https://example\\.org/a [a-z]{1,8}|\
             ftp://example\\.org/[a-z]{1,8}|urn:nbn:de:[0-9:-]{1,8}|www\\.example\\.org/[a-z]{1,8}".prop_map(|page| Links { page: Some(page), ..Links::default() }),
        1 => "https://example\\.org/[a-z]{1,8}\\.pdf".prop_map(|pdf| Links { pdf: Some(pdf), ..Links::default() }),
    ];
    let arxiv = weighted(0.2, "2[0-3](0[1-9]|1[0-2])\\.[0-9]{5}");
    let identifiers = (of("10\\.1000/[a-z0-9]{1,8}"), arxiv, links, prop_oneof![9 => Just(false), 1 => Just(true)]);
    let mark = prop_oneof![Just(Mark::Italic), Just(Mark::Bold), Just(Mark::SmallCaps), Just(Mark::AsIs)];
    let title = (text(signs), vec((0usize..4, 1usize..3, mark), 0..3));
    let words = (title, of(text(signs)), of("[A-Z][a-z]{1,7}"));
    (details(signs), words, names, of(date()), identifiers).prop_map(
        |((csl, mut details), ((title, marks), abstract_text, short), (authors, is_complete), date, identifiers)| {
            let (doi, arxiv, links, retracted) = identifiers;
            details.set_text(Variable::MarkedTitle, marked(&title, marks).unwrap_or_default());
            // Every second of those that are not dated.
            let in_words = if date.is_none() && title.len() % 2 == 0 { "in press" } else { "" };
            details.set_text(Variable::DateText, in_words);
            Record {
                author_count: u32::try_from(authors.len()).ok().filter(|count| is_complete && *count > 0),
                title,
                authors,
                date,
                doi,
                arxiv,
                abstract_text,
                keys: vec!["key2000".into(), "alias".into(), "another".into()],
                short_titles: short.into_iter().collect(),
                links,
                work_type: Some(csl.into()),
                details,
                retracted,
                ..Record::default()
            }
        },
    )
}

/// The only record of a file.
fn read(name: &str, text: &str) -> Record {
    let file = OpenCorpusFile::new(name.into(), Document::new(text, 1));
    let problems = file.contents().problems.iter().map(|problem| problem.message.as_str());
    let unexpected = problems.filter(|problem| *problem != "not a date: `in press` (kept as it is)");
    assert_eq!(unexpected.collect::<Vec<_>>(), [""; 0], "{text}");
    assert_eq!(file.contents().records.len(), 1, "{text}");
    Record { span: Span::default(), ..file.contents().records[0].clone() }
}

/// A record as it is compared: what every export says besides, or cannot tell apart, is made the same.
fn comparable(record: &Record) -> Record {
    let mut record = Record { span: Span::default(), ..record.clone() };
    let details = &mut record.details;
    let language = details.text(Variable::Language).map(|name| languages::code_of(name).unwrap_or(name).to_owned());
    details.set_text(Variable::Language, language.unwrap_or_default());
    if let Some(status) = details.text(Variable::Status).and_then(|status| status.strip_prefix("retracted")) {
        let own = status.trim_start_matches("; ").to_owned();
        details.set_text(Variable::Status, own);
    }
    record
}

/// A record as it is compared after a `.bib` file, which has an entry type and one sort of particle.
fn comparable_in_bib(record: &Record) -> Record {
    let mut record = comparable(record);
    record.details.set_text(Variable::EntryType, "");
    // What has no pages and a number in a journal is on the page of that number.
    if record.work_type.as_deref().is_some_and(is_in_journal) && record.details.text(Variable::Page).is_none() {
        let number = record.details.text(Variable::Number).unwrap_or_default().to_owned();
        record.details.set_text(Variable::Number, "");
        record.details.set_text(Variable::Page, number);
    }
    record
}

fn is_in_journal(csl: &str) -> bool {
    csl.starts_with("article-") || csl.starts_with("review") || csl == "periodical"
}

/// A record as it is compared after CSL-JSON, which says in variables where a work is on arXiv, and has one key.
fn comparable_in_csl(record: &Record) -> Record {
    let mut record = comparable(record);
    record.keys.truncate(1);
    if let Some(id) = &record.arxiv {
        for (variable, added) in
            [(Variable::Publisher, "arXiv"), (Variable::Archive, "arXiv"), (Variable::ArchiveLocation, id.as_str())]
        {
            if record.details.text(variable) == Some(added) {
                record.details.set_text(variable, "");
            }
        }
        record.links.page = record.links.page.take().filter(|page| *page != arxiv_url(id));
    }
    record
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_bib_file_says_all_that_its_record_says(record in record("$#_{}~^")) {
        let cited = CitedRecord::from(record.clone());
        let bib = bibtex(&[cited], true);
        prop_assert_eq!(comparable_in_bib(&read("export.bib", &bib)), comparable_in_bib(&record), "{}", bib);
    }

    #[test]
    // Reference managers write TeX into JSON, so that its signs are read as such.
    fn an_item_of_csl_says_all_that_its_record_says(record in record("#")) {
        let json = csl_json(&[CitedRecord::from(record.clone())], true);
        prop_assert_eq!(comparable_in_csl(&read("export.json", &json)), comparable_in_csl(&record), "{}", json);
    }
}
