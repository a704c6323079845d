#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use crate::corpus::test_reading::{format_of, names, read_all, read_one};
use crate::paper::{Record, Role};

fn record(fields: &str) -> Record {
    let text = format!("<mods xmlns=\"http://www.loc.gov/mods/v3\" version=\"3.7\">{fields}</mods>");
    let (record, problems) = read_one(&MODS, &text);
    assert_eq!(problems, [""; 0], "{fields}");
    record
}

/// A record with a title and these fields.
fn titled(fields: &str) -> Record {
    record(&format!("<titleInfo><title>T</title></titleInfo>{fields}"))
}

#[test]
fn titles_are_put_together_and_others_left() {
    let cases = [
        ("<titleInfo><title>A Title</title></titleInfo>", "A Title"),
        (
            "<titleInfo><nonSort>The</nonSort><title>Ebb</title><subTitle>a survey</subTitle></titleInfo>",
            "The Ebb: a survey",
        ),
        ("<titleInfo><nonSort>L'</nonSort><title>ami</title></titleInfo>", "L'ami"),
        ("<titleInfo><title>Why? :</title><subTitle>Because</subTitle></titleInfo>", "Why? Because"),
        (
            "<titleInfo><title>Sea</title><partNumber>Part 2</partNumber><partName>Mud</partName></titleInfo>",
            "Sea. Part 2: Mud",
        ),
        (
            "<titleInfo type=\"alternative\"><title>No</title></titleInfo><titleInfo><title>Yes</title></titleInfo>",
            "Yes",
        ),
        (
            "<titleInfo type=\"translated\"><title>No</title></titleInfo><titleInfo><title>Yes</title></titleInfo>",
            "Yes",
        ),
        ("<titleInfo><title>No</title></titleInfo><titleInfo usage=\"primary\"><title>Yes</title></titleInfo>", "Yes"),
        ("<titleInfo type=\"uniform\"><title>Only</title></titleInfo>", "Only"),
        ("<titleInfo><title/></titleInfo><titleInfo type=\"translated\"><title>Only</title></titleInfo>", "Only"),
    ];
    for (written, expected) in cases {
        assert_eq!(record(written).title, expected, "{written}");
    }
    let other = titled(
        "<titleInfo type=\"abbreviated\"><title>Sh.</title></titleInfo><titleInfo type=\"alternative\"><title>Also</title></titleInfo>\
         <titleInfo type=\"translated\"><title>Nein</title></titleInfo>",
    );
    assert_eq!(other.short_titles, ["Sh.", "Also"]);
}

#[test]
fn a_host_is_not_the_work() {
    let host = "<relatedItem type=\"host\"><titleInfo><nonSort>The</nonSort><title>Journal</title></titleInfo>\
        <titleInfo type=\"abbreviated\"><title>J.</title></titleInfo><name type=\"personal\"><namePart type=\"family\">Ed</namePart>\
        <role><roleTerm type=\"text\">editor</roleTerm></role></name><originInfo><publisher>Press</publisher>\
        <dateIssued>1994</dateIssued><edition>2nd</edition></originInfo><identifier type=\"doi\">10.1000/host</identifier>\
        <identifier type=\"issn\">1234-5679</identifier><part><detail type=\"volume\"><caption>vol.</caption><number>24</number></detail>\
        <detail type=\"issue\"><number>2</number></detail><extent unit=\"pages\"><start>61</start><end>78</end></extent></part>\
        <relatedItem type=\"series\"><titleInfo><title>Series</title></titleInfo><part><detail type=\"volume\"><number>9</number></detail>\
        </part></relatedItem></relatedItem>";
    for record in [
        titled(&format!("<genre>journal article</genre>{host}")),
        record(&format!("{host}<genre>journal article</genre><titleInfo><title>T</title></titleInfo>")),
    ] {
        assert_eq!((record.title.as_str(), record.doi.as_deref(), record.authors.len()), ("T", None, 0));
        let expected = [
            (Variable::ContainerTitle, "The Journal"),
            (Variable::ContainerTitleShort, "J."),
            (Variable::CollectionTitle, "Series"),
            (Variable::CollectionNumber, "9"),
            (Variable::Publisher, "Press"),
            (Variable::Edition, "2nd"),
            (Variable::Volume, "24"),
            (Variable::Issue, "2"),
            (Variable::Page, "61–78"),
            (Variable::Issn, "1234-5679"),
        ];
        for (variable, text) in expected {
            assert_eq!(record.details.text(variable), Some(text));
        }
        assert_eq!(names(record.people(Role::Editor)), ["Ed|"]);
        assert_eq!(record.date.unwrap().iso(), "1994");
    }
    // Works of other relations say nothing of this one.
    for kind in ["otherVersion", "references", "constituent", "preceding", "isReferencedBy", ""] {
        let other = host.replace("type=\"host\"", &format!("type=\"{kind}\""));
        let record = titled(&other);
        assert_eq!((record.details.texts().count(), record.date), (0, None), "{kind}");
    }
}

