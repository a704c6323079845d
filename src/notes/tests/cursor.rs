//! Completion contexts: `‸` marks the cursor.

use super::super::*;
use crate::text::{Change, Document, Encoding, Position, PositionRange};

fn context(marked: &str) -> Option<(String, Part, Closing, bool)> {
    let cursor = marked.find('‸').unwrap();
    let line = marked.replace('‸', "");
    completion_context(&line, cursor).map(|open| {
        assert_eq!(&line[open.query_range.clone()], open.query);
        assert_eq!(open.query_range.end, cursor);
        let closing = match open.closing {
            Closing::Closed { rest } => {
                assert_eq!(rest.start, cursor);
                assert!(line[rest.end..].starts_with("]]"));
                Closing::Closed { rest: 0..rest.len() }
            }
            other => other,
        };
        (open.query.to_owned(), open.part, closing, open.embed)
    })
}

#[track_caller]
fn open(marked: &str, query: &str, closing: &Closing) {
    let (found, part, found_closing, _) = context(marked).unwrap_or_else(|| panic!("nothing is open in {marked}"));
    assert_eq!((found.as_str(), part, &found_closing), (query, Part::Name, closing), "in {marked}");
}

fn closed(rest: usize) -> Closing {
    Closing::Closed { rest: 0..rest }
}

#[track_caller]
fn none(marked: &str) {
    assert_eq!(context(marked), None, "in {marked}");
}

#[test]
fn the_query_is_what_stands_between_the_brackets_and_the_cursor() {
    open("[[‸", "", &Closing::Open);
    open("See [[prog learn‸", "prog learn", &Closing::Open);
    open("\u{1F40B} é [[Ør‸", "Ør", &Closing::Open);
    open("- > 1. [[Or‸", "Or", &Closing::Open);
    open("| a | [[Or‸ | b |", "Or", &Closing::Open);
    open("[[Orca]] [[Ph‸", "Ph", &Closing::Open);
    open("[[Orc [[Ph‸", "Ph", &Closing::Open);
    open("[[https://doi.org/10‸", "https://doi.org/10", &Closing::Open);
    open("[[[‸", "", &Closing::Open);
    open("[[[Re] Or‸", "[Re] Or", &Closing::Open);
    open("[[f[x‸", "f[x", &Closing::Open);
}

#[test]
fn what_follows_the_cursor_is_reported() {
    open("[[‸]]", "", &closed(0));
    open("[[Or‸]] and more", "Or", &closed(0));
    open("[[Or‸]", "Or", &Closing::Half);
    open("[[Or‸] ]", "Or", &Closing::Half);
    open("[[Or‸ca]]", "Or", &closed(2));
    open("[[‸Orca|a]]", "", &closed(6));
    open("[[Or‸ and [[Phi]]", "Or", &Closing::Open);
    open("[[Or‸ and a[i]", "Or", &Closing::Open);
    open("[[Or‸ and more", "Or", &Closing::Open);
    open("[[‸[[Phi]]", "", &Closing::Open);
    open("[[f[x‸]]]", "f[x", &closed(1));
    open("([[Or‸)", "Or", &Closing::Open);
}

#[test]
fn sections_and_labels_are_told_from_names() {
    let (query, part, closing, _) = context("[[Orca#ab‸]]").unwrap();
    assert_eq!((query.as_str(), part, closing), ("Orca#ab", Part::Section { target_len: 4 }, closed(0)));
    assert_eq!(context("[[C# in‸").unwrap().1, Part::Section { target_len: 1 });
    assert_eq!(context("[[Orca|the ‸]]").unwrap().1, Part::Label);
    assert_eq!(context("| [[Orca\\|t‸").unwrap().1, Part::Label);
    assert_eq!(context("[[Or‸ca#abstract|x]]").unwrap().1, Part::Name);
}

#[test]
fn embeds_are_reported() {
    assert!(context("![[Or‸").unwrap().3);
    assert!(!context("\\![[Or‸").unwrap().3);
    assert!(!context("! [[Or‸").unwrap().3);
}

#[test]
fn nothing_is_open_elsewhere() {
    none("‸[[Orca]]");
    none("[‸[Orca]]");
    none("[[Orca]‸]");
    none("[[Orca]]‸");
    none("[[Orca]] ‸");
    none("[Or‸");
    none("[[a] b‸");
    none("\\[[Or‸");
    none("[\\[Or‸");
    none("‸");
}

