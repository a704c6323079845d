#![allow(clippy::unwrap_used)]
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::corpus::BibtexEntry;
use crate::features::edits::edited_text;
use crate::features::edits::tests::Fixture;
use crate::text::Document;

/// What another program knows of the papers.
const KNOWN: &str = r#"[
{"id":"z1","type":"article-journal","title":"Gulls and the Sea: A Study","author":[{"family":"Finch","given":"Ada"}],
 "container-title":"Journal of Shores & Tides","volume":"12","issue":"3","page":"101-119","DOI":"10.5555/shores_7",
 "issued":{"date-parts":[[2016,12,1]]}},
{"id":"z2","type":"paper-conference","title":"Terns in Flight","author":[{"family":"Heron","given":"Cy"}],
 "container-title":"Proceedings of the Wing Symposium","page":"1-9","DOI":"10.5555/wings.9","issued":{"date-parts":[[2019]]}},
{"id":"z3","type":"article-journal","title":"Voles of the North","author":[{"family":"Rook","given":"Eve"}],
 "container-title":"Journal of Marshes","volume":"4","page":"5-8","issued":{"date-parts":[[2012]]}},
{"id":"z4","type":"article","title":"Gulls and the Sea: A Study","author":[{"family":"Finch","given":"Ada"}],
 "number":"arXiv:1601.00001","publisher":"arXiv","URL":"https://arxiv.org/abs/1601.00001","issued":{"date-parts":[[2016]]}}
]"#;

fn fixture(bib: &str) -> (Fixture, OpenCorpusFile) {
    let fixture = Fixture::new(&[("corpus/mine.bib", bib), ("corpus/known.json", KNOWN)], "");
    let path = fixture.folder.path().join("corpus/mine.bib");
    let file = OpenCorpusFile::new(path, Document::new(bib, 3));
    (fixture, file)
}

/// Title and outcome of every action of a kind at `$0`.
fn outcomes(marked: &str, kind: ActionKind) -> Vec<(String, String)> {
    let offset = marked.find("$0").unwrap();
    let bib = marked.replace("$0", "");
    let (fixture, file) = fixture(&bib);
    let actions = bib_actions(&fixture.snapshot, &file, &(offset..offset), &|wanted| wanted == kind);
    actions.into_iter().map(|action| (action.title, edited_text(&bib, &action.edits))).collect()
}

fn outcome(marked: &str, title: &str) -> (String, String) {
    let found = outcomes(marked, ActionKind::Rewrite);
    let shown = format!("{found:#?}");
    found.into_iter().find(|(it, _)| it.starts_with(title)).unwrap_or_else(|| panic!("{title}: {shown}"))
}

fn titles(marked: &str) -> Vec<String> {
    outcomes(marked, ActionKind::Rewrite).into_iter().map(|(title, _)| title).collect()
}

#[test]
fn what_is_missing_comes_from_the_corpus() {
    let bib = "% mine\n@article{finch, % $0first\n  author = \"Finch, Ada\",\n  title  = \"Gulls and the Sea: A Study\",\n  \
               year   = 2016\n}\n";
    let (title, text) = outcome(bib, "Add what is missing");
    assert_eq!(title, "Add what is missing: arXiv id, DOI, venue, volume, number, pages");
    let expected = "% mine\n@article{finch, % first\n  author = \"Finch, Ada\",\n  title  = \"Gulls and the Sea: A Study\",\n  \
                    year   = 2016,\n  eprint = \"1601.00001\",\n  archiveprefix = \"arXiv\",\n  doi    = \
                    \"10.5555/shores_7\",\n  journal = \"Journal of Shores \\& Tides\",\n  volume = \"12\",\n  number = \
                    \"3\",\n  pages  = \"101--119\"\n}\n";
    assert_eq!(text, expected);
    let done = text.replacen("finch", "fin$0ch", 1);
    assert_eq!(titles(&done), [""; 0]);
    // Another year, another venue or another type is another publication.
    for other in [
        "@article{rook$0, title = {Voles of the North}, author = {Rook, Eve}, year = 2011}",
        "@article{rook$0, title = {Voles of the North}, author = {Rook, Eve}, journal = {Zoology}, year = 2012}",
        "@inproceedings{rook$0, title = {Voles of the North}, author = {Rook, Eve}}",
        "@article{rook$0, title = {Voles of the North}, author = {Rook, Eve}",
    ] {
        assert_eq!(titles(other), [""; 0], "{other}");
    }
}