#[test]
fn names_have_roles_as_codes_and_in_words() {
    let role = |terms: &[&str]| {
        let terms = terms.iter().map(|term| format!("<roleTerm>{term}</roleTerm>")).collect::<Vec<_>>().concat();
        titled(&format!("<name type=\"personal\"><namePart type=\"family\">Lee</namePart><role>{terms}</role></name>"))
    };
    for (terms, expected) in [
        (&["aut"][..], Role::Author),
        (&[][..], Role::Author),
        (&["aut", "Author"][..], Role::Author),
        (&["creator"][..], Role::Author),
        (&["Dissertant"][..], Role::Author),
        (&["edt"][..], Role::Editor),
        (&["Editor."][..], Role::Editor),
        (&["trl"][..], Role::Translator),
        (&["ths"][..], Role::Contributor),
        (&["jester"][..], Role::Contributor),
        (&["ill", "illustrator"][..], Role::Illustrator),
        (&["edt", "Bearbeiter"][..], Role::Editor),
        (&["Bearbeiter", "edt"][..], Role::Editor),
    ] {
        let record = role(terms);
        assert_eq!(names(record.people(expected)), ["Lee|"], "{terms:?}");
        let all = record.authors.len() + record.details.all_people().map(|(_, people)| people.len()).sum::<usize>();
        assert_eq!(all, 1, "{terms:?}");
    }
    assert_eq!(role(&["edt</roleTerm></role><role><roleTerm>trl"]).people(Role::Translator).len(), 1);
    assert_eq!(role(&["pbl"]).details.text(Variable::Publisher), Some("Lee"));
    assert_eq!(role(&["fnd"]).details.all_people().count(), 0);
}

#[test]
fn names_in_parts_and_whole() {
    let cases = [
        (
            "<name type=\"personal\"><namePart type=\"given\">Nathan</namePart><namePart type=\"given\">C</namePart><namePart type=\"family\">Bahr</namePart></name>",
            "Bahr|Nathan C",
        ),
        (
            "<name type=\"personal\"><namePart type=\"family\">King</namePart><namePart type=\"given\">Martin</namePart><namePart type=\"termsOfAddress\">Jr.</namePart></name>",
            "King|Martin, Jr.",
        ),
        (
            "<name type=\"personal\"><namePart type=\"family\">Hall</namePart><namePart type=\"given\">Peter</namePart><namePart type=\"termsOfAddress\">Sir</namePart></name>",
            "Hall|Peter",
        ),
        (
            "<name type=\"personal\"><namePart>West, Matthew,</namePart><namePart type=\"date\">1953-</namePart></name>",
            "West|Matthew",
        ),
        ("<name type=\"personal\"><namePart>Tillie Pierce Alleman</namePart></name>", "Alleman|Tillie Pierce"),
        (
            "<name type=\"corporate\"><namePart>United States</namePart><namePart>Department of Tides</namePart></name>",
            "United States. Department of Tides|",
        ),
        ("<name type=\"corporate\"><namePart>Low Water Inc.</namePart></name>", "Low Water Inc.|"),
        ("<name><namePart>ATLAS Collaboration</namePart></name>", "ATLAS Collaboration|"),
        ("<name type=\"personal\"><displayForm>Ann Lee</displayForm></name>", "Lee|Ann"),
    ];
    for (written, expected) in cases {
        assert_eq!(names(&titled(written).authors), [expected], "{written}");
    }
    let more = titled("<name><namePart type=\"family\">Lee</namePart></name><name><etal/></name>");
    assert_eq!((more.authors.len(), more.author_count), (1, None));
    let others =
        titled("<name><namePart type=\"family\">Lee</namePart></name><name><namePart>others</namePart></name>");
    assert_eq!((others.authors.len(), others.author_count), (1, None));
    let event = titled("<name type=\"conference\"><namePart>Tides 2004</namePart></name>");
    assert_eq!((event.details.text(Variable::EventTitle), event.authors.len()), (Some("Tides 2004"), 0));
}

