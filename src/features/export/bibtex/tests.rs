#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use biblatex::{Bibliography, ChunksExt};
use proptest::prelude::*;
use serde::Deserialize;
use serde_bibtex::MacroDictionary;
use serde_bibtex::de::Deserializer;

use super::*;
use crate::corpus::OpenCorpusFile;
use crate::paper::{Details, Links, Organization, Person, PublicationDate, Role};
use crate::text::Document;

/// An entry as an independent parser reads it.
#[derive(Debug, PartialEq, Deserialize)]
struct Parsed {
    entry_type: String,
    entry_key: String,
    fields: BTreeMap<String, String>,
}

fn parsed(bib: &str) -> Vec<Parsed> {
    let mut macros = MacroDictionary::default();
    macros.set_month_macros();
    let entries = Deserializer::from_str_with_macros(bib, macros).into_iter_regular_entry::<Parsed>();
    entries.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{error}: {bib}"))
}

/// The records as entries of a file.
fn written(records: &[&Record], with_abstracts: bool) -> String {
    let cited: Vec<CitedRecord> = records.iter().map(|record| (*record).clone().into()).collect();
    bibtex(&cited, with_abstracts)
}

fn only(record: &Record) -> Parsed {
    let mut entries = parsed(&written(&[record], true));
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

/// What TeX shows for a value that holds no commands but those this module writes.
fn shown(value: &str) -> String {
    let commands = [
        ("\\textbackslash{}", "\u{1}"),
        ("\\textasciitilde{}", "~"),
        ("\\textasciicircum{}", "^"),
        ("\\{", "\u{2}"),
        ("\\}", "\u{3}"),
        ("\\textbraceleft{}", "\u{2}"),
        ("\\textbraceright{}", "\u{3}"),
        ("\\&", "&"),
        ("\\%", "%"),
        ("\\$", "$"),
        ("\\#", "#"),
        ("\\_", "_"),
        ("{", ""),
        ("}", ""),
        ("\u{1}", "\\"),
        ("\u{2}", "{"),
        ("\u{3}", "}"),
    ];
    commands.iter().fold(value.to_owned(), |text, (command, letter)| text.replace(command, letter))
}

fn author(family: &str, given: &str) -> Person {
    Person::new(family, given)
}

fn titled(title: &str) -> Record {
    Record { title: title.into(), ..Record::default() }
}

fn whole_record() -> Record {
    Record {
        title: "Orca: Learning from GPT-4 & 50% of {x}".into(),
        abstract_text: Some("We use $x_1$.\nTwice.".into()),
        authors: vec![author("Mukherjee", "Subhabrata"), author("Müller", "Jürgen")],
        author_count: Some(6),
        date: Some(PublicationDate::new(2023, Some(6), Some(5))),
        keys: vec!["DBLP:journals/x/Y23".into(), "other".into()],
        arxiv: Some("2306.02707".into()),
        doi: Some("10.1000/x_y(2)".into()),
        short_titles: vec!["Orca".into()],
        links: Links { page: Some("https://e.org/a_b?c=%20".into()), ..Links::default() },
        work_type: Some("article-journal".into()),
        details: Details::from_iter([
            (Variable::ContainerTitle, Some("Journal of A & B".into())),
            (Variable::Volume, Some("12".into())),
            (Variable::Issue, Some("3–4".into())),
            (Variable::Page, Some("100–110".into())),
            (Variable::Publisher, Some("Smith & Sons".into())),
            (Variable::PublisherPlace, Some("Zürich".into())),
            (Variable::Edition, Some("2nd".into())),
            (Variable::CollectionTitle, Some("LNCS #5".into())),
            (Variable::Isbn, Some("978-3-16".into())),
            (Variable::Issn, Some("1234-5678".into())),
        ])
        .with_people(Role::Editor, vec![author("Finch", "E.")]),
        retracted: true,
        ..Record::default()
    }
}

#[test]
fn every_field_is_written_in_a_fixed_order() {
    let expected = "\
@article{DBLP:journals/x/Y23,
  ids = {other},
  author = {Mukherjee, Subhabrata and Müller, Jürgen and others},
  editor = {Finch, E.},
  title = {Orca: Learning from {GPT-4} \\& 50\\% of \\{x\\}},
  shorttitle = {Orca},
  date = {2023-06-05},
  year = {2023},
  month = jun,
  journal = {Journal of A \\& B},
  series = {LNCS \\#5},
  publisher = {Smith \\& Sons},
  address = {Zürich},
  volume = {12},
  number = {3–4},
  pages = {100--110},
  edition = {2nd},
  isbn = {978-3-16},
  issn = {1234-5678},
  doi = {10.1000/x_y(2)},
  eprint = {2306.02707},
  archiveprefix = {arXiv},
  url = {https://e.org/a_b?c=%20},
  pubstate = {retracted},
  abstract = {We use \\$x\\_1\\$. Twice.},
}
";
    assert_eq!(written(&[&whole_record()], true), expected);
    assert!(!written(&[&whole_record()], false).contains("abstract"));
}

#[test]
fn types_follow_the_type_of_the_work() {
    let cases = [
        ("article-journal", "article", "journal"),
        ("paper-conference", "inproceedings", "booktitle"),
        ("chapter", "incollection", "booktitle"),
        ("report", "techreport", "institution"),
        ("thesis", "thesis", "institution"),
        ("webpage", "online", "organization"),
    ];
    for (work_type, entry_type, venue_field) in cases {
        let mut record = titled("A Title");
        record.work_type = Some(work_type.into());
        let is_whole = matches!(work_type, "report" | "thesis" | "webpage");
        record.details.set_text(if is_whole { Variable::Publisher } else { Variable::ContainerTitle }, "Venue");
        let entry = only(&record);
        assert_eq!((entry.entry_type.as_str(), entry.fields[venue_field].as_str()), (entry_type, "Venue"));
    }
    for (work_type, entry_type) in [("book", "book"), ("manuscript", "unpublished"), ("software", "software")] {
        let record = Record { work_type: Some(work_type.into()), ..titled("A Title") };
        assert_eq!(only(&record).entry_type, entry_type);
    }
}

#[test]
fn what_is_only_on_arxiv_is_an_eprint() {
    let record =
        Record { arxiv: Some("hep-th/9901001".into()), work_type: Some("article-journal".into()), ..titled("Strings") };
    let expected = "\
@article{strings,
  title = {Strings},
  eprint = {hep-th/9901001},
  archiveprefix = {arXiv},
}
";
    assert_eq!(written(&[&record], false), expected);
}

#[test]
fn names_that_would_be_taken_apart_are_in_braces() {
    let cases = [
        (vec![author("Plato", "")], "Plato"),
        (vec![author("Smith and Sons", ""), author("Doe", "J.")], "{Smith and Sons} and Doe, J."),
        (vec![author("others", "")], "{others}"),
        (vec![author("van der Berg", "Anna")], "{van der Berg}, Anna"),
        (vec![author("King", "Martin Luther, Jr.")], "King, {Martin Luther, Jr.}"),
        (vec![author("A and B", "C")], "{A and B}, C"),
        (vec![author("O'Neil {x", "R&D")], "O'Neil \\textbraceleft{}x, R\\&D"),
        (vec![author("", "")], ""),
    ];
    for (authors, expected) in cases {
        let author_count = u32::try_from(authors.len()).ok();
        let record = Record { authors, author_count, ..titled("T") };
        let entry = only(&record);
        assert_eq!(entry.fields.get("author").map_or("", String::as_str), expected);
    }
}

#[test]
fn authors_who_are_not_listed_are_others() {
    let organization = Organization { handle: "metaresearch".into(), name: "Meta Research".into() };
    let named = Record { organization: Some(organization), ..titled("T") };
    assert_eq!(only(&named).fields["author"], "{Meta Research} and others");
    let counted = Record { author_count: Some(6), ..titled("T") };
    assert!(!only(&counted).fields.contains_key("author"));
}

#[test]
fn addresses_that_are_not_of_the_web_are_left_out() {
    let links = Links { page: Some("javascript:alert(1)".into()), ..Links::default() };
    let record = Record { links, ..titled("T") };
    assert!(!only(&record).fields.contains_key("url"));
}

#[test]
fn another_parser_reads_the_same_back() {
    let second = Record { arxiv: Some("2106.09685".into()), ..titled("LoRA: Low-Rank Adaptation") };
    let first = whole_record();
    let bib = written(&[&first, &second], true);
    let entries = parsed(&bib);
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].entry_key, "DBLP:journals/x/Y23");
    assert_eq!(shown(&entries[0].fields["title"]), first.title);
    assert_eq!(entries[0].fields["doi"], first.doi.unwrap());
    assert_eq!(entries[0].fields["month"], "6");
    assert_eq!(shown(&entries[1].fields["title"]), second.title);
    let bibliography = Bibliography::parse(&bib).unwrap();
    let entry = bibliography.get("DBLP:journals/x/Y23").unwrap();
    assert_eq!(entry.title().unwrap().format_verbatim(), first.title);
    assert_eq!(entry.author().unwrap()[1].name, "Müller");
    assert_eq!(entry.author().unwrap()[1].given_name, "Jürgen");
    assert_eq!(entry.doi().unwrap(), "10.1000/x_y(2)");
}

