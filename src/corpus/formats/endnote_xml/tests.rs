#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use crate::corpus::test_reading::{format_of, names, read_all, read_one};
use crate::paper::{CSL_TYPES, DateVariable, Record, Role, Variable};

fn record(kind: &str, fields: &str) -> Record {
    let text = format!(
        "<xml><records><record><database path=\"/home/ada/My Lib.enl\">My Lib.enl</database><rec-number>12</rec-number>\
         <ref-type name=\"{kind}\">99</ref-type>{fields}</record></records></xml>"
    );
    let (record, problems) = read_one(&ENDNOTE_XML, &text);
    assert_eq!(problems, [""; 0], "{fields}");
    record
}

/// A record with a title and these fields.
fn titled(kind: &str, fields: &str) -> Record {
    record(
        kind,
        &format!(
            "<titles><title>T</title><secondary-title>S</secondary-title><tertiary-title>U</tertiary-title></titles>{fields}"
        ),
    )
}

#[test]
fn texts_are_put_together_from_their_runs() {
    let style =
        |face: &str, text: &str| format!("<style face=\"{face}\" font=\"default\" size=\"100%\">{text}</style>");
    let cases = [
        (style("normal", "Plain"), "Plain"),
        (
            [style("normal", "H"), style("subscript", "2"), style("normal", "O &amp; "), style("bold italic", "salt")]
                .concat(),
            "H₂O & salt",
        ),
        (format!("\n  {}\n  {}\n", style("normal", "On"), style("italic", "Fucus")), "On Fucus"),
        ("No runs at all".to_owned(), "No runs at all"),
        (style("normal", "&lt;i&gt;E. coli&lt;/i&gt; lives"), "E. coli lives"),
    ];
    for (written, expected) in cases {
        let record = record("Journal Article", &format!("<titles><title>{written}</title></titles>"));
        assert_eq!(record.title, expected, "{written}");
    }
}

#[test]
fn types_go_by_name_and_else_by_number() {
    let of = |declared: &str| {
        let text =
            format!("<xml><records><record>{declared}<titles><title>T</title></titles></record></records></xml>");
        read_one(&ENDNOTE_XML, &text).0.work_type.unwrap()
    };
    for (declared, expected) in [
        ("<ref-type name=\"Journal Article\">17</ref-type>", "article-journal"),
        // Other programs number them as they like.
        ("<ref-type name=\"Book\">1</ref-type>", "book"),
        ("<ref-type name=\"Journal Article\">0</ref-type>", "article-journal"),
        ("<ref-type>32</ref-type>", "thesis"),
        ("<ref-type name=\"\">10</ref-type>", "paper-conference"),
        ("<ref-type name=\"Unknown\">250</ref-type>", "document"),
        ("", "document"),
    ] {
        assert_eq!(of(declared), expected, "{declared}");
    }
    assert!(NUMBERS.is_sorted_by_key(|(number, _)| *number));
    for (number, code) in NUMBERS {
        let kind = reference_types::by_code(code).unwrap_or_else(|| panic!("{number}"));
        assert!(CSL_TYPES.contains(&kind.csl), "{number}");
    }
}

