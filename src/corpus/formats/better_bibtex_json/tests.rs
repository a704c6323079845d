#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{format_of, names, read_all};
use crate::diagnostic::Diagnostic;
use crate::paper::{DateVariable, Record, Role, Variable};

fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Diagnostic>) {
    read_all(&BETTER_BIBTEX_JSON, bytes)
}

const HEAD: &str = r#"{"config":{"id":"36a3b0b5","label":"BetterBibTeX JSON","preferences":{"x":[1]}},"version":{"zotero":"7","bbt":"6"},"collections":{"A":{"items":[1,2]}},"items":["#;

#[test]
fn an_item_with_everything() {
    let text = format!(
        r#"{HEAD}{{"itemType":"note","note":"x"}},
{{"itemType":"preprint","citationKey":"orca23","title":"Orca: <i>Learning</i>","shortTitle":"Orca","abstractNote":"We learn.",
"date":"2023/06","repository":"arXiv","archiveID":"arXiv:2306.02707","DOI":"10.48550/arXiv.2306.02707","url":"http://arxiv.org/abs/2306.02707",
"extra":"tex.ids: o1, o2\nPMID: 3","creators":[{{"firstName":"Jane","lastName":"Doe","creatorType":"author"}},{{"name":"Meta","creatorType":"author"}},
{{"firstName":"E.","lastName":"Ed","creatorType":"editor"}}],"tags":[{{"tag":"x"}},{{"tag":"⛔ Retracted"}}],
"attachments":[{{"itemType":"attachment","path":"/a/b.html"}},{{"title":"PDF","path":"/a/B.PDF"}}],"select":"zotero://select/library/items/ABCD1234",
"volume":3,"pages":"1-9","publisher":"P","place":"Q","series":"S"}},
{{"itemType":"attachment","path":"x.pdf"}},
{{"itemType":"book","title":"B","select":"javascript:x","date":"soon"}}],"more":{{"items":0}}}}"#
    );
    let (records, problems) = read(text.as_bytes());
    assert_eq!(records.len(), 2);
    let record = &records[0];
    assert_eq!((record.title.as_str(), record.keys.join(" ")), ("Orca: Learning", "orca23 o1 o2".to_owned()));
    assert_eq!(names(&record.authors), ["Doe|Jane", "Meta|"]);
    assert_eq!(record.date.unwrap().iso(), "2023-06");
    assert_eq!(record.details.text(Variable::Publisher), Some("arXiv"));
    assert_eq!((record.arxiv.as_deref(), record.work_type.as_deref()), (Some("2306.02707"), Some("article")));
    assert!(record.retracted);
    assert_eq!(record.links.pdf.as_deref(), Some("/a/B.PDF"));
    assert_eq!(record.links.zotero.as_deref(), Some("zotero://select/library/items/ABCD1234"));
    assert_eq!(
        (record.details.text(Variable::CollectionTitle), record.details.people(Role::Editor).len()),
        (Some("S"), 1)
    );
    assert_eq!((record.span.line, records[1].span.line), (1, 8));
    assert_eq!((records[1].keys.len(), &records[1].links.zotero), (0, &None));
    assert_eq!(
        problems.iter().map(|problem| (problem.line, problem.message.as_str())).collect::<Vec<_>>(),
        [(9, "not a date: `soon` (kept as it is)")]
    );
}

