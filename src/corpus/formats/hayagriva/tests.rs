#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{format_of, names, read_all, read_one};
use crate::paper::{Record, fold};

/// Works of all sorts.
const WORKS: &str = include_str!("works.yml");

fn work(key: &str) -> Record {
    let (records, problems) = read_all(&Hayagriva, WORKS);
    assert_eq!(problems, []);
    records.into_iter().find(|record| record.keys == [key]).unwrap()
}

/// Everything there is beside title, authors and date, as `name: text`.
fn details(record: &Record) -> Vec<String> {
    let texts = record.details.texts().map(|(variable, text)| format!("{}: {text}", variable.csl_name()));
    let dates = record.details.dates().map(|(variable, date)| format!("{}: {}", variable.csl_name(), date.iso()));
    let people = record.details.all_people();
    let people = people.map(|(role, people)| format!("{}: {}", role.csl_name(), names(people).join("; ")));
    texts.chain(dates).chain(people).collect()
}

#[test]
fn works_of_all_sorts_are_read() {
    let cases: [(&str, &str, &str, &[&str]); 12] = [
        (
            "moss",
            "article-journal",
            "Moss at the pH of H₂O",
            &[
                "container-title: Journal of Slow Plants",
                "container-title-short: J. Slow Plants",
                "publisher: Fen Press",
                "publisher-place: Ely",
                "volume: 12",
                "issue: 3",
                "page: 14-29",
                "number-of-pages: 16",
                "language: en-GB",
                "ISSN: 1234-5678",
            ],
        ),
        (
            "talk",
            "paper-conference",
            "Networks of Otters",
            &[
                "container-title: World Otter Meeting 2020",
                "container-title-short: WOM 2020",
                "event-title: World Otter Meeting 2020",
                "event-place: Oslo",
                "accessed: 2020-09-17",
                "event-date: 2020-06-20",
            ],
        ),
        (
            "reeds",
            "chapter",
            "Reeds",
            &[
                "container-title: Wetland Studies",
                "collection-title: Annals of Wetlands",
                "collection-number: 7",
                "publisher: Marsh House",
                "volume: 34",
                "page: 129-153",
                "ISBN: 978-0-691-07916-5",
                "publisher-place: Princeton",
                "collection-editor: Fen|Ada",
                "editor: Tern|C. E.; Gull|J.",
            ],
        ),
        ("harbour", "chapter", "The Harbour", &["number-of-volumes: 7", "page: 135-139", "volume: 5", "ISBN: 1"]),
        (
            "film",
            "motion_picture",
            "Dusk",
            &["dimensions: 137:00", "composer: Reed|Brad", "director: Wren|James", "performer: Finch|A.; Lark|B."],
        ),
        ("preprint", "article", "Habitable Ponds", &["publisher: arXiv"]),
        (
            "thesis",
            "thesis",
            "On Eels",
            &["publisher: University of the Fens", "genre: Doctoral dissertation", "authority: University of the Fens"],
        ),
        ("law", "legislation", "Freedom of Reeds Act", &["number: Pub. L. No. 1-2"]),
        ("post", "post", "Georgia is wet", &[]),
        ("blogged", "post-weblog", "Fast or Wrong", &["container-title: Pond Notes"]),
        ("show", "graphic", "Drill", &["event-title: Eels in Art", "event-place: Bath"]),
        (
            "anew",
            "book",
            "Grimm Again",
            &[
                "publisher: Bell",
                "original-title: Grimm",
                "original-publisher: Alt",
                "original-date: 1812",
                "original-author: Grimm|Jacob",
                "translator: Hunt|Margaret",
            ],
        ),
    ];
    for (key, kind, title, expected) in cases {
        let record = work(key);
        assert_eq!((record.work_type.as_deref(), &*record.title), (Some(kind), title), "{key}");
        let (mut own, mut expected) = (details(&record), expected.to_vec());
        own.sort();
        expected.sort_unstable();
        assert_eq!(own, expected, "{key}");
    }
    let preprint = work("preprint");
    assert_eq!(
        (preprint.arxiv.as_deref(), preprint.links.page.as_deref()),
        (Some("2003.13722"), Some("https://arxiv.org/abs/2003.13722"))
    );
    let moss = work("moss");
    assert_eq!((moss.doi.as_deref(), moss.short_titles.as_slice()), (Some("10.1000/moss"), &["Moss".to_owned()][..]));
    assert_eq!(names(&moss.authors), ["von der Fen|Ada", "Tern|Max, Jr.", "Gull|Eve", "Internet Otter Task Force|"]);
    assert_eq!(work("talk").links.page.as_deref(), Some("https://example.org/10111"));
    assert_eq!(names(&work("harbour").authors), ["Rook|J. K."]);
}

