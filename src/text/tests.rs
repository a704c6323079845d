#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

fn change(start: (u32, u32), end: (u32, u32), text: &str) -> Change {
    let range = PositionRange { start: Position::new(start.0, start.1), end: Position::new(end.0, end.1) };
    Change { range: Some(range), text: text.to_owned() }
}

/// A plain model of the same rules: every line's start and its end before the terminator.
fn model_lines(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let width = match (bytes[at], bytes.get(at + 1)) {
            (b'\r', Some(b'\n')) => 2,
            (b'\r' | b'\n', _) => 1,
            _ => 0,
        };
        if width > 0 {
            lines.push(start..at);
            start = at + width;
        }
        at += width.max(1);
    }
    lines.push(start..text.len());
    lines
}

fn model_offset(text: &str, position: Position, encoding: Encoding) -> usize {
    match model_lines(text).get(position.line as usize) {
        Some(line) => line.start + byte_column(&text[line.clone()], position.character, encoding),
        None => text.len(),
    }
}

#[test]
fn positions_count_in_the_negotiated_encoding() {
    let document = Document::new("a\u{1F40B}é\nOrca", 1);
    let cases = [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)];
    for (encoding, character) in cases {
        assert_eq!(document.position(7, encoding), Position::new(0, character), "{encoding:?}");
        assert_eq!(document.offset(Position::new(0, character), encoding), 7, "{encoding:?}");
        assert_eq!(document.offset(Position::new(1, 2), encoding), 10, "{encoding:?}");
    }
}

#[test]
fn positions_outside_the_text_are_clamped() {
    let document = Document::new("ab\r\n\u{1F40B}c\rlast", 1);
    let offset = |line, character| document.offset(Position::new(line, character), Encoding::Utf16);
    assert_eq!(offset(0, 3), 2, "past the end of a line is before its terminator");
    assert_eq!(offset(0, u32::MAX), 2);
    assert_eq!(offset(1, 1), 4, "inside a surrogate pair is the start of the character");
    assert_eq!(offset(1, 2), 8);
    assert_eq!(offset(2, 99), 14);
    assert_eq!(offset(3, 0), 14, "past the last line is the end of the text");
    assert_eq!(offset(u32::MAX, u32::MAX), 14);
    assert_eq!(document.offset(Position::new(1, 3), Encoding::Utf8), 4, "inside a UTF-8 sequence is its start");
    assert_eq!(
        document.position(3, Encoding::Utf16),
        Position::new(0, 2),
        "inside a terminator is the end of the line"
    );
    assert_eq!(document.position(usize::MAX, Encoding::Utf16), Position::new(2, 4));
}

#[test]
fn only_the_three_terminators_of_editors_end_a_line() {
    let document = Document::new("a\u{2028}b\u{85}c\u{b}d\ne\rf\r\ng", 1);
    assert_eq!(document.line_count(), 4);
    let lines: Vec<_> = (0..5).map(|line| document.line_text(line).into_owned()).collect();
    assert_eq!(lines, ["a\u{2028}b\u{85}c\u{b}d", "e", "f", "g", ""]);
    assert_eq!(document.line_range(2), 13..14);
    assert_eq!(document.line_range(9), 17..17);
}

#[test]
fn an_empty_text_has_one_empty_line() {
    let document = Document::new("", 7);
    assert_eq!((document.line_count(), document.byte_len(), document.version()), (1, 0, 7));
    assert_eq!(document.position(0, Encoding::Utf16), Position::default());
    assert_eq!(document.offset(Position::new(4, 4), Encoding::Utf16), 0);
}

#[test]
fn a_change_says_what_it_did_in_bytes_and_points() {
    let mut document = Document::new("é [[Or]]\nnext", 1);
    let edit = document.apply(&change((0, 6), (0, 6), "ca\nx"), Encoding::Utf16);
    assert_eq!(document.text(), "é [[Orca\nx]]\nnext");
    assert_eq!((edit.start, edit.old_end, edit.new_end), (7, 7, 11));
    assert_eq!(edit.start_point, Point { row: 0, column: 7 });
    assert_eq!(edit.old_end_point, Point { row: 0, column: 7 });
    assert_eq!(edit.new_end_point, Point { row: 1, column: 1 });
}

#[test]
fn a_range_that_ends_before_it_starts_is_swapped() {
    let mut document = Document::new("one two three", 1);
    let edit = document.apply(&change((0, 8), (0, 4), ""), Encoding::Utf16);
    assert_eq!(document.text(), "one three");
    assert_eq!((edit.start, edit.old_end, edit.new_end), (4, 8, 4));
}