#[test]
fn dates_prefer_what_machines_read() {
    let date = |origin: &str| titled(&format!("<originInfo>{origin}</originInfo>")).date.map(|date| date.iso());
    let cases = [
        ("<dateIssued>1999</dateIssued>", "1999"),
        ("<dateIssued>c1999</dateIssued><dateIssued encoding=\"marc\">1998</dateIssued>", "1998"),
        ("<dateIssued>[1982?]</dateIssued><dateIssued encoding=\"marc\">1982</dateIssued>", "1982"),
        ("<dateIssued encoding=\"w3cdtf\" keyDate=\"yes\">1889-05</dateIssued>", "1889-05"),
        (
            "<dateCreated encoding=\"w3cdtf\" keyDate=\"yes\">1955</dateCreated><copyrightDate>2003</copyrightDate><dateIssued>2001</dateIssued>",
            "1955",
        ),
        ("<copyrightDate>2003</copyrightDate><dateIssued>2001</dateIssued>", "2001"),
        ("<dateIssued keyDate=\"yes\">2000</dateIssued><dateCreated keyDate=\"yes\">1999</dateCreated>", "2000"),
        (
            "<dateIssued point=\"end\" encoding=\"marc\">1913</dateIssued><dateIssued point=\"start\" encoding=\"marc\">1911</dateIssued>",
            "1911",
        ),
        ("<dateCaptured>2020</dateCaptured><dateModified>2021</dateModified><dateCreated>1990</dateCreated>", "1990"),
    ];
    for (origin, expected) in cases {
        assert_eq!(date(origin).as_deref(), Some(expected), "{origin}");
    }
    assert_eq!(date("<dateModified>2021</dateModified><dateValid>2022</dateValid>"), None);
    let part = titled("<relatedItem type=\"host\"><part><date>2000</date></part></relatedItem>");
    assert_eq!(part.date.unwrap().iso(), "2000");
}

