//! `ibid export` as scripts see it.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::fs;

use serde_json::Value;
use support::{Bench, ran};

const PAGE: &str = "\
Orca: Progressive Learning from Explanation Traces of GPT-4

A small model learns from the explanations of a large one.

  • 6 authors
·
Jun 5, 2023 18

LoRA: Low-Rank Adaptation

Only small matrices are trained, which we call adapters.

  • metaresearch Meta Research
·
Jun 17, 2021
";

/// Another paper with a short name that stands on the first page too.
const SECOND_PAGE: &str = "\
Orca: A Ship Simulator

Waves and hulls are simulated together.

  • 2 authors
·
Mar 3, 2020
";

const LORA_BIB: &str = "\
@misc{metaresearch2021lora,
  author = {{Meta Research} and others},
  title = {{LoRA}: Low-Rank Adaptation},
  date = {2021-06-17},
  year = {2021},
  month = jun,
}
";

const ORCA_BIB: &str = "\
@misc{orca2023,
  title = {Orca: Progressive Learning from Explanation Traces of {GPT-4}},
  date = {2023-06-05},
  year = {2023},
  month = jun,
}
";

#[test]
fn each_paper_is_exported_once_in_the_order_of_citation() {
    let bench = Bench::new(&[
        ("papers.txt", PAGE),
        ("a.md", "See [[LoRA]] and [[lora|it]], [[b]], [[b#x]].\n\n`[[Orca]]`\n"),
        ("b.md", "[[Orca#abstract]] ![[LoRA]]\n"),
        (".ignore", "drafts\n"),
        ("drafts/c.md", "[[no such paper]]\n"),
    ]);
    let ran = bench.run(&["export"]);
    assert_eq!((ran.status, ran.errors.as_str()), (0, ""));
    assert_eq!(ran.output, format!("{LORA_BIB}\n{ORCA_BIB}"));
    let one = bench.run(&["export", "b.md", "--to", "bibtex"]);
    assert_eq!((one.status, one.output), (0, format!("{ORCA_BIB}\n{LORA_BIB}")));
}

#[test]
fn notes_and_folders_may_be_named_also_from_below() {
    let bench = Bench::new(&[
        ("ibid.toml", ""),
        ("papers.txt", PAGE),
        ("deep/a.md", "[[LoRA]]"),
        ("deep/b.md", "[[Orca]]"),
        ("other.txt2", "[[Orca]]"),
    ]);
    let folder = bench.run(&["export", "deep/b.md", "deep"]);
    assert_eq!((folder.status, folder.output), (0, format!("{ORCA_BIB}\n{LORA_BIB}")));
    let below = ran(bench.command().current_dir(bench.root().join("deep")).args(["export", "a.md"]));
    assert_eq!((below.status, below.output.as_str()), (0, LORA_BIB));
    assert_eq!(bench.run(&["export", "other.txt2"]).output, ORCA_BIB);
}

#[test]
fn citations_of_no_single_paper_are_told_and_the_rest_is_exported() {
    let bench = Bench::new(&[
        ("one.txt", PAGE),
        ("two.txt", SECOND_PAGE),
        (
            "note.md",
            "# Ünder\n\nWhales ä [[Orca]] [[LoRA]]\n[[LoRA: Low-Rank Adaptasion]] [[nothing like it]] [[note]]\n",
        ),
    ]);
    // A link that nobody has written the note for yet is none of our business, unless the settings say so.
    assert_eq!(bench.run(&["export"]).errors.lines().count(), 2);
    std::fs::write(bench.root().join("ibid.toml"), "diagnostics.unresolved = 'all'\n").unwrap();
    let ran = bench.run(&["export"]);
    assert_eq!((ran.status, ran.output.as_str()), (1, LORA_BIB));
    let lines: Vec<&str> = ran.errors.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.errors);
    assert_eq!(lines[0], "ibid: note.md:3:12: 2 papers answer to \"Orca\"; cite one by a name of its own");
    assert!(lines[1].starts_with("ibid: note.md:4:3: No paper"), "{}", lines[1]);
    assert_eq!(lines[2], "ibid: note.md:4:33: No paper and no note is called “nothing like it”.");
}