#[test]
fn titles_of_the_whole_depend_on_the_type() {
    use Variable::{CollectionTitle, ContainerTitle, EventTitle};
    type Texts<'a> = &'a [(Variable, Option<&'a str>)];
    let cases: [(&str, &str, Texts<'_>); 7] = [
        ("Journal Article", "", &[(ContainerTitle, Some("S"))]),
        ("Book", "", &[(ContainerTitle, None), (CollectionTitle, Some("S"))]),
        ("Book Section", "", &[(ContainerTitle, Some("S")), (CollectionTitle, Some("U"))]),
        (
            "Conference Proceedings",
            "",
            &[(ContainerTitle, Some("S")), (EventTitle, None), (CollectionTitle, Some("U"))],
        ),
        ("Conference Proceedings", "<custom3>P</custom3>", &[(ContainerTitle, Some("P")), (EventTitle, Some("S"))]),
        ("Thesis", "", &[(ContainerTitle, None), (CollectionTitle, None)]),
        ("Report", "", &[(ContainerTitle, None), (CollectionTitle, Some("S"))]),
    ];
    for (kind, fields, expected) in cases {
        let record = titled(kind, fields);
        for (variable, text) in expected {
            assert_eq!(record.details.text(*variable), *text, "{kind} {variable:?}");
        }
    }
    let periodical = record(
        "Journal Article",
        "<titles><title>T</title></titles><periodical><full-title>Annals</full-title><abbr-1>Ann.</abbr-1></periodical>",
    );
    assert_eq!(periodical.details.text(ContainerTitle), Some("Annals"));
    assert_eq!(periodical.details.text(Variable::ContainerTitleShort), Some("Ann."));
}

#[test]
fn people_depend_on_the_type() {
    let list = |name: &str, author: &str| format!("<{name}><author>{author}</author></{name}>");
    let all = [
        list("authors", "First, Ann"),
        list("secondary-authors", "Second, Bo"),
        list("tertiary-authors", "Third, Cy"),
        list("subsidiary-authors", "Fourth, Di"),
    ]
    .concat();
    let cases: [(&str, [(Role, &str); 4]); 4] = [
        (
            "Journal Article",
            [
                (Role::Author, "First"),
                (Role::Editor, "Second"),
                (Role::CollectionEditor, "Third"),
                (Role::Translator, "Fourth"),
            ],
        ),
        (
            "Book",
            [
                (Role::Author, "First"),
                (Role::CollectionEditor, "Second"),
                (Role::Editor, "Third"),
                (Role::Translator, "Fourth"),
            ],
        ),
        (
            "Book Section",
            [
                (Role::Author, "First"),
                (Role::Editor, "Second"),
                (Role::CollectionEditor, "Third"),
                (Role::Translator, "Fourth"),
            ],
        ),
        (
            "Thesis",
            [
                (Role::Author, "First"),
                (Role::Editor, "Second"),
                (Role::Contributor, "Third"),
                (Role::Translator, "Fourth"),
            ],
        ),
    ];
    for (kind, expected) in cases {
        let record = titled(kind, &format!("<contributors>{all}</contributors>"));
        for (role, family) in expected {
            let people = record.people(role);
            assert_eq!(people.first().map(|person| person.family.as_str()), Some(family), "{kind} {role:?}");
        }
    }
    // Where a book has editors only, they are no editors of a series.
    let edited = titled("Book", &format!("<contributors>{}</contributors>", list("secondary-authors", "Second, Bo")));
    assert_eq!(names(edited.people(Role::Editor)), ["Second|Bo"]);
    let group = titled(
        "Report",
        "<contributors><authors><author><style face=\"normal\">Ministry of Tides,</style></author><author>de la Cruz, Sylvia</author>\
         <author>Lee, Bo, Jr.</author><author>et al.</author></authors></contributors>",
    );
    assert_eq!(names(&group.authors), ["Ministry of Tides|", "de la Cruz|Sylvia", "Lee|Bo, Jr."]);
    assert!(group.authors[0].is_group && group.author_count.is_none());
}

#[test]
fn dates_come_from_year_and_day() {
    let cases = [
        ("<year>2015</year><pub-dates><date>Mar 3</date></pub-dates>", "2015-03-03"),
        ("<year>1937</year><pub-dates><date>Jan</date></pub-dates>", "1937-01"),
        ("<year>2007</year><pub-dates><date>2007 Aug 15</date></pub-dates>", "2007-08-15"),
        ("<year>2007</year><pub-dates><date>2007-08-15</date></pub-dates>", "2007-08-15"),
        ("<year>2010</year><pub-dates><date>12/05/2010</date></pub-dates>", "2010"),
        ("<pub-dates><date>5 May 2010</date></pub-dates>", "2010-05-05"),
        ("<year><style face=\"normal\">2018</style></year><month>12</month>", "2018-12"),
        ("<year>2012 (in press)</year>", "2012"),
    ];
    for (written, expected) in cases {
        let record = titled("Journal Article", &format!("<dates>{written}</dates>"));
        assert_eq!(record.date.unwrap().iso(), expected, "{written}");
    }
}

#[test]
fn fields_mean_what_the_type_makes_of_them() {
    use Variable::{
        ChapterNumber, CollectionNumber, Edition, EventPlace, Genre, Isbn, Issn, Issue, Number, NumberOfPages, Page,
        Pmcid, Pmid, PublisherPlace, Version, Volume,
    };
    let cases: [(&str, &str, Variable, Option<&str>); 26] = [
        ("Journal Article", "<number>2</number>", Issue, Some("2")),
        ("Journal Article", "<isbn>1532-1827 (Electronic)&#xD;0007-0920 (Linking)</isbn>", Issn, Some("1532-1827")),
        ("Journal Article", "<edition>2009/01/02</edition>", Edition, None),
        ("Journal Article", "<custom2>PMC123</custom2>", Pmcid, Some("PMC123")),
        ("Journal Article", "<custom7>e45</custom7>", Page, Some("e45")),
        ("Journal Article", "<pages>1-2</pages><custom7>e45</custom7>", Page, Some("1-2")),
        ("Journal Article", "<accession-num>123</accession-num>", Pmid, None),
        (
            "Journal Article",
            "<accession-num>123</accession-num><remote-database-provider>Nlm</remote-database-provider>",
            Pmid,
            Some("123"),
        ),
        ("Book", "<number>2</number>", CollectionNumber, Some("2")),
        ("Book", "<pages>320</pages>", NumberOfPages, Some("320")),
        ("Book", "<isbn>9780306406157 (pbk)</isbn>", Isbn, Some("9780306406157")),
        ("Book", "<isbn>0-306 40615-2</isbn>", Isbn, Some("0-306 40615-2")),
        ("Book", "<isbn>0012-9658</isbn>", Issn, Some("0012-9658")),
        ("Book", "<edition>2nd</edition>", Edition, Some("2nd")),
        ("Book", "<pub-location>Bergen</pub-location>", PublisherPlace, Some("Bergen")),
        ("Book Section", "<section>3</section>", ChapterNumber, Some("3")),
        ("Book Section", "<pages>12</pages>", Page, Some("12")),
        ("Conference Proceedings", "<pub-location>Bergen</pub-location>", PublisherPlace, Some("Bergen")),
        (
            "Conference Proceedings",
            "<pub-location>Bergen</pub-location><custom1>Oslo</custom1>",
            EventPlace,
            Some("Bergen"),
        ),
        ("Conference Proceedings", "<custom1>Oslo</custom1>", PublisherPlace, Some("Oslo")),
        ("Report", "<isbn>TR-12</isbn>", Number, Some("TR-12")),
        ("Patent", "<isbn>US123</isbn>", Number, Some("US123")),
        ("Computer Program", "<edition>1.2</edition>", Version, Some("1.2")),
        ("Web Page", "<volume>2019</volume>", Volume, None),
        ("Web Page", "<number>May 5</number>", Number, None),
        ("Thesis", "<volume>PhD</volume>", Genre, Some("PhD")),
    ];
    for (kind, fields, variable, expected) in cases {
        assert_eq!(titled(kind, fields).details.text(variable), expected, "{kind}: {fields}");
    }
    let page = titled("Web Page", "<volume>2019</volume><number>May 5</number>");
    assert_eq!(page.other_date(DateVariable::Accessed).unwrap().iso(), "2019-05-05");
}

#[test]
fn addresses_and_identifiers() {
    let record = titled(
        "Journal Article",
        "<urls><related-urls><url>&lt;Go to ISI&gt;://000200148800007</url><url>http://www.ncbi.nlm.nih.gov/pubmed/1</url></related-urls>\
         <pdf-urls><url>internal-pdf://1234/a b.pdf</url><url>/other.pdf</url></pdf-urls></urls>\
         <electronic-resource-num>bjc2014606 [pii]&#xD;10.1038/BJC.2014.606 [doi]</electronic-resource-num>",
    );
    assert_eq!(record.links.page.as_deref(), Some("http://www.ncbi.nlm.nih.gov/pubmed/1"));
    assert_eq!(record.links.pdf.as_deref(), Some("/home/ada/My Lib.Data/PDF/1234/a b.pdf"));
    assert_eq!(record.doi.as_deref(), Some("10.1038/bjc.2014.606"));
    let windows = "<xml><records><record><database path=\"C:\\Lib\\L.enl\">L</database><titles><title>T</title></titles>\
        <urls><pdf-urls><url>internal-pdf://1/a.pdf</url></pdf-urls></urls></record></records></xml>";
    assert_eq!(read_one(&ENDNOTE_XML, windows).0.links.pdf.as_deref(), Some("C:\\Lib\\L.Data\\PDF\\1\\a.pdf"));
    let relative = windows.replace("C:\\Lib\\", "");
    assert_eq!(read_one(&ENDNOTE_XML, &relative).0.links.pdf, None);
}

#[test]
fn labels_are_citation_keys_where_they_can_be() {
    for (label, expected) in [
        ("ostrom2011", vec!["ostrom2011"]),
        (" Ostrom:2011a ", vec!["Ostrom:2011a"]),
        ("to read", vec![]),
        ("2011", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(titled("Book", &format!("<label>{label}</label>")).keys, expected, "{label}");
    }
    let text = format!(
        "<xml><records>{}</records></xml>",
        "<record><titles><title>T</title></titles><label>same</label></record>".repeat(2)
    );
    let (records, problems) = read_all(&ENDNOTE_XML, text);
    assert_eq!((records.len(), problems.len()), (2, 1));
}

#[test]
fn libraries_are_known_by_their_first_elements() {
    for (text, is_known) in [
        ("<?xml version=\"1.0\" encoding=\"UTF-8\" ?><xml><records><record>", true),
        ("<xml>\n  <records>\n</records></xml>", true),
        ("<records><record><database>L</database><ref-type name=\"Book\">6</ref-type>", true),
        ("<records><record><name>Ann</name></record></records>", false),
        ("<xml><rows/></xml>", false),
        ("<?xml version=\"1.0\"?><data><records><record>", false),
    ] {
        assert_eq!(format_of(text) == Some(Format::EndnoteXml), is_known, "{text}");
    }
}