/// The record of the only item, with its texts.
fn item(fields: &str) -> Record {
    let (mut records, problems) = read(format!(r#"[{{"citationKey":"k","title":"T",{fields}}}]"#).as_bytes());
    assert_eq!((records.len(), problems), (1, Vec::new()), "{fields}");
    records.remove(0)
}

#[test]
fn items_of_every_type_keep_their_fields() {
    /// Fields of an item, its type, and its variables.
    type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
    let cases: [Case; 9] = [
        (
            r#""itemType":"journalArticle","publicationTitle":"J","journalAbbreviation":"J.","volume":"1","issue":"2","pages":"3-4","series":"S","language":"en","ISSN":"1","PMID":"5","PMCID":"PMC6","callNumber":"C","libraryCatalog":"L""#,
            "article-journal",
            &[
                ("container-title", "J"),
                ("container-title-short", "J."),
                ("collection-title", "S"),
                ("volume", "1"),
                ("issue", "2"),
                ("page", "3-4"),
                ("language", "en"),
                ("ISSN", "1"),
                ("PMID", "5"),
                ("PMCID", "PMC6"),
                ("call-number", "C"),
                ("source", "L"),
            ],
        ),
        (
            r#""itemType":"thesis","thesisType":"Master's thesis","university":"U","place":"P","numPages":"90""#,
            "thesis",
            &[("publisher", "U"), ("publisher-place", "P"), ("number-of-pages", "90"), ("genre", "Master's thesis")],
        ),
        (
            r#""itemType":"bookSection","bookTitle":"B","series":"S","seriesNumber":"7","edition":"2","publisher":"P","ISBN":"9""#,
            "chapter",
            &[
                ("container-title", "B"),
                ("collection-title", "S"),
                ("collection-number", "7"),
                ("publisher", "P"),
                ("edition", "2"),
                ("ISBN", "9"),
            ],
        ),
        (
            r#""itemType":"conferencePaper","proceedingsTitle":"Proc.","conferenceName":"C","place":"P","eventPlace":"Oslo""#,
            "paper-conference",
            &[("container-title", "Proc."), ("event-title", "C"), ("event-place", "Oslo"), ("publisher-place", "P")],
        ),
        (
            r#""itemType":"report","reportNumber":"TR-7","reportType":"Technical Report","institution":"I","seriesTitle":"S""#,
            "report",
            &[("collection-title", "S"), ("publisher", "I"), ("number", "TR-7"), ("genre", "Technical Report")],
        ),
        (
            r#""itemType":"patent","patentNumber":"US1","issuingAuthority":"USPTO","country":"US","legalStatus":"granted","place":"P""#,
            "patent",
            &[
                ("publisher-place", "P"),
                ("number", "US1"),
                ("status", "granted"),
                ("authority", "USPTO"),
                ("jurisdiction", "US"),
            ],
        ),
        (
            r#""itemType":"computerProgram","versionNumber":"1.2","company":"C","programmingLanguage":"Rust","system":"Linux""#,
            "software",
            &[("publisher", "C"), ("version", "1.2"), ("genre", "Rust"), ("medium", "Linux")],
        ),
        (
            r#""itemType":"webpage","websiteTitle":"W","websiteType":"Blog""#,
            "webpage",
            &[("container-title", "W"), ("genre", "Blog")],
        ),
        (
            r#""itemType":"dataset","repository":"Zenodo","identifier":"7","type":"Survey","version":"3""#,
            "dataset",
            &[("publisher", "Zenodo"), ("number", "7"), ("version", "3"), ("genre", "Survey")],
        ),
    ];
    for (fields, work_type, expected) in cases {
        let record = item(fields);
        let texts: Vec<_> = record.details.texts().map(|(variable, text)| (variable.csl_name(), text)).collect();
        assert_eq!((record.work_type.as_deref(), texts), (Some(work_type), expected.to_vec()), "{fields}");
    }
}

#[test]
fn creators_have_the_roles_that_csl_gives_them() {
    let roles = |kind: &str, creators: &[&str]| -> Vec<(&'static str, String)> {
        let list: Vec<String> = creators
            .iter()
            .map(|creator| format!(r#"{{"firstName":"A.","lastName":"{creator}","creatorType":"{creator}"}}"#))
            .collect();
        let record = item(&format!(r#""itemType":"{kind}","creators":[{}]"#, list.join(",")));
        let people = |role: &Role| {
            record.people(*role).iter().map(|person| (role.csl_name(), person.family.clone())).collect::<Vec<_>>()
        };
        Role::ALL.iter().flat_map(people).collect()
    };
    let owned = |pairs: &[(&'static str, &str)]| {
        pairs.iter().map(|(role, name)| (*role, (*name).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(
        roles("bookSection", &["author", "bookAuthor", "editor", "seriesEditor", "translator", "contributor"]),
        owned(&[
            ("author", "author"),
            ("collection-editor", "seriesEditor"),
            ("container-author", "bookAuthor"),
            ("contributor", "contributor"),
            ("editor", "editor"),
            ("translator", "translator")
        ])
    );
    assert_eq!(
        roles("film", &["director", "producer", "scriptwriter", "castMember"]),
        owned(&[
            ("author", "director"),
            ("performer", "castMember"),
            ("producer", "producer"),
            ("script-writer", "scriptwriter")
        ])
    );
    assert_eq!(
        roles("podcast", &["podcaster", "director", "guest"]),
        owned(&[("author", "podcaster"), ("director", "director"), ("guest", "guest")])
    );
    for (kind, creator) in [
        ("patent", "inventor"),
        ("computerProgram", "programmer"),
        ("presentation", "presenter"),
        ("interview", "interviewee"),
        ("bill", "sponsor"),
        ("hearing", "contributor"),
    ] {
        assert_eq!(roles(kind, &[creator]), owned(&[("author", creator)]), "{kind}");
    }
    let record = item(
        r#""itemType":"book","creators":[{"name":"Barnes and Noble","creatorType":"author"},{"lastName":"et al.","creatorType":"author"},"Ada Lovelace"]"#,
    );
    assert_eq!(
        (names(&record.authors), record.author_count),
        (vec!["Barnes and Noble|".to_owned(), "Lovelace|Ada".to_owned()], None)
    );
}

#[test]
fn extra_tags_and_dates_are_read() {
    let record = item(
        r#""itemType":"journalArticle","date":"2020-05","accessDate":"2021-06-07 08:09:10","originalDate":"1890","extra":"original-title: Titel\nPMID: 9\nA remark",
        "tags":[{"tag":"whales","type":1},"krill",{"tag":"Withdrawn"}]"#,
    );
    assert_eq!(record.date.unwrap().iso(), "2020-05");
    assert_eq!(record.details.date(DateVariable::Accessed).unwrap().iso(), "2021-06-07");
    assert_eq!(record.details.date(DateVariable::OriginalDate).unwrap().iso(), "1890");
    for (variable, text) in [
        (Variable::OriginalTitle, "Titel"),
        (Variable::Pmid, "9"),
        (Variable::Note, "A remark"),
        (Variable::Keyword, "whales, krill"),
    ] {
        assert_eq!(record.details.text(variable), Some(text));
    }
    assert!(record.retracted);
    let law = read(br#"[{"itemType":"case","citationKey":"k","caseName":"A v. B","dateDecided":"1999-01-02","court":"C","reporter":"R","reporterVolume":"3","firstPage":"7"}]"#).0.remove(0);
    assert_eq!(
        (law.title.as_str(), law.date.unwrap().iso(), law.venue()),
        ("A v. B", "1999-01-02".to_owned(), Some("R"))
    );
}

#[test]
fn preprints_have_their_arxiv_id() {
    for fields in [
        r#""archiveID":"arXiv:2306.02707""#,
        r#""repository":"arXiv","archiveID":"2306.02707""#,
        r#""number":"arXiv:2306.02707","publisher":"arXiv""#,
        r#""DOI":"10.48550/arXiv.2306.02707""#,
        r#""url":"http://arxiv.org/abs/2306.02707v2","libraryCatalog":"arXiv.org""#,
        r#""publicationTitle":"arXiv:2306.02707 [cs]""#,
        r#""extra":"arXiv: 2306.02707""#,
    ] {
        let record = item(&format!(r#""itemType":"preprint",{fields}"#));
        assert_eq!(record.arxiv.as_deref(), Some("2306.02707"), "{fields}");
        assert_eq!(record.details.text(Variable::Number), None, "{fields}");
        assert_eq!(record.details.text(Variable::ContainerTitle), None, "{fields}");
    }
    let record = item(r#""itemType":"preprint","repository":"bioRxiv","archiveID":"2020.01""#);
    assert_eq!((record.arxiv.as_deref(), record.details.text(Variable::Number)), (None, Some("2020.01")));
}

#[test]
fn tables_are_sorted() {
    assert!(FIELDS.is_sorted_by_key(|(field, _)| field) && CREATORS.is_sorted_by_key(|(creator, _)| creator));
}

#[test]
fn an_export_is_recognised_wherever_its_beginning_is_cut() {
    let text = format!(r#"{HEAD}{{"itemType":"journalArticle","citationKey":"a","title":"T","creators":[]}}]}}"#);
    for end in 60..text.len() {
        assert_eq!(format_of(&text[..end]), Some(Format::BetterBibtexJson), "{}", &text[..end]);
    }
    assert_eq!(format_of(r#"[{"itemType":"book","citationKey":"a","title":"T"}]"#), Some(Format::BetterBibtexJson));
    for other in [
        r#"{"items":[{"title":"x"}],"version":1}"#,
        r#"{"config":{"label":"x"},"version":{}}"#,
        r#"[{"itemType":"sword","uri":"x"}]"#,
    ] {
        assert_eq!(format_of(other), None, "{other}");
    }
}

proptest! {
    #[test]
    fn cut_files_keep_their_whole_items(cut in 0usize..600) {
        let item = |key: &str| format!(r#"{{"itemType":"book","citationKey":"{key}","title":"T"}}"#);
        let text = format!("{HEAD}{},{},{}]}}", item("a"), item("b"), item("c"));
        let cut = cut.min(text.len());
        let (records, _) = read(&text.as_bytes()[..cut]);
        let whole = ["a", "b", "c"].iter().filter(|key| text[..cut].contains(&item(key))).count();
        prop_assert!(records.len() >= whole);
    }
}