#[test]
fn json_is_an_array_of_csl_items() {
    let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", "[[LoRA]]")]);
    let plain: Value = serde_json::from_str(&bench.run(&["export", "--to", "csl-json"]).output).unwrap();
    assert_eq!(plain[0]["id"], "metaresearch2021lora");
    assert_eq!(plain[0]["issued"]["date-parts"][0], serde_json::json!([2021, 6, 17]));
    assert_eq!(plain[0].get("abstract"), None);
    let ran = bench.run(&["export", "--to", "csl-json", "--abstracts"]);
    let whole: Value = serde_json::from_str(&ran.output).unwrap();
    assert_eq!(whole[0]["abstract"], "Only small matrices are trained, which we call adapters.");
}

#[test]
fn reference_lists_are_set_in_a_style() {
    let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", "[[Orca]] [[LoRA]]")]);
    let apa = bench.run(&["export", "--to", "markdown"]);
    assert_eq!((apa.status, apa.errors.as_str()), (0, ""));
    assert!(apa.output.starts_with("- ") && apa.output.contains("*LoRA: Low-Rank Adaptation*"), "{}", apa.output);
    let ieee = bench.run(&["export", "--to", "markdown", "--style", "IEEE"]);
    let lines: Vec<&str> = ieee.output.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("1. ") && lines[0].contains("Orca"), "{}", ieee.output);
    bench.write("own.csl", OWN_STYLE);
    let own = bench.run(&["export", "--to", "markdown", "--style", "own.csl"]);
    assert_eq!((own.status, own.errors.as_str()), (0, ""));
    assert!(own.output.contains("- LoRA: Low-Rank Adaptation!\n"), "{}", own.output);
}

const OWN_STYLE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>Own</title><id>http://example.org/own</id><updated>2020-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout suffix="!"><text variable="title"/></layout></bibliography>
</style>
"#;

const FLOCKS: &str = "\
@inproceedings{gull2001conf, author = {Gull, Eve and Tern, Max}, title = {Splitting flocks: a fast bound},
  booktitle = {Proceedings of the Wing Symposium}, year = {2001}, pages = {261--272}}
@article{gull2004journal, author = {Gull, Eve and Tern, Max}, title = {Splitting Flocks: A Fast Bound},
  journal = {Journal of Feathers}, volume = {52}, number = {1}, year = {2004}, pages = {26--56}}
@article{copy, author = {Gull, Eve and Tern, Max}, title = {Splitting Flocks: A Fast Bound},
  journal = {Journal of Feathers}, volume = {52}, number = {1}, year = {2004}, pages = {26--56}}
";

/// The lines of the entry with this key.
fn entry<'a>(bib: &'a str, key: &str) -> Vec<&'a str> {
    let head = format!("{{{key},");
    bib.lines().skip_while(|line| !line.ends_with(&head)).take_while(|line| *line != "}").collect()
}