#[test]
fn types_go_by_genre_and_host() {
    let host = |inside: &str| {
        format!("<relatedItem type=\"host\"><titleInfo><title>H</title></titleInfo>{inside}</relatedItem>")
    };
    let serial = host("<originInfo><issuance>continuing</issuance></originInfo>");
    let cases = [
        ("<genre>article</genre>".to_owned(), "article-journal", None),
        ("<genre authority=\"local\">bookSection</genre>".to_owned() + &host(""), "chapter", Some("H")),
        ("<genre authority=\"marcgt\">book</genre>".to_owned(), "book", None),
        ("<genre authority=\"marcgt\">book</genre>".to_owned() + &host(""), "book", None),
        (host("<genre authority=\"bibutilsgt\">collection</genre>"), "chapter", Some("H")),
        (host("<genre authority=\"marcgt\">conference publication</genre>"), "paper-conference", Some("H")),
        ("<genre authority=\"marcgt\">conference publication</genre>".to_owned(), "book", None),
        ("<genre>conference paper</genre>".to_owned(), "paper-conference", None),
        (serial.clone(), "article-journal", Some("H")),
        ("<genre>text</genre>".to_owned() + &serial, "article-journal", Some("H")),
        (host("<genre>newspaper</genre>"), "article-newspaper", Some("H")),
        ("<genre authority=\"marcgt\">thesis</genre><genre>Ph.D. thesis</genre>".to_owned(), "thesis", None),
        ("<genre>Doctoral Dissertation</genre>".to_owned(), "thesis", None),
        ("<typeOfResource>cartographic</typeOfResource>".to_owned(), "map", None),
        (
            "<typeOfResource>text</typeOfResource><originInfo><issuance>monographic</issuance></originInfo>".to_owned(),
            "book",
            None,
        ),
        (host(""), "chapter", Some("H")),
        ("<genre>dataset</genre>".to_owned(), "dataset", None),
        ("<typeOfResource manuscript=\"yes\">mixed material</typeOfResource>".to_owned(), "manuscript", None),
        (
            "<name><namePart>Penck, A.</namePart><role><roleTerm>rcp</roleTerm></role></name>".to_owned(),
            "personal_communication",
            None,
        ),
        (String::new(), "document", None),
    ];
    for (fields, csl, container) in cases {
        let record = titled(&fields);
        let found = (record.work_type.as_deref(), record.details.text(Variable::ContainerTitle));
        assert_eq!(found, (Some(csl), container), "{fields}");
    }
    let book = titled(&format!("<genre>book</genre>{}", host("")));
    assert_eq!(book.details.text(Variable::CollectionTitle), Some("H"));
    let thesis = titled(
        "<genre authority=\"marcgt\">thesis</genre><genre>Ph.D. thesis</genre><name><namePart>MIT</namePart><role>\
         <roleTerm>degree grantor</roleTerm></role></name>",
    );
    assert_eq!(thesis.details.text(Variable::Genre), Some("Ph.D. thesis"));
    assert_eq!((thesis.details.text(Variable::Publisher), thesis.authors.len()), (Some("MIT"), 0));
}

#[test]
fn a_part_without_title_goes_by_its_whole() {
    let record = record(
        "<titleInfo><title/></titleInfo><genre>book chapter</genre><relatedItem type=\"host\"><titleInfo><title>Whole</title>\
         </titleInfo><originInfo><publisher>P</publisher></originInfo></relatedItem><part><detail type=\"chapter\"><number>3</number></detail></part>",
    );
    assert_eq!((record.title.as_str(), record.details.text(Variable::ContainerTitle)), ("Whole", None));
    assert_eq!(record.details.text(Variable::ChapterNumber), Some("3"));
}

#[test]
fn identifiers_keys_and_addresses() {
    let record = titled(
        "<identifier type=\"doi\" invalid=\"yes\">10.1000/no</identifier><identifier type=\"doi\">10.1000/YES</identifier>\
         <identifier type=\"isbn\">0801486394 (pbk. : acid-free)</identifier><identifier type=\"citekey\">lee2000</identifier>\
         <identifier type=\"uri\">https://arxiv.org/abs/2306.02707</identifier><identifier type=\"local\">955.11</identifier>\
         <identifier type=\"pmid\">77</identifier><location><url access=\"preview\">http://x.org/t.png</url>\
         <url usage=\"primary display\" dateLastAccessed=\"2004-05-06\"> http://x.org/full </url><physicalLocation>Reading Room</physicalLocation></location>",
    );
    assert_eq!((record.doi.as_deref(), record.arxiv.as_deref()), (Some("10.1000/yes"), Some("2306.02707")));
    assert_eq!(record.keys, ["lee2000"]);
    let text = |variable| record.details.text(variable);
    assert_eq!(
        (text(Variable::Isbn), text(Variable::Pmid), text(Variable::Archive)),
        (Some("0801486394"), Some("77"), Some("Reading Room"))
    );
    assert_eq!(record.links.page.as_deref(), Some("https://arxiv.org/abs/2306.02707"));
    assert_eq!(record.other_date(DateVariable::Accessed).unwrap().iso(), "2004-05-06");
    let (record, _) = read_one(&MODS, "<mods ID=\"lee2000\"><titleInfo><title>T</title></titleInfo></mods>");
    assert_eq!(record.keys, ["lee2000"]);
    let (record, _) =
        read_one(&MODS, "<mods version=\"3.4\" ID=\"P0b2\"><titleInfo><title>T</title></titleInfo></mods>");
    assert_eq!(record.keys, [""; 0]);
}