#[test]
fn the_published_version_takes_the_place_of_a_preprint() {
    let bib = "@Misc{heron2018,\n  title = {Terns in Flight},\n  author = {Heron, Cy},\n  journal = {arXiv preprint \
               arXiv:1806.01234},$0\n  year = {2018},\n  note = {Read it},\n}\n";
    let (title, text) = outcome(bib, "Cite the published version");
    assert_eq!(title, "Cite the published version (Proceedings of the Wing Symposium, 2019)");
    let expected = "@Inproceedings{heron2018,\n  title = {Terns in Flight},\n  author = {Heron, Cy},\n  journal = {arXiv \
                    preprint arXiv:1806.01234},\n  year = {2019},\n  note = {Read it},\n  booktitle = {Proceedings of the \
                    Wing Symposium},\n  pages = {1--9},\n  eprint = {1806.01234},\n  archiveprefix = {arXiv},\n  doi = \
                    {10.5555/wings.9},\n}\n";
    assert_eq!(text, expected);
    assert!(!titles(&text.replacen("heron", "her$0on", 1)).iter().any(|title| title.starts_with("Cite")));
    // The month is that of the preprint, which came out in another year.
    let with_month = bib.replace("year = {2018}", "year = {2018}, month = jun");
    assert!(!titles(&with_month).iter().any(|title| title.starts_with("Cite")));
}

#[test]
fn duplicates_become_one_entry_and_keep_their_keys() {
    let bib = "@string{j = \"J\"}\n@article{a1, title = {Voles of the North}, author = {Rook, Eve}, keywords = {vole, north}, \
               year = 2012}$0\n\n@comment{between}\n\n@article{b2,\n  title = {Voles of the {North}},\n  author = {Rook, E.},\n  \
               ids = {b1, b0},\n  keywords = {north, ice},\n  file = {x.pdf}\n}\n\n@article{c3, title = {Voles of the \
               North}, author = {Rook, Eve}, keywords = {sea}, abstract = j # {ust}}\n% end\n";
    let (title, text) = outcome(bib, "Merge");
    assert_eq!(
        title,
        "Merge the entries of the same paper into this one: b2, c3 become aliases; title, author stay as they are here"
    );
    let expected = "@string{j = \"J\"}\n@article{a1, title = {Voles of the North}, author = {Rook, Eve}, keywords = {vole, \
                    north, ice, sea}, year = 2012, file = {x.pdf}, abstract = j # {ust}, ids = {b2, c3, b1, b0}}\n\n\
                    @comment{between}\n\n% end\n";
    assert_eq!(text, expected);
    let (fixture, file) = fixture(&text);
    for key in ["a1", "b2", "c3", "b1", "b0"] {
        assert!(fixture.paper(key).record.keys.contains(&"a1".to_owned()), "{key}");
    }
    assert_eq!(file.contents().problems, []);
    // What inherits from an entry needs it.
    let parent = bib.replace("% end", "@inbook{part, crossref = {c3}}");
    assert!(!titles(&parent).iter().any(|title| title.starts_with("Merge")));
}

#[test]
fn capitals_are_protected_in_one_entry_and_in_all() {
    let bib = "@misc{one, title = {Of $0DNA and {RNA}}}\n@misc{two, title = \"A LaTeX {\\\"o} mRNA\"}\n@misc{three, title = {Plain}}\n";
    let (_, text) = outcome(bib, "Protect the capitals of the title");
    assert_eq!(text, bib.replace("$0", "").replace("DNA", "{DNA}"));
    let all = outcomes(bib, ActionKind::ProtectCapitals);
    assert_eq!(all[0].0, "Protect the capitals of all titles (2 entries)");
    let expected = bib.replace("$0", "").replace("DNA", "{DNA}").replace("LaTeX", "{LaTeX}").replace("mRNA", "{mRNA}");
    assert_eq!(all[0].1, expected);
}

#[test]
fn what_is_missing_is_added_to_all_entries() {
    let bib = "$0@article{x, title = {Voles of the North}, author = {Rook, Eve}}\n@inproceedings{y, title = {Terns in Flight}, \
               author = {Heron, Cy}}\n@book{z, title = {Other}}\n";
    let all = outcomes(bib, ActionKind::AddMissing);
    assert_eq!((all.len(), all[0].0.as_str()), (1, "Add what is missing in all entries (2 entries)"));
    assert!(all[0].1.contains("journal = {Journal of Marshes}") && all[0].1.contains("doi = {10.5555/wings.9}"));
    assert_eq!(outcomes(&format!("$0{}", all[0].1), ActionKind::AddMissing), []);
}

