//! From a citation to the paper's entry.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, note, path_of};
use crate::positions::{Encoding, byte_range};

const ORCA: &str = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";

fn links() -> Value {
    json!({"textDocument": {"definition": {"linkSupport": true}}})
}

/// The text of a place that the server names, as an editor would select it.
#[track_caller]
fn selected(uri: &Value, range: &Value, encoding: Encoding) -> String {
    let text = std::fs::read_to_string(path_of(uri.as_str().unwrap())).unwrap();
    text[byte_range(&text, range, encoding)].to_owned()
}

#[test]
fn a_plain_location_is_the_title_line() {
    let (mut session, place) = Session::at(&note("See [[Or$0ca]].\n"));
    let found = session.definition(&place);
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(path_of(found[0]["uri"].as_str().unwrap()), session.path("corpus/papers.txt"));
    assert_eq!(found[0]["range"]["start"], json!({"line": 12, "character": 0}));
    assert_eq!(selected(&found[0]["uri"], &found[0]["range"], session.encoding), ORCA);
}

#[test]
fn a_link_names_the_citation_the_whole_record_and_its_title() {
    let text = "See [[Orca|the whale]].\n";
    let (mut session, place) = Session::with(Setup::new(&note("See [[Or$0ca|the whale]].\n")).capabilities(links()));
    let found = session.definition(&place);
    let link = &found[0];
    assert_eq!(&text[byte_range(text, &link["originSelectionRange"], session.encoding)], "[[Orca|the whale]]");
    assert_eq!(selected(&link["targetUri"], &link["targetSelectionRange"], session.encoding), ORCA);
    let record = selected(&link["targetUri"], &link["targetRange"], session.encoding);
    assert!(record.starts_with(ORCA) && record.trim_end().ends_with("Jun 5, 2023 18"), "{record}");
}

#[test]
fn lines_are_right_in_a_file_with_windows_line_ends() {
    let (papers, note) = (PAPERS.replace('\n', "\r\n"), "[[LoR$0A]] [[Orcanizer]]\r\n");
    let papers = papers.replacen("\r\n", "\n", 1);
    let (mut session, place) = Session::at(&format!("{papers}\n//- /a.md\n{note}"));
    let second = session.find(&place.uri, "[[Orcanizer", 2);
    for (place, title) in [
        (place, "LoRA: Low-Rank Adaptation of Large Language Models"),
        (second, "Orcanizer: A Tool for Ordering Whales"),
    ] {
        let found = session.definition(&place);
        assert_eq!(selected(&found[0]["uri"], &found[0]["range"], session.encoding), title);
    }
}

#[test]
fn titles_with_wide_letters_are_selected_whole_in_every_encoding() {
    let page = "new\n\nSubscribe\n\nOct 17\n\nWähle: 🐋 in 漢字 — a study\n\nText.\n\n  • 2 authors\n·\nMay 4, 2022\n";
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let capabilities = json!({"general": {"positionEncodings": [encoding]}});
        let fixture = format!("//- /p.txt\n{page}\n//- /a.md\n🐋 [[Wäh$0le]]\n");
        let (mut session, place) = Session::with(Setup::new(&fixture).capabilities(capabilities));
        let found = session.definition(&place);
        let title = selected(&found[0]["uri"], &found[0]["range"], session.encoding);
        assert_eq!(title, "Wähle: 🐋 in 漢字 — a study", "{encoding}");
    }
}

#[test]
fn of_several_records_the_richest_is_the_target_whatever_the_order() {
    let bare = format!("new\n\nSubscribe\n\nOct 17\n\n{ORCA}\n\nSame words.\n\nOther: A Paper\n\nText.\n\n");
    for name in ["a.txt", "z.txt"] {
        let fixture = format!("{PAPERS}\n//- /corpus/{name}\n{bare}\n//- /a.md\n[[Or$0ca]]\n");
        let (mut session, place) = Session::at(&fixture);
        let card = session.card(&place);
        assert!(card.contains("papers.txt:13") && card.contains(&format!("{name}:7")), "{card}");
        let found = session.definition(&place);
        assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
        assert_eq!(path_of(found[0]["uri"].as_str().unwrap()), session.path("corpus/papers.txt"));
    }
}

#[test]
fn an_ambiguous_name_leads_to_all_candidates_and_a_missing_one_nowhere() {
    let (mut session, place) = Session::at(&note("[[Twin $0Peaks]] [[Orcb]] [[Nothing Of The Kind]]"));
    let found = session.definition(&place);
    let places = found.as_array().unwrap();
    let mut titles: Vec<String> =
        places.iter().map(|it| selected(&it["uri"], &it["range"], session.encoding)).collect();
    titles.sort();
    assert_eq!(titles, ["Twin Peaks: A Study of Mountains", "Twin Peaks: A Study of Television"]);
    for missing in ["[[Orcb", "[[Nothing"] {
        let at = session.find(&place.uri, missing, 3);
        assert_eq!(session.definition(&at), Value::Null, "{missing}");
    }
}

/// A session in which a compressed file has a paper, and where that paper's definition leads.
fn compressed(setup: Setup) -> (Session, String) {
    let mut session = setup.start();
    let line = r#"{"id":"2106.09685","submitter":"E","authors":"E. Hu","title":"Compressed Paper","abstract":"It is small.","versions":[]}"#;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, format!("{line}\n").as_bytes()).unwrap();
    std::fs::write(session.path("dump.jsonl.gz"), packed.finish().unwrap()).unwrap();
    session.wait_until("the paper is there", |session| session.card_of("2106.09685").contains("small"));
    let uri = "untitled:card".to_owned();
    let place = crate::client::Place { uri, position: json!({"line": 0, "character": 3}) };
    let target = session.definition(&place)[0]["uri"].as_str().unwrap().to_owned();
    (session, target)
}

#[test]
fn a_paper_of_a_compressed_file_opens_its_card_as_a_document() {
    let contents = json!({"workspace": {"textDocumentContent": {}}});
    let (mut session, target) = compressed(Setup::new(PAPERS).capabilities(contents));
    assert_eq!(session.capabilities["workspace"]["textDocumentContent"], json!({"schemes": ["ibid"]}));
    let mut ask = |uri: &str| session.request("workspace/textDocumentContent", json!({"uri": uri}));
    let text = ask(&target).unwrap()["text"].as_str().unwrap().to_owned();
    assert!(target.starts_with("ibid:/") && text.starts_with("**Compressed Paper**"), "{target}: {text}");
    assert!(text.contains("It is small."));
    for other in ["ibid:/00/card.md", "file:///etc/hostname"] {
        assert_eq!(ask(other).unwrap_err()["code"], -32803, "{other}");
    }
}

#[test]
fn a_paper_of_a_compressed_file_opens_its_card() {
    let (_session, target) = compressed(Setup::new(PAPERS));
    let path = url::Url::parse(&target).unwrap().to_file_path().unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().contains("It is small."));
    assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
}
