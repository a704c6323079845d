#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{format_of, names, read_all};
use crate::paper::{Problem, Record, Role, Variable};

fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Problem>) {
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
