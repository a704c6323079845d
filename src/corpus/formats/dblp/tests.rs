#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use std::io::{Cursor, Read as _};

use super::*;
use crate::corpus::TextInput;
use crate::corpus::test_reading::{format_of, names, read_all, read_one};
use crate::paper::Record;

/// The record of an element of a dump.
fn record(element: &str) -> Record {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE dblp SYSTEM \"dblp.dtd\">\n<dblp>\n{element}</dblp>\n"
    );
    let (record, problems) = read_one(&DBLP, &text);
    assert_eq!(problems, [""; 0], "{element}");
    record
}

#[test]
fn an_article_with_all_it_says() {
    let record = record(
        "<article mdate=\"2024-06-01\" key=\"journals/invj/TernM21\">\n<author pid=\"1/2\">Bo Tern 0002</author>\n\
         <author orcid=\"0\">J&ouml;rg M&uuml;ller</author>\n<author>Andr&eacute;</author>\n<title>Gulls in <i>O</i>(<i>n</i>\
         <sup>2</sup>): &lt;Why&gt; &amp; How.</title>\n<pages>1-17</pages><year>2021</year><month>May</month>\
         <volume>4</volume><journal>Inv. J.</journal><number>1</number>\
         <ee type=\"oa\">https://example.org/1.pdf</ee><ee>https://doi.org/10.5555/INVJ.4.1</ee>\
         <ee>https://www.wikidata.org/entity/Q1</ee><url>db/journals/invj/invj4.html#TernM21</url>\
         <crossref>journals/invj/2021</crossref><cite>journals/x/Y99</cite></article>",
    );
    assert_eq!(record.title, "Gulls in O(n²): <Why> & How");
    assert_eq!(names(&record.authors), ["Tern|Bo", "Müller|Jörg", "André|"]);
    assert_eq!(record.keys, ["journals/invj/TernM21", "DBLP:journals/invj/TernM21"]);
    assert_eq!(record.date.unwrap().iso(), "2021-05");
    assert_eq!(record.doi.as_deref(), Some("10.5555/invj.4.1"));
    assert_eq!(record.links.pdf.as_deref(), Some("https://example.org/1.pdf"));
    assert_eq!(record.links.page.as_deref(), Some("https://doi.org/10.5555/INVJ.4.1"));
    assert_eq!(record.work_type.as_deref(), Some("article-journal"));
    let text = |variable| record.details.text(variable);
    assert_eq!(text(Variable::ContainerTitle), Some("Inv. J."));
    assert_eq!(
        (text(Variable::Volume), text(Variable::Issue), text(Variable::Page)),
        (Some("4"), Some("1"), Some("1-17"))
    );
    assert_eq!((record.span.line, record.span.end_line), (7, 8));
}

#[test]
fn titles_lose_the_full_stop_that_dblp_adds() {
    let cases = [
        ("A Title.", "A Title"),
        ("Why?", "Why?"),
        ("And so on...", "And so on..."),
        ("Use of C.<sub>4</sub>", "Use of C.₄"),
        ("<i>All of it</i>.", "All of it"),
        ("No stop", "No stop"),
    ];
    for (written, expected) in cases {
        let record = record(&format!("<article key=\"a/b/c\"><title>{written}</title></article>"));
        assert_eq!(record.title, expected);
    }
}

#[test]
fn each_element_is_a_type() {
    let cases = [
        ("<article key='journals/x/Y' ", "article-journal", None),
        ("<article key='journals/corr/abs-1' publtype='informal' ", "article", None),
        ("<inproceedings key='conf/x/Y' ", "paper-conference", None),
        ("<proceedings key='conf/x/2020' ", "book", None),
        ("<book key='books/x/Y' ", "book", None),
        ("<incollection key='books/x/Z' ", "chapter", None),
        ("<incollection key='reference/x/Z' publtype='encyclopedia' ", "entry-encyclopedia", None),
        ("<phdthesis key='phd/Y' ", "thesis", Some("PhD thesis")),
        ("<phdthesis key='phd/Y' publtype='habil' ", "thesis", Some("Habilitation")),
        ("<mastersthesis key='ms/Y' ", "thesis", Some("Master's thesis")),
        ("<data key='data/x/Y' ", "dataset", None),
        ("<article key='journals/x/Y' publtype='software' ", "software", None),
        ("<www key='www/org/w3/Y' ", "webpage", None),
    ];
    for (start, expected, genre) in cases {
        let name = start[1..].split(' ').next().unwrap();
        let record = record(&format!("{start}><title>T.</title></{name}>"));
        assert_eq!(
            (record.work_type.as_deref(), record.details.text(Variable::Genre)),
            (Some(expected), genre),
            "{start}"
        );
    }
}

