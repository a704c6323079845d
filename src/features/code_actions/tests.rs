#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::diagnostic::Code;
use crate::features::diagnostics;
use crate::features::edits::edited_text;
use crate::features::edits::tests::{Fixture, PLAIN_PIECES};

/// The address of a PDF of this machine.
const LOCAL_PDF: &str = if cfg!(windows) { "file:///C:/a/b%20c.pdf" } else { "file:///a/b%20c.pdf" };

/// Title and outcome of every action of a kind at `$0`.
fn outcomes(fixture: &mut Fixture, marked: &str, kind: ActionKind) -> Vec<(String, String)> {
    let offset = marked.find("$0").unwrap();
    let text = marked.replace("$0", "");
    fixture.open(&[("open.md", &text)]);
    let note = fixture.note();
    let actions = code_actions(&fixture.snapshot, &note, &(offset..offset), &|wanted| wanted == kind);
    actions.into_iter().map(|action| (action.title, edited_text(&text, &action.edits))).collect()
}

fn outcome(fixture: &mut Fixture, marked: &str, kind: ActionKind) -> String {
    let found = outcomes(fixture, marked, kind);
    assert_eq!(found.len(), 1, "{marked}: {found:?}");
    found[0].1.clone()
}

#[test]
fn a_misspelled_name_has_a_fix_for_each_near_name() {
    let mut fixture = Fixture::new(&[], "");
    let kind = ActionKind::QuickFix;
    assert_eq!(
        outcomes(&mut fixture, "é [[Key$0lezs#abstract|x]]", kind),
        [("Change to [[Keyless]]".to_owned(), "é [[Keyless#abstract|x]]".to_owned())]
    );
    assert_eq!(outcome(&mut fixture, "[see -@mukherjeee20$023, p. 3]", kind), "[see -@mukherjee2023, p. 3]");
    assert_eq!(outcome(&mut fixture, "@keyl$0ezs it", kind), "[[Keyless]] it");
    for fine in ["[[Or$0ca]]", "[[n$0obody]]", "`[[Key$0lezs]]`", "$0 text", "[@keyl$0ezs]"] {
        assert_eq!(outcomes(&mut fixture, fine, kind), [], "{fine}");
    }
}

#[test]
fn a_fix_says_what_it_fixes() {
    let mut fixture = Fixture::new(&[], "");
    fixture.open(&[("open.md", "[[Keylezs]]")]);
    let note = fixture.note();
    let actions = code_actions(&fixture.snapshot, &note, &(3..3), &|kind| kind == ActionKind::QuickFix);
    assert_eq!(actions[0].fixes, diagnostics(&fixture.snapshot, &note).into_iter().next());
    assert!(actions[0].is_preferred);
}

#[test]
fn fixing_all_leaves_nothing_to_fix() {
    let mut fixture = Fixture::new(&[], "");
    let note =
        "[[Key$0lezs]] [[Keylezs|x]] @huu2021 [[Twin Peaks]] [[nobody]]\r\n\r\n| a |\n|---|\n| [[Keylezs\\|y]] |\n";
    let fixed = outcome(&mut fixture, note, ActionKind::FixAll);
    let expected =
        "[[Keyless]] [[Keyless|x]] @hu2021 [[Twin Peaks]] [[nobody]]\r\n\r\n| a |\n|---|\n| [[Keyless\\|y]] |\n";
    assert_eq!(fixed, expected);
    assert_eq!(outcomes(&mut fixture, &format!("$0{fixed}"), ActionKind::FixAll), []);
    let codes: Vec<Code> = diagnostics(&fixture.snapshot, &fixture.note()).iter().map(|it| it.code).collect();
    assert_eq!(codes, [Code::Ambiguous]);
}