/// The keys of the entries of a file with the names of their fields; every entry has to be whole.
fn entries(text: &str) -> Vec<(BTreeSet<String>, BTreeSet<String>)> {
    let file = OpenCorpusFile::new("/x.bib".into(), Document::new(text, 1));
    let of = |record: &Record| {
        let at = usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap();
        let entry = BibtexEntry::parse(&text[at.clone()]).unwrap();
        let names = entry.fields.iter().map(|it| text[at.clone()][it.name.clone()].to_ascii_lowercase());
        (record.keys.iter().cloned().collect(), names.collect())
    };
    file.contents().records.iter().map(of).collect()
}

#[test]
fn no_action_loses_a_field_or_a_key_or_touches_anything_else() {
    const HEADS: [&str; 4] = ["@article{", "@Misc{", "@inproceedings{", "@ARTICLE{"];
    const WORKS: [&str; 5] = [
        "title = {Gulls and the Sea: A Study}, author = {Finch, Ada}",
        "author = \"Heron, Cy\",\n  title = \"Terns in Flight\"",
        "\n\ttitle   = {Voles of the {N}orth},\r\n\tauthor  = {Rook, Eve}",
        "title = {GPT and $A B$ of \\'{E}cole DNA}",
        "TITLE = {Gulls and the Sea: {A} Study},\n  % which?\n  AUTHOR = {Finch, A.}",
    ];
    const MORE: [&str; 9] = [
        "",
        ", year = 2016",
        ",\n  year = {2018},\n  month = jun",
        ", journal = {arXiv preprint arXiv:1806.01234}",
        ", doi = {10.5555/shores_7}",
        ", keywords = {a, b}, note = {N. B.}",
        ",\n  ids = {old1, old2},\n",
        ", eprint = {1601.00001}, archiveprefix = {arXiv}, publisher = \"arXiv\"",
        ", doi = {}, x = s # {y}",
    ];
    const BETWEEN: [&str; 5] = ["\n", "\n\n", "\n% a comment, {\n", "\n@comment{no}\n", "\r\n@string{s = {S}}\r\n"];
    let entry = (0..HEADS.len(), 0..WORKS.len(), prop::collection::vec(0..MORE.len(), 0..3), 0..BETWEEN.len());
    let files = prop::collection::vec(entry, 1..5);
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let mut changed = std::cell::Cell::new(0);
    let outcome = runner.run(&files, |parts| {
        let mut bib = String::new();
        let mut places = Vec::new();
        for (number, (head, work, more, between)) in parts.iter().enumerate() {
            places.push(bib.len());
            // A field stands in an entry once.
            let mut more: BTreeSet<usize> = more.iter().copied().collect();
            if more.contains(&1) {
                more.remove(&2);
            }
            if more.contains(&4) {
                more.remove(&8);
            }
            let fields: String = more.into_iter().map(|it| MORE[it].replace("old", &format!("old{number}"))).collect();
            bib += &format!("{}k{number}, {}{fields}}}{}", HEADS[*head], WORKS[*work], BETWEEN[*between]);
        }
        let (fixture, file) = fixture(&bib);
        let before = entries(&bib);
        for place in places {
            for action in bib_actions(&fixture.snapshot, &file, &(place..place), &|_| true) {
                changed.set(changed.get() + 1);
                let text = edited_text(&bib, &action.edits);
                let after = entries(&text);
                let is_merge = action.title.starts_with("Merge");
                prop_assert_eq!(after.len() == before.len(), !is_merge, "{}", action.title);
                for (keys, fields) in &before {
                    let key = keys.iter().find(|key| key.starts_with('k')).unwrap();
                    let holder: Vec<_> = after.iter().filter(|(known, _)| known.contains(key)).collect();
                    prop_assert_eq!(holder.len(), 1, "{} in {}: {}", key, text, action.title);
                    prop_assert!(keys.is_subset(&holder[0].0), "{:?} in {}", keys, text);
                    prop_assert!(fields.is_subset(&holder[0].1), "{:?} in {}: {}", fields, text, action.title);
                }
                let reread = OpenCorpusFile::new("/x.bib".into(), Document::new(&text, 1));
                let messages = |file: &OpenCorpusFile| -> BTreeSet<String> {
                    file.contents().problems.iter().map(|it| it.message.clone()).collect()
                };
                prop_assert!(messages(&reread).is_subset(&messages(&file)), "{:?} in {}", messages(&reread), text);
                // What stands outside of entries stays.
                for (_, _, _, between) in &parts {
                    let kept = BETWEEN[*between].trim();
                    let count = |text: &str| if kept.is_empty() { 0 } else { text.matches(kept).count() };
                    prop_assert_eq!(count(&text), count(&bib), "{}", text);
                }
            }
        }
        Ok(())
    });
    outcome.unwrap();
    assert!(*changed.get_mut() > 400, "{changed:?}");
}