#[test]
fn every_cited_key_has_an_entry_of_its_own_record() {
    let note = "[@gull2001conf; @gull2004journal; @copy] and [[Splitting flocks: a fast bound]] @Gull2001Conf\n";
    let bench = Bench::new(&[("flocks.bib", FLOCKS), ("note.md", note)]);
    let bib = bench.run(&["export"]).output;
    assert_eq!(bib.matches("\n@").count() + 1, 3, "{bib}");
    let conference = entry(&bib, "gull2001conf");
    assert!(conference.contains(&"  booktitle = {Proceedings of the Wing Symposium},"), "{bib}");
    assert!(conference.contains(&"  ids = {Gull2001Conf},") && conference.contains(&"  year = {2001},"), "{bib}");
    assert!(!conference.iter().any(|line| line.contains("volume") || line.contains("journal")), "{bib}");
    for key in ["gull2004journal", "copy"] {
        let journal = entry(&bib, key);
        assert!(journal.contains(&"  volume = {52},") && journal.contains(&"  year = {2004},"), "{bib}");
    }
    let items: Value = serde_json::from_str(&bench.run(&["export", "--to", "csl-json"]).output).unwrap();
    let ids: Vec<&str> = items.as_array().unwrap().iter().filter_map(|item| item["id"].as_str()).collect();
    assert_eq!(ids, ["gull2001conf", "Gull2001Conf", "gull2004journal", "copy"]);
    // A reader of a list sees the same work once, and works that came out twice both times.
    assert_eq!(bench.run(&["export", "--to", "markdown"]).output.lines().count(), 2);
}