#[test]
fn a_change_without_a_range_replaces_everything() {
    let mut document = Document::new("old\ntext", 1);
    let edit = document.apply(&Change { range: None, text: "new".to_owned() }, Encoding::Utf16);
    assert_eq!(document.text(), "new");
    assert_eq!((edit.start, edit.old_end, edit.new_end), (0, 8, 3));
    assert_eq!(edit.old_end_point, Point { row: 1, column: 4 });
}

#[test]
fn a_clone_keeps_its_own_text() {
    let mut document = Document::new("before", 1);
    let snapshot = document.clone();
    document.apply(&change((0, 0), (0, 6), "after"), Encoding::Utf8);
    document.set_version(2);
    assert_eq!((snapshot.text().as_str(), snapshot.version()), ("before", 1));
    assert_eq!((document.text().as_str(), document.version()), ("after", 2));
}

#[test]
fn slices_never_cut_a_character() {
    let document = Document::new("aé", 1);
    assert_eq!(document.slice(0..3).as_deref(), Some("aé"));
    assert_eq!(document.slice(0..2), None);
    assert_eq!(document.slice(2..99), None);
}

#[test]
fn columns_of_one_line_are_clamped_too() {
    let line = "a\u{1F40B}b";
    assert_eq!(byte_column(line, 2, Encoding::Utf16), 1);
    assert_eq!(byte_column(line, 3, Encoding::Utf16), 5);
    assert_eq!(byte_column(line, 99, Encoding::Utf16), 6);
    assert_eq!(character(line, 3, Encoding::Utf16), 1);
    assert_eq!(character(line, 5, Encoding::Utf16), 3);
    assert_eq!(character(line, 99, Encoding::Utf16), 4);
    assert_eq!(utf16_len(line), 4);
}

/// Text that is dense in terminators and in characters of every width.
fn tricky_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\r\n".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\u{1F40B}".to_owned()),
        Just("é".to_owned()),
        "[a-c \\[\\]]{1,3}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn wild_number() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0..12_u32, 1 => any::<u32>()]
}

fn wild_position() -> impl Strategy<Value = Position> {
    (wild_number(), wild_number()).prop_map(|(line, character)| Position { line, character })
}

proptest! {
    #[test]
    fn offsets_survive_the_round_trip(text in tricky_text()) {
        let document = Document::new(&text, 1);
        let inside_pair = |at: usize| at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n');
        for encoding in ENCODINGS {
            for offset in (0..=text.len()).filter(|&at| text.is_char_boundary(at) && !inside_pair(at)) {
                let position = document.position(offset, encoding);
                prop_assert_eq!(document.offset(position, encoding), offset);
            }
        }
    }

    #[test]
    fn any_position_means_what_the_plain_model_says(text in tricky_text(), position in wild_position()) {
        let document = Document::new(&text, 1);
        for encoding in ENCODINGS {
            let offset = document.offset(position, encoding);
            prop_assert_eq!(offset, model_offset(&text, position, encoding));
            prop_assert_eq!(document.offset(document.position(offset, encoding), encoding), offset);
        }
        let lines = model_lines(&text);
        prop_assert_eq!(document.line_count(), lines.len());
        for (number, line) in lines.into_iter().enumerate() {
            prop_assert_eq!(document.line_text(number), &text[line.clone()]);
            prop_assert_eq!(document.line_range(number), line);
        }
    }

    #[test]
    fn edits_do_what_they_do_to_a_plain_string(
        text in tricky_text(),
        edits in prop::collection::vec((wild_position(), wild_position(), tricky_text(), 0..3_usize), 1..12),
    ) {
        let (mut model, mut document) = (text.clone(), Document::new(&text, 1));
        for (start, end, new_text, encoding) in edits {
            let encoding = ENCODINGS[encoding];
            let (from, to) = (model_offset(&model, start, encoding), model_offset(&model, end, encoding));
            let expected = from.min(to)..from.max(to);
            let change = Change { range: Some(PositionRange { start, end }), text: new_text.clone() };
            let edit = document.apply(&change, encoding);
            model.replace_range(expected.clone(), &new_text);
            prop_assert_eq!(document.text(), model.as_str());
            prop_assert_eq!(edit.start..edit.old_end, expected);
            prop_assert_eq!(edit.new_end, edit.start + new_text.len());
        }
    }
}