#[test]
fn originals_and_reviewed_works_are_kept_apart() {
    let related = |kind: &str| {
        format!(
            "<relatedItem type=\"{kind}\"><titleInfo><title>Other</title></titleInfo><name><namePart type=\"family\">Old</namePart></name>\
             <originInfo><dateIssued>1850</dateIssued><publisher>First</publisher></originInfo></relatedItem>"
        )
    };
    let translated = titled(&related("original"));
    assert_eq!(translated.details.text(Variable::OriginalTitle), Some("Other"));
    assert_eq!(translated.details.text(Variable::OriginalPublisher), Some("First"));
    assert_eq!(translated.other_date(DateVariable::OriginalDate).unwrap().iso(), "1850");
    assert_eq!(names(translated.people(Role::OriginalAuthor)), ["Old|"]);
    let review = titled(&related("reviewOf"));
    assert_eq!(review.details.text(Variable::ReviewedTitle), Some("Other"));
    assert_eq!(names(review.people(Role::ReviewedAuthor)), ["Old|"]);
    assert_eq!((translated.date, review.date, review.authors.len()), (None, None, 0));
}

#[test]
fn what_a_work_says_of_itself() {
    let record = titled(
        "<abstract displayLabel=\"x\">About &lt;i&gt;it&lt;/i&gt;.</abstract><note type=\"statement of responsibility\">by Lee</note>\
         <note>Draft.</note><note>Second.</note><subject authority=\"lcsh\"><topic>Journalism</topic><geographic>Bergen</geographic>\
         <name><namePart>Nobody</namePart></name></subject><subject><topic>Mud</topic></subject>\
         <language><languageTerm type=\"text\">English</languageTerm><languageTerm type=\"code\">eng</languageTerm></language>\
         <classification authority=\"lcc\">PN4888</classification><physicalDescription><extent>vii, 322 p. ; 23 cm.</extent></physicalDescription>\
         <originInfo><place><placeTerm type=\"code\">nyu</placeTerm></place><place><placeTerm type=\"text\">Ithaca, N.Y :</placeTerm></place>\
         <publisher>Press,</publisher></originInfo><recordInfo><languageOfCataloging><languageTerm>ger</languageTerm></languageOfCataloging></recordInfo>",
    );
    assert_eq!(record.abstract_text.as_deref(), Some("About it."));
    let expected = [
        (Variable::Note, "Draft. Second."),
        (Variable::Keyword, "Journalism, Bergen, Mud"),
        (Variable::Language, "eng"),
        (Variable::CallNumber, "PN4888"),
        (Variable::NumberOfPages, "322"),
        (Variable::PublisherPlace, "Ithaca, N.Y"),
        (Variable::Publisher, "Press"),
    ];
    for (variable, text) in expected {
        assert_eq!(record.details.text(variable), Some(text));
    }
    assert_eq!(record.authors.len(), 0);
    assert_eq!(
        titled("<language authority=\"iso639-2b\">eng</language>").details.text(Variable::Language),
        Some("eng")
    );
}

#[test]
fn works_are_found_in_whatever_they_are_wrapped_in() {
    let work = "<m:mods><m:titleInfo><m:title>T</m:title></m:titleInfo></m:mods>";
    for text in [
        format!("<m:modsCollection xmlns:m=\"http://www.loc.gov/mods/v3\">{work}{work}</m:modsCollection>"),
        format!(
            "<OAI-PMH><ListRecords><record xmlns:m=\"http://www.loc.gov/mods/v3\"><metadata>{work}</metadata></record><record>{work}</record></ListRecords></OAI-PMH>"
        ),
    ] {
        assert_eq!(format_of(&text), Some(Format::Mods));
        assert_eq!(read_all(&MODS, &text).0.len(), 2);
    }
    for (text, is_known) in [
        ("<mods><titleInfo>", true),
        ("\u{feff}<?xml version=\"1.0\"?>\n<modsCollection xmlns=\"http://www.loc.gov/mods/v3\">", true),
        ("<game><mods><mod/></mods></game>", false),
        ("<a xmlns:mods=\"http://www.loc.gov/mods/v3\"><b/></a>", false),
    ] {
        assert_eq!(format_of(text) == Some(Format::Mods), is_known, "{text}");
    }
}