#[test]
fn styles_without_end_are_refused() {
    let recursive = OWN_STYLE
        .replace(r#"<text variable="title"/></layout></bibliography>"#, r#"<text macro="m"/></layout></bibliography>"#);
    let recursive = recursive.replace("  <citation>", "  <macro name=\"m\"><text macro=\"m\"/></macro>\n  <citation>");
    let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", "[[LoRA]]"), ("own.csl", recursive.as_str())]);
    let ran = bench.run(&["export", "--to", "markdown", "--style", "own.csl"]);
    assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{}", ran.errors);
    assert!(ran.errors.contains("call each other without end"), "{}", ran.errors);
}

/// A style with these macros, whose list is the first of them.
fn style_of(macros: &str) -> String {
    format!(
        r#"<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info><title>Odd one</title>
        <id>x</id><updated>2020-01-01T00:00:00Z</updated></info>{macros}<citation><layout><text variable="title"/></layout>
        </citation><bibliography><layout><text macro="m0"/></layout></bibliography></style>"#
    )
}

/// Macros each of which calls the next so many times, the last of which is this.
fn calling(levels: usize, times: usize, last: &str) -> String {
    let level = |at: usize| {
        let calls = format!(r#"<text macro="m{}"/>"#, at + 1).repeat(times);
        format!(r#"<macro name="m{at}">{calls}</macro>"#)
    };
    (0..levels).map(level).collect::<String>() + &format!(r#"<macro name="m{levels}">{last}</macro>"#)
}

#[test]
fn styles_that_would_not_end_are_errors_that_name_them() {
    let title = r#"<text variable="title"/>"#;
    let one = |inner: &str| format!(r#"<macro name="m0">{inner}</macro>"#);
    let nested = |count: usize| "<group>".repeat(count) + title + &"</group>".repeat(count);
    let chosen = "<choose><if type=\"book\"><text macro=\"m0\"/></if><else><text macro=\"m0\"/></else></choose>";
    let substituted = "<names variable=\"author\"><substitute><text macro=\"m0\"/></substitute></names>";
    let refused = [
        ("itself", one(r#"<text macro="m0"/>"#)),
        ("in a circle", calling(1, 1, r#"<text macro="m0"/>"#)),
        ("in a choice", one(chosen)),
        ("in a substitute", one(substituted)),
        ("exploding", calling(12, 10, title)),
        ("exploding wide", calling(2, 5_000, title)),
        ("a long chain", calling(5_000, 1, title)),
        ("deep", one(&nested(300))),
        ("very deep", one(&nested(100_000))),
        ("never closed", "<group>".repeat(200_000)),
        ("a long tag", one(&format!("<text value=\"{}\"/>", "x".repeat(100_000)))),
    ];
    for (what, macros) in refused {
        let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", "[[Orca]]"), ("odd.csl", &style_of(&macros))]);
        let ran = bench.run(&["export", "--to", "markdown", "--style", "odd.csl"]);
        assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{what}: {}", ran.errors);
        assert!(
            ran.errors.contains("odd.csl cannot be used") && ran.errors.lines().count() == 1,
            "{what}: {}",
            ran.errors
        );
        assert!(ran.errors.len() < 400, "{what}: {}", ran.errors);
    }
    // What cannot be told before is ended while it is set, and the papers are listed plainly.
    let value = format!("<text value=\"{}\"/>", "x".repeat(15_000));
    for (what, macros) in [("many elements", calling(3, 60, title)), ("much text", calling(2, 150, &value))] {
        let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", "[[Orca]]"), ("odd.csl", &style_of(&macros))]);
        let ran = bench.run(&["export", "--to", "markdown", "--style", "odd.csl"]);
        assert_eq!(ran.status, 1, "{what}: {}", ran.errors);
        assert!(ran.errors.contains("the style \"Odd one\" cannot set \"Orca"), "{what}: {}", ran.errors);
        assert!(ran.errors.contains("more than there is time and room for") && ran.output.len() < 1_000, "{what}");
    }
}

#[test]
fn a_reference_list_in_a_note_cites_nothing() {
    let note = "[[LoRA]]\n\n<!-- ibid:references -->\n\n- [[Orca]]\n\n<!-- /ibid:references -->\n";
    let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", note)]);
    assert_eq!(bench.run(&["export"]).output, LORA_BIB);
}

#[test]
fn files_are_written_whole_and_never_replaced_unasked() {
    let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", "[[LoRA]]")]);
    let file = bench.root().join("refs.bib");
    let first = bench.run(&["export", "--output", "refs.bib"]);
    assert_eq!((first.status, first.output.as_str(), first.errors.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), LORA_BIB);
    fs::write(&file, "mine").unwrap();
    let second = bench.run(&["export", "-o", "refs.bib"]);
    assert_eq!((second.status, second.errors.as_str()), (2, "ibid: refs.bib is there already; --force replaces it\n"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(bench.run(&["export", "-o", "refs.bib", "--force"]).status, 0);
    assert!(fs::read_to_string(&file).unwrap().contains("Low-Rank Adaptation"));
    assert_eq!(bench.run(&["export", "-o", "refs.json"]).status, 0);
    let json: Value = serde_json::from_str(&fs::read_to_string(bench.root().join("refs.json")).unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
    let left = fs::read_dir(bench.root()).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    assert!(left.into_iter().all(|name| !name.starts_with(".ibid")), "a temporary file is left");
}

#[test]
fn notes_without_citations_export_nothing() {
    let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", "No citation.")]);
    let ran = bench.run(&["export"]);
    assert_eq!((ran.status, ran.output.as_str()), (0, ""));
    assert_eq!(ran.errors, "ibid: no paper is cited; there is nothing to export\n");
    assert_eq!(bench.run(&["export", "--to", "csl-json"]).output, "[]\n");
}

#[test]
fn what_cannot_run_says_so_in_one_line() {
    let bench = Bench::new(&[("papers.txt", PAGE), ("note.md", "[[LoRA]]"), ("bad.csl", "<style/>")]);
    for arguments in [
        &["export", "gone.md"][..],
        &["export", "--to", "docx"],
        &["export", "--force"],
        &["export", "--style", "apa"],
        &["export", "--to", "markdown", "--abstracts"],
        &["export", "--to", "markdown", "--style", "apaa"],
        &["export", "--to", "markdown", "--style", "bad.csl"],
        &["export", "--to", "markdown", "--style", "no/such.csl"],
        &["export", "--output", "no/such/folder/refs.bib"],
        &["export", "--output", "."],
    ] {
        let ran = bench.run(arguments);
        assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{arguments:?}: {}", ran.errors);
        assert_eq!(ran.errors.lines().count(), 1, "{arguments:?}: {}", ran.errors);
        assert!(ran.errors.starts_with("ibid: ") && ran.errors.len() > 20, "{arguments:?}: {}", ran.errors);
    }
}