#[test]
fn an_ambiguous_name_is_pinned_and_looks_as_it_did() {
    let mut fixture = Fixture::new(&[], "");
    let kind = ActionKind::QuickFix;
    let pinned = outcomes(&mut fixture, "[[Twin $0Peaks]]", kind);
    assert_eq!(
        pinned,
        [
            ("Pin to Twin Peaks: A Study of Mountains (Hill, 2022)".to_owned(), "[[peak1|Twin Peaks]]".to_owned()),
            ("Pin to Twin Peaks: A Study of Television (Lynch, 2022)".to_owned(), "[[peak2|Twin Peaks]]".to_owned()),
        ]
    );
    let texts = |fixture: &mut Fixture, note: &str| -> Vec<String> {
        outcomes(fixture, note, kind).into_iter().map(|(_, text)| text).collect()
    };
    assert_eq!(texts(&mut fixture, "![[ twin $0peaks #abstract|a b ]]")[0], "![[ peak1 #abstract|a b ]]");
    assert_eq!(texts(&mut fixture, "[[twin $0peaks#abstract]]")[1], "[[peak2#abstract|twin peaks]]");
    let table = "| a |\n|---|\n| [[Twin $0Peaks]] |\n";
    assert_eq!(texts(&mut fixture, table)[0], "| a |\n|---|\n| [[peak1\\|Twin Peaks]] |\n");
    for pinned in ["[[peak1|Twin Peaks]]", "[[peak2#abstract|twin peaks]]"] {
        assert_eq!(outcomes(&mut fixture, &format!("$0{pinned}"), kind), [], "{pinned}");
    }
}

#[test]
fn an_ambiguous_key_is_pinned_by_another_key_or_by_brackets() {
    let mut fixture = Fixture::new(&[], "");
    let texts = |fixture: &mut Fixture, note: &str| -> Vec<String> {
        outcomes(fixture, note, ActionKind::QuickFix).into_iter().map(|(_, text)| text).collect()
    };
    let pinned = texts(&mut fixture, "as @sa$0me says");
    assert_eq!(pinned, ["as [[First Works of Somebody|same]] says", "as @second says"]);
    assert_eq!(texts(&mut fixture, "[@sa$0me]"), ["[[First Works of Somebody|same]]", "[@second]"]);
    assert_eq!(texts(&mut fixture, "[see @sa$0me, p. 3]"), ["[see @second, p. 3]"]);
}

#[test]
fn citations_are_written_in_other_ways() {
    let mut fixture = Fixture::new(&[], "");
    let kind = ActionKind::Rewrite;
    let texts = |fixture: &mut Fixture, note: &str| -> Vec<String> {
        outcomes(fixture, note, kind).into_iter().map(|(_, text)| text).collect()
    };
    let title = "LoRA: Low-Rank Adaptation";
    assert_eq!(texts(&mut fixture, "a [[Lo$0RA]] b"), [format!("a [[{title}]] b"), "a [@hu2021] b".to_owned()]);
    assert_eq!(texts(&mut fixture, "[[Lo$0RA#abstract|x]]"), [format!("[[{title}#abstract|x]]")]);
    assert_eq!(texts(&mut fixture, &format!("[[Lo$0{}]]", &title[2..])), ["[@hu2021]"]);
    for part_of_link in ["[[Lo$0RA]](x)", "![[Lo$0RA]]"] {
        assert_eq!(texts(&mut fixture, part_of_link).len(), 1, "{part_of_link}");
    }
    for whole in ["@hu2$0021 b", "[@hu2$0021] b", "[ @hu2$0021 ] b", "@{hu2$0021} b"] {
        assert_eq!(texts(&mut fixture, whole), ["[[LoRA]] b"], "{whole}");
    }
    let more =
        ["[@hu2$0021; @mukherjee2023]", "[-@hu2$0021]", "[@hu2$0021, p. 3]", "[see @hu2$0021]", "@hu2$0021 [p. 3]"];
    for more in more {
        assert_eq!(texts(&mut fixture, more), Vec::<String>::new(), "{more}");
    }
    assert_eq!(texts(&mut fixture, "[[Key$0less]]"), ["[[Keyless: A Paper without a Key]]"]);
}