/// What our own reader makes of a .bib file.
fn read_back(bib: &str) -> Vec<Record> {
    let file = OpenCorpusFile::new("export.bib".into(), Document::new(bib, 1));
    let is_harmless = |problem: &crate::diagnostic::Diagnostic| {
        ["no title", "not a DOI"].iter().any(|it| problem.message.contains(it))
    };
    assert!(file.contents().problems.iter().all(is_harmless), "{:?} in {bib}", file.contents().problems);
    file.contents().records.clone()
}

#[test]
fn our_own_reader_reads_the_same_back() {
    let mut first = Record { retracted: false, ..whole_record() };
    first.details.set_text(Variable::EntryType, "article");
    let second = Record { arxiv: Some("2106.09685".into()), ..titled("LoRA: Low-Rank Adaptation") };
    let read = read_back(&written(&[&first, &second], true));
    assert_eq!(read.len(), 2);
    let of_entry = |record: &Record| {
        let Record { title, authors, arxiv, doi, details, work_type, .. } = record.clone();
        (title, authors, arxiv, doi, details, work_type, record.date.map(|date| (date.year, date.month)))
    };
    assert_eq!(of_entry(&read[0]), of_entry(&first));
    assert_eq!(read[0].keys[0], "DBLP:journals/x/Y23");
    assert_eq!(read[0].short_titles, ["Orca"]);
    assert_eq!((read[1].title.as_str(), read[1].arxiv.as_deref()), ("LoRA: Low-Rank Adaptation", Some("2106.09685")));
}

