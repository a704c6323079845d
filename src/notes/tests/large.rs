//! Long notes, in pieces.

use super::super::*;
use crate::notes::large::{Sizes, cut, read_in_pieces};
use crate::text::{Change, Document, Encoding, Position, PositionRange};

/// The pieces of a text that are cut wherever they can be, and so large at most.
fn pieces(text: &str, most: usize) -> Vec<(&str, bool)> {
    let pieces = cut(text, Sizes { wanted: 1, most });
    assert_eq!(pieces.first().map(|piece| piece.range.start), Some(0));
    assert!(pieces.windows(2).all(|two| two[0].range.end == two[1].range.start), "{pieces:?}");
    assert_eq!(pieces.last().map(|piece| piece.range.end), Some(text.len()));
    pieces.into_iter().map(|piece| (&text[piece.range], piece.is_hidden)).collect()
}

#[test]
fn notes_are_cut_before_what_nothing_above_reaches_into() {
    for (text, expected) in [
        ("a\n\nb\n\n# c\n", &["a\n\n", "b\n\n", "# c\n"][..]),
        ("a\r\rb\r\n\r\nc", &["a\r\r", "b\r\n\r\n", "c"]),
        ("a\nb\n\n- c\n\n  d\n\ne\n", &["a\nb\n\n- c\n\n  d\n\n", "e\n"]),
        ("---\na: b\n\nc: d\n---\n\ne\n", &["---\na: b\n\nc: d\n---\n\n", "e\n"]),
        ("```\na\n\nb\n~~~\n```\n\nc\n", &["```\na\n\nb\n~~~\n```\n\n", "c\n"]),
        ("~~~~ x\n\na\n~~~\n\nb\n~~~~~\n\nc", &["~~~~ x\n\na\n~~~\n\nb\n~~~~~\n\n", "c"]),
        ("<!-- a\n\nb -->\n\nc", &["<!-- a\n\nb -->\n\n", "c"]),
        ("<!-- a -->\n\nb", &["<!-- a -->\n\n", "b"]),
        ("<PRE>\n\na\n</pre>\n\nb", &["<PRE>\n\na\n</pre>\n\n", "b"]),
        ("<div>\n\na", &["<div>\n\n", "a"]),
        ("> $$\n\na\n$$\n\nb", &["> $$\n\na\n$$\n\n", "b"]),
        ("$$x$$\n\nb", &["$$x$$\n\n", "b"]),
        ("a\n\n    b\n\n: c\n\n1. d\n\n---\n\ne", &["a\n\n    b\n\n: c\n\n1. d\n\n---\n\n", "e"]),
        ("", &[""]),
    ] {
        let found: Vec<&str> = pieces(text, usize::MAX).into_iter().map(|(piece, _)| piece).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn what_is_too_long_for_a_piece_is_cut_at_lines_and_blanks_and_stays_code_where_it_is_code() {
    for (text, most, expected) in [
        ("aa\nbb\ncc\n", 6, &[("aa\nbb\n", false), ("cc\n", false)][..]),
        ("[[a b]] [[c d]] ee", 12, &[("[[a b]] ", false), ("[[c d]] ee", false)]),
        ("aaaa bbbb", 6, &[("aaaa ", false), ("bbbb", false)]),
        ("éééé", 3, &[("é", false), ("é", false), ("é", false), ("é", false)]),
        ("\u{1F40B}a", 2, &[("\u{1F40B}", false), ("a", false)]),
        ("```\n1\n2\n3\n```\na\n", 6, &[("```\n1\n", false), ("2\n3\n", true), ("```\n", true), ("a\n", false)]),
        ("<!--\n1\n-->\na\n", 5, &[("<!--\n", false), ("1\n", true), ("-->\n", true), ("a\n", false)]),
        ("$$\n1\n2\na\n\nb\n", 6, &[("$$\n1\n", false), ("2\na\n\n", false), ("b\n", false)]),
        ("a\n---\nb\n", 4, &[("a\n---\n", false), ("b\n", false)]),
    ] {
        assert_eq!(pieces(text, most), expected, "{text:?}");
    }
    let code = format!("```\n{}```\n[[b]]\n", "[[a]]\n".repeat(100));
    let note = read_in_pieces(&code, Sizes { wanted: 10, most: 50 }, usize::MAX);
    assert_eq!(note.citations.iter().map(|citation| citation.name()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn of_too_many_citations_the_first_are_read() {
    let text = "[[a]]\n\n".repeat(30);
    let note = read_in_pieces(&text, Sizes { wanted: 1, most: 100 }, 10);
    assert_eq!((note.citations.len(), note.read_to), (10, Some(70)));
    assert_eq!(read_in_pieces(&text, Sizes { wanted: 1, most: 100 }, 30).read_to, None);
}

#[test]
fn formulas_of_a_long_note_end_where_they_do_in_a_short_one() {
    let formulas = [
        "We have\n\n$$\na\n$$ where $$\nb\n$$.\n",
        "Let it be $$\na\n$$ and that $$\nb\n$$ where $c$ holds\n",
        "$$ a $$ and $$\nb\n$$\n",
        "$$\na\n\nb = c\n$$\n",
        "> $$\n> a\n> $$\n",
        "- item $$\n  a\n  $$ and $$ b $$\n",
        "costs $$ of all\n",
        "costs $$\n",
        "$$ a $$ $$\n",
    ];
    for formula in formulas {
        let text = format!("First @zz0 says.\n\n{formula}\nThen @zz1 says.\n\n$$\nx\n$$\n\nLast @zz2 says.\n");
        let names = |note: &ParsedNote| note.citations.iter().map(|it| it.target.clone()).collect::<Vec<_>>();
        let expected = ["zz0", "zz1", "zz2"];
        assert_eq!(names(&read(&text)), expected, "{text}");
        let in_pieces = read_in_pieces(&text, Sizes { wanted: 1, most: usize::MAX }, usize::MAX);
        assert_eq!(names(&in_pieces), expected, "in pieces: {text}");
    }
}

fn insert(document: &mut Document, offset: usize, text: &str) -> crate::text::Edit {
    let at = document.position(offset, Encoding::Utf8);
    document.apply(&Change { range: Some(PositionRange { start: at, end: at }), text: text.into() }, Encoding::Utf8)
}

/// A long note of short paragraphs, each with a citation of its number.
fn long_text(paragraphs: usize) -> String {
    (0..paragraphs).map(|number| format!("Of a paper, [[p{number}]] say.\n\n")).collect()
}

#[test]
fn a_place_in_a_long_note_is_answered_without_the_rest() {
    let text = long_text(20_000);
    let note = OpenNote::new(Document::new(&text, 1));
    let at = |text: &str, name: &str| text.find(name).unwrap() + 3;
    let name_at = |note: &OpenNote, offset: usize| note.citation_at(offset).map(|citation| citation.name().to_owned());
    assert_eq!(name_at(&note, at(&text, "[[p12345]]")).as_deref(), Some("p12345"));
    assert_eq!(name_at(&note, at(&text, "Of a")), None);
    assert!(!note.is_parsed());
    // The version after an edit, whatever was known of the one before.
    let mut document = note.document().clone();
    let edit = insert(&mut document, at(&text, "[[p5]]"), "x");
    let text = document.text();
    let note = note.edited(document, &[edit]);
    assert_eq!(name_at(&note, at(&text, "[[px5]]")).as_deref(), Some("px5"));
    assert_eq!(name_at(&note, at(&text, "[[p12345]]")).as_deref(), Some("p12345"));
    assert!(!note.is_parsed());
    let near = at(&text, "[[p777]]");
    let found = note.citations_in(&(near..near + 30));
    let names: Vec<&str> = found.iter().map(|citation| citation.name()).collect();
    assert_eq!(names, ["p777", "p778"]);
    let parsed = note.parsed();
    assert_eq!((parsed.citations.len(), parsed.read_to), (20_000, None));
    assert_eq!(note.citation_at(near).as_deref(), parsed.citation_at(near));
    // So much of it is asked for that all of it is read.
    assert_eq!(note.citations_in(&(0..text.len())).len(), 20_000);
    assert_eq!(
        note.citations_in(&(near..text.len())).first().map(|it| it.range.clone()),
        found.first().map(|it| it.range.clone())
    );
}

#[test]
fn a_note_becomes_long_and_short_again() {
    let mut document = Document::new("See [[Orca]].\n\n", 1);
    let short = OpenNote::new(document.clone());
    assert_eq!(short.parsed().citations.len(), 1);
    let end = document.byte_len();
    let edit = insert(&mut document, end, &long_text(6_000));
    let long = short.edited(document.clone(), &[edit]);
    assert_eq!(long.parsed().citations.len(), 6_001);
    let end = document.position(document.byte_len(), Encoding::Utf8);
    let range = Some(PositionRange { start: Position::new(2, 0), end });
    let edit = document.apply(&Change { range, text: String::new() }, Encoding::Utf8);
    assert_eq!(long.edited(document, &[edit]).parsed().citations.len(), 1);
}

#[test]
fn a_huge_note_is_read_around_the_cursor() {
    let text = "[[Orca]] and @key ".repeat(600_000);
    let note = OpenNote::new(Document::new(&text, 1));
    assert_eq!((note.parsed().citations.len(), note.parsed().read_to), (0, Some(0)));
    assert_eq!(note.parsed(), &read(&text));
    // Every place has its citation, at the borders of what is read together as well.
    let borders = (1..6).flat_map(|border| border * 16_384 - 20..border * 16_384 + 20);
    for offset in borders.chain(0..40).chain(5_000_000..5_000_040).chain(text.len() - 30..text.len()) {
        let expected = match offset % 18 {
            0..=8 => Some("Orca"),
            13..=17 => Some("key"),
            _ => None,
        };
        assert_eq!(note.citation_at(offset).as_deref().map(|citation| citation.name()), expected, "{offset}");
    }
    assert!(note.is_prose_at(5_000_000) && !note.is_in_table_at(5_000_000));
}

#[test]
fn what_is_prose_in_a_long_note_is_told_by_the_lines_above() {
    let filler = long_text(6_000);
    let start = "---\ntitle: x\nabstract: a\n---\n\n| t |\n|---|\n| u |\n\n";
    let text = format!(
        "{start}{filler}```\ncode\n```\n\n`in code` then prose\n\n`open\n\n$$\nmath\n$$\n\nafter\n\n$$ open\n\nend"
    );
    let note = OpenNote::new(Document::new(&text, 1));
    for (place, expected) in [
        ("title", false),
        ("Of a", true),
        ("ode\n```", false),
        ("n code`", false),
        ("then prose", true),
        ("math", false),
        ("after", true),
        ("end", true),
    ] {
        assert_eq!(note.is_prose_at(text.rfind(place).unwrap()), expected, "{place}");
    }
    assert!(note.is_in_table_at(text.find("u |").unwrap()) && !note.is_in_table_at(text.find("Of a").unwrap()));
    assert!(!note.is_parsed());
}