#[test]
fn pages_and_literature_notes_are_opened() {
    let mut fixture = Fixture::new(&[("papers/x.md", "---\ndoi: 10.1000/lora\n---\n")], "");
    let titles = |fixture: &mut Fixture, note: &str| -> Vec<String> {
        outcomes(fixture, note, ActionKind::Open).into_iter().map(|(title, _)| title).collect()
    };
    assert_eq!(
        titles(&mut fixture, "[[Or$0ca]]"),
        ["Create a literature note", "Open the page (arXiv)", "Open the PDF"]
    );
    assert_eq!(titles(&mut fixture, "[[Lo$0RA]]"), ["Open the literature note", "Open the page (DOI)"]);
    for url in ["https://arxiv.org/abs/2306.02707", "zotero://select/library/items/A", LOCAL_PDF] {
        assert!(may_open(url), "{url}");
    }
    for url in
        ["javascript:alert(1)", "file:///etc/passwd", "command:x", "", "https://a b", "vscode://x", "file:///x.sh"]
    {
        assert!(!may_open(url), "{url}");
    }
}

#[test]
fn only_wanted_kinds_are_worked_out() {
    let mut fixture = Fixture::new(&[], "");
    fixture.open(&[("open.md", "[[Keylezs]] [[Orca]]")]);
    let note = fixture.note();
    let kinds = |range: Range<usize>| -> Vec<ActionKind> {
        code_actions(&fixture.snapshot, &note, &range, &|_| true).iter().map(|it| it.kind).collect()
    };
    assert_eq!(kinds(0..20), [ActionKind::QuickFix, ActionKind::FixAll]);
    assert!(!kinds(15..15).contains(&ActionKind::FixAll));
    let all = code_actions(&fixture.snapshot, &note, &(15..15), &|kind| kind == ActionKind::FixAll);
    assert_eq!(all.len(), 1);
}

#[test]
fn fixing_all_of_any_note_leaves_no_name_that_has_one_fix() {
    const CITATIONS: [&str; 12] = [
        "[[Keylezs]]",
        "![[Keylezs#abstract]]",
        "[[ Keylezs |a label]]",
        "| a |\n|---|\n| [[Keylezs\\|b]] |\n",
        " [see -@mukherjeee2023, p. 3; @hu2021] ",
        " @huu2021 ",
        " @keylezs ",
        "[[Twin Peaks]]",
        "[[nobody at all]]",
        "[[LoRAA]]",
        "`[[Keylezs]]`",
        "<!-- [[Keylezs]] -->",
    ];
    let pieces = [&CITATIONS[..], &PLAIN_PIECES].concat();
    let notes = prop::collection::vec(prop::sample::select(pieces), 0..24);
    let mut runner = TestRunner::new(Config { cases: 500, failure_persistence: None, ..Config::default() });
    let fixture = std::cell::RefCell::new(Fixture::new(&[], ""));
    let outcome = runner.run(&notes, |pieces| {
        let mut fixture = fixture.borrow_mut();
        let text = pieces.concat();
        let mended = outcomes(&mut fixture, &format!("$0{text}"), ActionKind::FixAll).pop().map_or(text, |(_, it)| it);
        prop_assert_eq!(outcomes(&mut fixture, &format!("$0{mended}"), ActionKind::FixAll), []);
        let note = fixture.note();
        for found in diagnostics(&fixture.snapshot, &note).iter().filter(|it| it.code == Code::Unresolved) {
            let place = found.span.unwrap().bytes().start + 1;
            let is_fix = |kind| kind == ActionKind::QuickFix;
            let fixes = code_actions(&fixture.snapshot, &note, &(place..place), &is_fix);
            prop_assert!(fixes.len() != 1, "{:?} in {:?} has one fix left: {:?}", found, mended, fixes);
        }
        Ok(())
    });
    outcome.unwrap();
}