#[test]
fn nothing_is_open_in_what_hides_text() {
    none("`a [[Or‸`");
    none("``a ` [[Or‸ ``");
    none("`[[Or‸");
    none("bash: `[[ -f x‸");
    none("$x [[Or‸]]$");
    none("$$ [[Or‸]]");
    none("a $$ [[Or‸]] $$");
    none("a <!-- [[Or‸ -->");
    none("a <!-- [[Or‸");
    none("<a href=\"[[Or‸\">");
    none("[t](u[[Or‸)");
    none("https://example.org/[[Or‸");
}

#[test]
fn stray_signs_hide_nothing() {
    open("``TeX quotes'' [[Or‸", "Or", &Closing::Open);
    open("a ` b [[Or‸", "Or", &Closing::Open);
    open("`code` and [[Or‸", "Or", &Closing::Open);
    open("\\`[[Or‸", "Or", &Closing::Open);
    open("costs $5 and [[Or‸]] costs $6", "Or", &closed(0));
    open("a < b and [[Or‸ > c", "Or", &Closing::Open);
    open("[[the `code‸` paper]]", "the `code", &closed(7));
}

/// The query of an open key, with its kind and how much of the key follows the cursor; `None` where it has to be closed.
fn key(marked: &str) -> Option<(String, OpenKind, Option<usize>)> {
    let cursor = marked.find('‸').unwrap();
    let line = marked.replace('‸', "");
    completion_context(&line, cursor).map(|open| {
        assert_eq!(
            (&line[open.query_range.clone()], open.query_range.end, open.part),
            (open.query, cursor, Part::Name)
        );
        let rest = if let Closing::Closed { rest } = open.closing { Some(rest.len()) } else { None };
        (open.query.to_owned(), open.kind, rest)
    })
}

#[test]
fn keys_are_open_while_words_follow() {
    let (text, cluster) = (OpenKind::Key { in_cluster: false }, OpenKind::Key { in_cluster: true });
    let braced = |in_cluster| OpenKind::BracedKey { in_cluster };
    let cases = [
        ("@‸", "", text, Some(0)),
        ("as @sm‸", "sm", text, Some(0)),
        ("as @sm‸ith20 says", "sm", text, Some(5)),
        ("as @‸smith.", "", text, Some(5)),
        ("as @smith‸.", "smith", text, Some(0)),
        ("as @smith.‸", "smith.", text, Some(0)),
        ("@DBLP:conf/x‸", "DBLP:conf/x", text, Some(0)),
        ("é \u{1F40B}-@Ør‸", "Ør", text, Some(0)),
        ("[@‸", "", cluster, Some(0)),
        ("[see @a, p. 3; -@b‸]", "b", cluster, Some(0)),
        ("[x](y) @b‸", "b", text, Some(0)),
        ("[@a] @b‸", "b", text, Some(0)),
        ("| @a‸ | b |", "a", text, Some(0)),
        ("@a ‸", "a ", text, Some(0)),
        ("as @smith learn sm‸all", "smith learn sm", text, Some(0)),
        ("[see @smith o'neil-x‸]", "smith o'neil-x", cluster, Some(0)),
        ("@{‸", "", braced(false), None),
        ("@{odd k‸", "odd k", braced(false), None),
        ("[@{odd k‸ey}]", "odd k", braced(true), Some(2)),
        ("@{odd‸}", "odd", braced(false), Some(0)),
    ];
    for (marked, query, kind, rest) in cases {
        assert_eq!(key(marked), Some((query.to_owned(), kind, rest)), "in {marked}");
    }
    assert_eq!(key("[[@a‸").unwrap().1, OpenKind::WikiLink);
    assert_eq!(key("[[Orca]] @a [[Ph‸").unwrap().1, OpenKind::WikiLink);
}

#[test]
fn no_key_is_open_elsewhere() {
    none("‸@a");
    none("@a  ‸");
    none("@a b. c‸");
    none("[@a b, p. 3‸");
    none("@one two three four five six seven‸");
    none("@ two‸");
    none("@a, ‸");
    none("@foo--‸");
    none("@foo--bar‸");
    none("me@‸");
    none("me@exa‸mple.org");
    none("@@‸");
    none("\\@a‸");
    none("`@a‸");
    none("`@a‸`");
    none("$$ @a‸");
    none("https://x.y/@a‸");
    none("[t](@a‸)");
    none("@{a}‸");
    none("@-‸");
}

#[test]
fn any_cursor_is_taken() {
    let line = "é[[\u{1F40B}";
    let cursors: Vec<_> = (0..12).map(|cursor| completion_context(line, cursor).map(|open| open.query)).collect();
    assert_eq!(cursors[..4], [None, None, None, None]);
    assert_eq!(cursors[4..8], [Some(""); 4]);
    assert_eq!(cursors[8..], [Some("\u{1F40B}"); 4]);
}