#[test]
fn names_are_read_however_they_are_written() {
    for (written, expected) in [
        ("Fen, Ada", "Fen|Ada"),
        ("[\"Fen, Ada\", \"van der Tern, Max\"]", "Fen|Ada; van der Tern|Max"),
        ("Ishkur", "Ishkur|"),
        ("Internet Otter Task Force", "Internet Otter Task Force|"),
        ("{ name: Fen, given-name: Ada, prefix: von, suffix: Jr. }", "von Fen|Ada, Jr."),
        ("[{ name: \"Fen, A.\" }, et al.]", "Fen|A."),
        ("{ alias: nobody }", ""),
    ] {
        let (record, problems) = read_one(&Hayagriva, &format!("a:\n  type: book\n  title: T\n  author: {written}\n"));
        assert_eq!((names(&record.authors).join("; ").as_str(), problems.len()), (expected, 0), "{written}");
    }
}

#[test]
fn dates_are_read_however_much_of_them_there_is() {
    for (written, expected) in [
        ("2020-06-26", "2020-06-26"),
        ("2020-06", "2020-06"),
        ("2020", "2020"),
        ("\"2020\"", "2020"),
        ("-0043-03-15", "-0043-03-15"),
        ("{ year: 2020, month: 6 }", "2020-06"),
    ] {
        let text = format!("a:\n  type: book\n  title: T\n  date: {written}\n");
        let (record, problems) = read_one(&Hayagriva, &text);
        assert_eq!((record.date.unwrap().iso().as_str(), problems.len()), (expected, 0), "{written}");
    }
    let (record, _) = read_one(&Hayagriva, "a:\n  type: book\n  title: T\n  date: ~1850\n");
    assert!(record.date.unwrap().is_approximate);
    let (record, problems) = read_one(&Hayagriva, "a:\n  type: book\n  title: T\n  date: soon\n");
    assert_eq!((record.date, problems.as_slice()), (None, &["not a date: `soon` (kept as it is)".to_owned()][..]));
}

#[test]
fn marks_in_texts_are_read_as_hayagriva_reads_them() {
    for (written, expected) in [
        ("{NASA} and {the {UN}}", "NASA and the UN"),
        (r"\{a\} \$5 C:\dir \\", r"{a} $5 C:\dir \"),
        ("$x^2$ costs", "x² costs"),
        ("only $5", "only $5"),
        ("a } b", "a  b"),
        ("", ""),
    ] {
        assert_eq!(without_marks(written), expected);
    }
}

#[test]
fn a_damaged_entry_costs_itself() {
    let good = |key: &str| format!("{key}:\n  type: book\n  title: T\n  date: 2020\n");
    for damage in [
        "x:\n  type: book\n  title: \"open\n",
        "x:\n  type: book\n   title: T\n",
        "x:\n  title: [a\n",
        "x: *other\n",
        "x: plain\n",
        "x:\n",
        "x:\n  title: T: [a\n  - b\n",
        "x:\n\ttitle: T\n  author\n",
    ] {
        let text = format!("{}{damage}{}{}", good("a"), good("b"), good("c"));
        let (records, problems) = read_all(&Hayagriva, &text);
        let keys: Vec<String> = records.iter().map(|record| record.keys.concat()).filter(|key| key != "x").collect();
        assert_eq!(keys, ["a", "b", "c"], "{text}");
        assert!(problems.iter().any(|problem| (5..9).contains(&problem.line)), "{text}: {problems:?}");
    }
    let (records, problems) = read_all(&Hayagriva, "a:\n  type: Book\n  title: Reeds: A Study\n  date: 2020\n");
    assert_eq!((&*records[0].title, problems.len()), ("Reeds: A Study", 1));
}

#[test]
fn places_are_exact_and_keys_are_any_text() {
    let text = "# Works\r\n\r\n\"smith: 2020\":\r\n  type: book\r\n  title: Größe\r\n  # more\r\n\r\nDBLP:conf/x:\r\n  type: misc\r\n  title: B\r\n\r\n";
    let (records, problems) = read_all(&Hayagriva, text);
    assert_eq!(problems, []);
    let shown: Vec<_> = records
        .iter()
        .map(|record| {
            let range = usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap();
            (record.keys.concat(), &text[range], record.span.line, record.span.title_utf16)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("smith: 2020".to_owned(), "\"smith: 2020\":\r\n  type: book\r\n  title: Größe", 2, 14),
            ("DBLP:conf/x".to_owned(), "DBLP:conf/x:\r\n  type: misc\r\n  title: B", 7, 12),
        ]
    );
}

#[test]
fn what_entries_name_stands_for_itself_in_later_ones() {
    let text = "a:\n  type: article\n  title: A\n  parent: &otters\n    type: proceedings\n    title: Otters 2020\n\
        b:\n  type: article\n  title: B\n  parent: *otters\nc:\n  type: article\n  title: C\n  parent: { <<: *otters, title: Eels }\n\
        d:\n  type: book\n  title: D\n  parent: *none\n";
    let (records, problems) = read_all(&Hayagriva, text);
    let containers: Vec<_> = records.iter().filter_map(|it| it.details.text(Variable::ContainerTitle)).collect();
    assert_eq!((containers, records.len()), (vec!["Otters 2020", "Otters 2020", "Eels"], 4));
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [18]);
    let nested = format!("a:\n  type: book\n  title: T\n  parent: {}1{}\n", "{parent: ".repeat(60), "}".repeat(60));
    assert_eq!(read_all(&Hayagriva, &nested).0.len(), 1);
}