fn any_hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[{}\\\\@%#$&_~^\"',=()\n -]{1,4}",
        "[A-Za-z0-9]{1,6}",
        "\\PC{1,3}",
        Just("🐋".to_owned()),
        Just("שלום".to_owned()),
        Just(" and ".to_owned()),
        Just("@article{x,".to_owned()),
        Just("\\input{x}".to_owned()),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_the_file(
        title in any_hostile_text(),
        family in any_hostile_text(),
        given in any_hostile_text(),
        key in any_hostile_text(),
        venue in any_hostile_text(),
        doi in any_hostile_text(),
    ) {
        let record = Record {
            title: title.clone(),
            authors: vec![author(&family, &given)],
            keys: vec![key],
            doi: Some(doi),
            abstract_text: Some(venue.clone()),
            details: Details::from_iter([(Variable::ContainerTitle, Some(venue))]),
        ..Record::default()
        };
        let last = titled("The Last One");
        let bib = written(&[&record, &last], true);
        let entries = parsed(&bib);
        prop_assert_eq!(entries.len(), 2, "{}", bib);
        prop_assert_eq!(&entries[1].fields["title"], "The Last One");
        prop_assert_ne!(&entries[0].entry_key, &entries[1].entry_key);
        let plain = crate::features::plain_text(&title);
        let read = entries[0].fields.get("title").map(|title| shown(title)).unwrap_or_default();
        prop_assert_eq!(read, plain);
        // Our own reader finds both as well, whatever the text.
        prop_assert_eq!(read_back(&bib).last().map(|record| record.title.clone()), Some("The Last One".to_owned()));
        if let Some(value) = entries[0].fields.get("author") {
            let names = [&family, &given].map(|name| crate::features::plain_text(name));
            let read = shown(value);
            prop_assert!(names.iter().all(|name| read.contains(name.as_str())), "{} {:?}", read, names);
        }
    }
}