#[track_caller]
fn is_prose(marked: &str) -> bool {
    let text = marked.replace('‸', "");
    NoteTree::parse(&text).is_prose_at(marked.find('‸').unwrap())
}

#[test]
fn code_html_and_front_matter_are_no_prose() {
    assert!(is_prose("[[Or‸"));
    assert!(is_prose("- a\n  - [[Or‸"));
    assert!(is_prose("text\n    [[Or‸"));
    assert!(is_prose("```\ncode\n```\n[[Or‸\n"));
    assert!(is_prose("---\na: b\n---\n[[Or‸"));
    assert!(!is_prose("```\n[[Or‸"));
    assert!(!is_prose("```\n[[Or‸\n```\n"));
    assert!(!is_prose("text\n\n    [[Or‸"));
    assert!(!is_prose("text\n\n    [[Or‸\n\ntext"));
    assert!(!is_prose("<div>\n[[Or‸\n</div>"));
    assert!(!is_prose("<!-- [[Or‸"));
    assert!(!is_prose("---\na: [[Or‸\n---\n"));
    assert!(!is_prose("> ~~~\n> [[Or‸"));
}

#[test]
fn prose_is_told_from_the_tree_before_the_next_parse() {
    let mut document = Document::new("text\n\n```\ncode\n```\n\nmore\n", 1);
    let mut tree = NoteTree::parse(&document.text());
    let mut typed = |line: u32, character: u32, text: &str| {
        let at = Position::new(line, character);
        let change = Change { range: Some(PositionRange { start: at, end: at }), text: text.to_owned() };
        let edit = document.apply(&change, Encoding::Utf16);
        tree.edit(&edit);
        tree.is_prose_at(edit.new_end)
    };
    assert!(typed(0, 4, " [[Or"));
    assert!(!typed(3, 4, " [[Or"));
    assert!(typed(6, 4, " [[Or"));
    assert!(typed(0, 0, "new [["));
    assert!(!typed(3, 0, "[["));
}

/// Whether `text` may be typed at the cursor, as an open note tells before it is parsed again.
#[track_caller]
fn may_be_typed(marked: &str, text: &str) -> bool {
    let at = marked.find('‸').unwrap();
    let mut document = Document::new(&marked.replace('‸', ""), 1);
    let note = OpenNote::new(document.clone());
    note.parsed();
    let at = document.position(at, Encoding::Utf16);
    let change = Change { range: Some(PositionRange { start: at, end: at }), text: text.to_owned() };
    let edit = document.apply(&change, Encoding::Utf16);
    let edited = note.edited(document.clone(), &[edit]);
    assert!(!edited.is_parsed());
    let before = edited.is_prose_at(edit.new_end);
    edited.parsed();
    assert_eq!(edited.is_prose_at(edit.new_end), before, "in {marked:?}");
    before
}

#[test]
fn what_began_lines_ago_hides_text_before_the_next_parse() {
    for hidden in [
        "$$\nx ‸\n$$\n",
        "text `a\nb ‸\nc` d\n",
        "> text `a\n> b ‸\n> c` d\n",
        "a <!-- b\nx ‸\n-->",
        "a <b c='\nx ‸\n'>",
        "$$\n\na ‸\n\nb\n$$\n",
        "$$\nnever closed ‸\n",
        "text $$ a\n‸ $$\n",
    ] {
        assert!(!may_be_typed(hidden, "[[Or"), "in {hidden:?}");
        assert!(!may_be_typed(hidden, "@x"), "in {hidden:?}");
    }
    for prose in [
        "$$\nx\n$$\n\n‸\n",
        "text `a\nb` ‸\n",
        "text ` a\nb ‸\n",
        "> text `a\n> b` ‸\n",
        "a <!-- b\n--> ‸",
        "$$\n\na\n\nb\n$$\n\n‸\n",
        "`a\n\n‸`",
        "\u{1F40B} é\n‸",
        "$$$ is much\n‸",
    ] {
        assert!(may_be_typed(prose, "[[Or"), "in {prose:?}");
        assert!(may_be_typed(prose, "@x"), "in {prose:?}");
    }
}

#[test]
fn tables_are_reported() {
    let note = "text\n\n| a |\n|---|\n| [[Or |\n\nmore";
    let tree = NoteTree::parse(note);
    assert!(tree.is_in_table_at(note.find("Or").unwrap()));
    assert!(!tree.is_in_table_at(3));
    assert!(!tree.is_in_table_at(note.len()));
}