#[test]
fn bibliographies_are_told_from_other_mappings() {
    let page = "home:\n  type: web\n  title: Home\n  url: { value: \"https://example.org\", date: 2020-10-20 }\n";
    assert_eq!([format_of(WORKS), format_of(page)], [Some(Format::Hayagriva); 2]);
    for other in [
        "services:\n  web:\n    type: web\n    title: x\n",
        "post:\n  type: object\n  title: x\n  date: 2020\n",
        "post:\n  type: post\n  title: x\n  date: 2020\n  layout: y\n",
        "home:\n  type: web\n  title: Home\n  url: /\n",
        "preferred-citation:\n  type: article\n  title: x\n  authors: []\n  publisher: y\n",
        "a: b\n",
        "- type: book\n  author: x\n",
    ] {
        assert_eq!(format_of(other), None, "{other}");
    }
}

/// What Hayagriva itself makes of the works: titles, authors, dates and numbers.
#[test]
fn works_mean_what_they_mean_to_hayagriva() {
    assert_eq!(differences(WORKS), [""; 0]);
}

fn differences(text: &str) -> Vec<String> {
    let library = hayagriva::io::from_yaml_str(text).unwrap();
    let (records, _) = read_all(&Hayagriva, text);
    let mut different = Vec::new();
    for entry in library.iter() {
        let key = entry.key();
        let Some(record) = records.iter().find(|record| record.keys == [key]) else {
            different.push(format!("{key} is missing"));
            continue;
        };
        let mut expect = |what: &str, theirs: String, ours: String| {
            if theirs != ours {
                different.push(format!("{key}: {what}: {ours:?}, not {theirs:?}"));
            }
        };
        // A chapter without title is cited as the book.
        if let Some(title) = entry.title() {
            expect("title", fold(&title.value.to_string()), fold(&record.title));
        }
        if let Some(authors) = entry.authors() {
            let theirs: Vec<&str> = authors.iter().map(|person| person.name.as_str()).collect();
            let ours: Vec<&str> = record.authors.iter().map(|person| person.family.as_str()).collect();
            expect("authors", theirs.join("; "), ours.join("; "));
        }
        let date = entry
            .date_any()
            .map(|date| (date.year, date.month.map(|month| month + 1), date.day.map(|day| day + 1), date.approximate));
        let own = record.date.map(|date| (date.year, date.month, date.day, date.is_approximate));
        expect("date", format!("{date:?}"), format!("{own:?}"));
        let doi = entry.doi().map(str::to_lowercase);
        expect("DOI", format!("{doi:?}"), format!("{:?}", record.doi));
        let text = |variable: Variable| record.details.text(variable).unwrap_or_default().replace('–', "-");
        let number = |number: Option<String>| number.unwrap_or_default().replace('–', "-");
        expect("pages", number(entry.page_range().map(ToString::to_string)), text(Variable::Page));
        expect("edition", number(entry.map(|it| it.edition()).map(ToString::to_string)), text(Variable::Edition));
        expect("number of pages", number(entry.page_total().map(ToString::to_string)), text(Variable::NumberOfPages));
        let publisher = entry.map(|it| it.publisher()).and_then(|it| it.name());
        publisher.into_iter().for_each(|name| expect("publisher", name.value.to_string(), text(Variable::Publisher)));
    }
    different
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(a:|\n|  |type: book|title: |author: |parent: |- |\\[|\\]|\\{|\\}|,|\"|&a |\\*a|<<: |\\$|\\\\|#|\\||é|\\PC){0,60}") {
        for begin in ["", "a:\n  type: book\n  title: T\n"] {
            let text = format!("{begin}{text}");
            let (records, _) = read_all(&Hayagriva, &text);
            for record in records {
                prop_assert!(record.span.start < record.span.end && record.span.end <= text.len() as u64);
            }
        }
    }
}