#[test]
fn preprints_have_their_arxiv_ids() {
    let cases = [
        ("<volume>abs/2306.02707</volume>", "2306.02707"),
        ("<volume>cs.CL/0102003</volume>", "cs/0102003"),
        ("<volume>abs/1</volume><ee>https://arxiv.org/abs/2306.02707</ee>", "2306.02707"),
        ("<ee>https://doi.org/10.48550/arXiv.2306.02707</ee>", "2306.02707"),
    ];
    for (fields, expected) in cases {
        let element = format!(
            "<article key=\"journals/corr/abs-x\" publtype=\"informal\"><title>T.</title><journal>CoRR</journal>{fields}</article>"
        );
        assert_eq!(record(&element).arxiv.as_deref(), Some(expected), "{fields}");
    }
    // The volume of a journal is no preprint.
    let article = record("<article key=\"journals/x/Y\"><title>T.</title><volume>2306.02707</volume></article>");
    assert_eq!(article.arxiv, None);
}

#[test]
fn papers_of_proceedings_and_books() {
    let paper = record(
        "<inproceedings key=\"conf/inlg/D20\"><author>Ann Lee</author><title>T.</title><booktitle>INLG</booktitle>\
         <year>2020</year></inproceedings>",
    );
    assert_eq!(paper.details.text(Variable::ContainerTitle), Some("INLG"));
    let volume = record(
        "<proceedings key=\"conf/inlg/2020\"><editor>Brian Davis</editor><title>Proceedings of INLG.</title>\
         <booktitle>INLG</booktitle><publisher href=\"x\">ACL</publisher><series href=\"y\">LNCS</series>\
         <volume>12</volume><isbn>978-1</isbn></proceedings>",
    );
    let text = |variable| volume.details.text(variable);
    assert_eq!(names(volume.people(Role::Editor)), ["Davis|Brian"]);
    assert_eq!((text(Variable::EventTitle), text(Variable::ContainerTitle)), (Some("INLG"), None));
    assert_eq!((text(Variable::Publisher), text(Variable::CollectionTitle)), (Some("ACL"), Some("LNCS")));
    let thesis = record(
        "<phdthesis key=\"phd/A\"><title>T.</title><school>MIT</school><note type=\"source\">x</note></phdthesis>",
    );
    assert_eq!(thesis.details.text(Variable::Publisher), Some("MIT"));
    assert_eq!(thesis.details.text(Variable::Note), None);
}

#[test]
fn what_was_withdrawn_is_marked() {
    assert!(record("<article key=\"j/x/Y\" publtype=\"informal withdrawn\"><title>T.</title></article>").retracted);
    assert!(!record("<article key=\"j/x/Y\" publtype=\"informal\"><title>T.</title></article>").retracted);
}

#[test]
fn persons_and_notes_of_dblp_are_no_papers() {
    let text = "<dblp>\
        <www mdate=\"2024\" key=\"homepages/00/1\"><author>Bo</author><title>Home Page</title></www>\
        <person key=\"homepages/00/2\"><author>Ann</author></person>\
        <article key=\"dblpnote/error\" publtype=\"informal\"><title>(error)</title></article>\
        <article key=\"journals/x/Y\"><title>T.</title></article></dblp>";
    let (records, problems) = read_all(&DBLP, text);
    assert_eq!((records.len(), problems.len()), (1, 0));
    // The page of a person holds papers as well.
    let text = "<dblpperson name=\"Bo\" pid=\"1\" n=\"1\"><person key=\"homepages/1\"><author>Bo</author></person>\
        <r><article key=\"journals/x/Y\"><title>T.</title></article></r><coauthors n=\"0\"/></dblpperson>";
    assert_eq!(read_all(&DBLP, text).0.len(), 1);
}

#[test]
fn dumps_are_known_by_their_root() {
    for (text, is_known) in [
        (
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE dblp SYSTEM \"dblp.dtd\">\n<dblp>\n<article key=",
            true,
        ),
        ("<dblp/>", true),
        ("<dblpperson name=\"Bo\">", true),
        ("<?xml version=\"1.0\"?><article key=\"a\"><title>T</title></article>", false),
        ("<?xml version=\"1.0\"?><dblps/>", false),
        ("dblp", false),
    ] {
        assert_eq!(format_of(text) == Some(Format::Dblp), is_known, "{text}");
    }
}

#[test]
fn latin_bytes_are_read_as_declared() {
    let mut text = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<dblp><article key=\"a/b\"><author>J\xf6rg M\xfcller</author><title>T.</title></article></dblp>".to_vec();
    let read_decoded = |text: &[u8]| {
        let mut decoded = String::new();
        TextInput::new(Cursor::new(text)).read_to_string(&mut decoded).unwrap();
        read_all(&DBLP, decoded)
    };
    let (records, problems) = read_decoded(&text);
    assert_eq!((names(&records[0].authors), problems.len()), (vec!["Müller|Jörg".to_owned()], 0));
    // What is cut off is kept as far as it goes.
    text.truncate(text.len() - 25);
    let (records, problems) = read_decoded(&text);
    assert_eq!((records[0].keys.len(), records[0].title.as_str(), problems.len()), (2, "", 2));
}
