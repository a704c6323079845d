//! Texts that invite quadratic time, too much memory or too much stack. Reading them has to end, and at these sizes
//! nothing but linear work does.

use super::super::*;
use super::shown;
use crate::notes::inline;
use crate::text::{Change, Document, Encoding, Position, PositionRange};

const MEGABYTE: usize = 1 << 20;

fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

#[test]
fn a_megabyte_of_brackets_ends() {
    for (piece, bytes) in [("[[", MEGABYTE), ("[", MEGABYTE / 8), ("]]", MEGABYTE / 8)] {
        let note = format!("{} [[Orca]]", repeated(piece, bytes));
        let found: Vec<_> = parse(&note).citations.iter().map(shown).collect();
        assert_eq!(found, ["Orca"], "after many {piece}");
    }
}

#[test]
fn deep_nesting_ends() {
    for (piece, bytes) in [(">", MEGABYTE), ("> ", 1 << 16), ("- ", 1 << 16), ("> - ", 1 << 16), ("1. ", 1 << 16)] {
        let note = format!("{}[[Orca]]\n\n[[Phi]]\n", repeated(piece, bytes));
        assert_eq!(parse(&note).citations.last().map(shown).as_deref(), Some("Phi"), "after many {piece}");
    }
    let quotes = format!("{}[[Orca]]\n", ">".repeat(5000));
    assert_eq!(parse(&quotes).citations.len(), 1);
    let lists: String = (0..600).flat_map(|depth| ["  ".repeat(depth), "- [[Orca]]\n".to_owned()]).collect();
    assert!(!parse(&lists).citations.is_empty());
}

#[test]
fn many_lines_of_openers_end() {
    let pieces = [
        "[\n",
        "[a]: b '\n",
        "a`\n",
        "```\n",
        "|\n",
        "| a |\n|---|\n",
        "<div\n",
        "<!--\n",
        "a <!X\n",
        "$$\n\n",
        "$$ [[x\n\n",
        "---\n",
        "\r",
        "\\\n",
        "\0\n",
    ];
    for piece in pieces {
        let note = repeated(piece, MEGABYTE / 16);
        assert!(parse(&note).citations.is_empty(), "in many {piece:?}");
    }
}

#[test]
fn long_lines_of_inline_openers_end() {
    let pieces = [
        "`",
        "` ``",
        "` `` ``` ",
        "a` ",
        "\\`",
        "<",
        "<a ",
        "<a b='",
        "<a b=\"<a c='",
        "<a x=\"<a x=\" x=",
        "<!--",
        "<!-- --",
        "<?",
        "<!X",
        "<![CDATA[",
        "<x:",
        "$a ",
        "$5 ",
        "$a",
        "$5[",
        "$$a",
        "\\$$",
        "$$\\",
        "](",
        "[](a \"",
        "[](<",
        "[](a(",
        "[a](b ",
        "[[a",
        "[[[a]",
        "[[ `",
        "[[ <a b='",
        "[[a] [[b",
        "![",
        "!\\[[",
        "\\",
        "https://",
        "https://a(",
        "h",
        "@",
        "@{",
        "@{a{",
        "[ @",
        "[@; ",
        "[ a;",
        "[`@",
        "@_",
        "_@",
        "-@",
        "@a [",
        "@a [p",
        "doi:10.",
        "(doi:10.1/(",
        "doi:10.1000/x\\",
        "https://doi.org/10.1/{",
        "arxiv:",
        "arXiv:a-",
        "arxiv.org/a(",
        "https://arxiv.org/",
        "<arXiv:",
    ];
    for piece in pieces {
        let found = inline::scan(&repeated(piece, MEGABYTE / 8), 0);
        let wiki_links = found.citations.iter().filter(|citation| citation.kind.is_wiki_link());
        assert_eq!(wiki_links.count(), 0, "in many {piece:?}");
        let line = repeated(piece, MEGABYTE / 16);
        let is_formula = piece.starts_with("$$");
        assert!(is_formula || !inline::is_hidden(&format!("{line} x"), line.len() + 1), "in many {piece:?}");
        let open = completion_context(&line, line.len());
        assert!(open.is_none_or(|open| open.query.len() < 8), "in many {piece:?}");
    }
    let prices = format!("{}[[Orca]] x$", repeated("$5 ", MEGABYTE / 4));
    assert_eq!(inline::scan(&prices, 0).citations.len(), 1);
    let codes = (1..1400).map(|length| "`".repeat(length) + " ").collect::<String>() + "[[Orca]]";
    assert_eq!(inline::scan(&codes, 0).citations.len(), 1);
}

#[test]
fn long_paragraphs_end() {
    for line in ["> [[Orca]] `a\n", "[[Orca]] $$\n", "- [[Orca]]\n", "| [[Orca]] |\n", "# [[Orca]]\n"] {
        let note = repeated(line, MEGABYTE / 8);
        let lines = note.lines().count();
        let found = parse(&note).citations.len();
        assert!(found >= lines / 2 && found <= lines, "{found} in {lines} of {line:?}");
    }
}

#[test]
fn many_edits_of_one_long_line_end() {
    let mut document = Document::new(&repeated("[[Orca ", MEGABYTE / 16), 1);
    let mut tree = NoteTree::parse(&document.text());
    for character in (0..40_000).step_by(2000) {
        let at = Position::new(0, character);
        let range = Some(PositionRange { start: at, end: at });
        tree.edit(&document.apply(&Change { range, text: "]]\n".to_owned() }, Encoding::Utf16));
        tree = tree.reparse(&document.text());
    }
    let text = document.text();
    assert_eq!(tree.read(&text), parse(&text));
}
