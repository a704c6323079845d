//! Properties over generated notes: edits, an independent Markdown parser, and hostile texts.

use std::ops::Range;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::super::*;
use crate::text::{Change, Document, Encoding, PositionRange};

/// What opens, closes or continues something, so that generated notes are dense in structure.
const PIECES: [&str; 56] = [
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "    ",
    "\t",
    "> ",
    "- ",
    "* ",
    "1. ",
    "# ",
    "```\n",
    "~~~\n",
    "`",
    "``",
    "[[",
    "]]",
    "[",
    "]",
    "![[",
    "\\",
    "|",
    "\\|",
    "|---|\n",
    "---\n",
    "+++\n",
    "===\n",
    "<!--",
    "-->",
    "<div>\n",
    "</div>",
    "<b>",
    "<a b='",
    "<?",
    "?>",
    "$",
    "$$",
    "](",
    ")",
    "\"",
    "'",
    "https://x.y/",
    "[^1]: ",
    "[r]: ",
    "word",
    "Orca",
    "#",
    "é",
    "\u{1F40B}",
    "!",
    "[[Orca]]",
    "[[Orca|l]]",
    "| a |\n|---|\n",
    "\0",
];

fn note() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

/// An edit as fractions of the text's length and what comes there.
fn edit() -> impl Strategy<Value = (f64, f64, String)> {
    let text = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..3).prop_map(|pieces| pieces.concat());
    (0.0..1.0, prop_oneof![3 => Just(0.0), 2 => 0.0..0.2, 1 => 0.0..1.0], text)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small sizes")]
fn edited(document: &mut Document, (at, length, text): &(f64, f64, String)) -> crate::text::Edit {
    let size = document.byte_len() as f64;
    let start = (at * (size + 1.0)) as usize;
    let end = start + (length * size) as usize;
    let range =
        PositionRange { start: document.position(start, Encoding::Utf8), end: document.position(end, Encoding::Utf8) };
    document.apply(&Change { range: Some(range), text: text.clone() }, Encoding::Utf8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn an_incremental_parse_finds_what_a_full_parse_finds(
        start in note(),
        bursts in prop::collection::vec(prop::collection::vec(edit(), 1..4), 1..8),
    ) {
        let mut document = Document::new(&start, 1);
        let mut tree = NoteTree::parse(&start);
        for burst in bursts {
            for edit in &burst {
                tree.edit(&edited(&mut document, edit));
                let _ = tree.is_prose_at(document.byte_len() / 2);
            }
            let text = document.text();
            tree = tree.reparse(&text);
            prop_assert_eq!(tree.read(&text), parse(&text), "in {:?}", text);
        }
    }

    #[test]
    fn what_is_found_is_well_formed(text in note()) {
        let note = parse(&text);
        let mut end = 0;
        for citation in &note.citations {
            super::check_ranges(&text, citation);
            prop_assert!(citation.range.start >= end, "citations are in order and apart");
            end = citation.range.end;
            prop_assert!(!citation.target.is_empty() && !citation.inner.contains(['\n', '\r']));
            prop_assert_eq!(citation.readings().last().map(|reading| reading.range), Some(citation.target_range.clone()));
        }
        for heading in &note.headings {
            prop_assert_eq!(&text[heading.range.clone()], heading.text.as_str());
        }
    }

    #[test]
    fn a_stale_tree_and_any_offset_are_survived(text in note(), other in note(), offset in 0..400_usize) {
        let tree = NoteTree::parse(&text);
        let note = tree.read(&other);
        prop_assert!(note.citations.iter().all(|citation| other.get(citation.range.clone()).is_some()));
        prop_assert!(!tree.is_prose_at(offset) || offset < 400);
    }

    #[test]
    fn the_cursor_agrees_with_the_parser(line in "[\\[\\]!|#\\\\`$<>a-c é\u{1F40B}]{0,24}") {
        let line = format!("x {line}");
        for citation in parse(&line).citations {
            let cursor = citation.target_range.end;
            let open = completion_context(&line, cursor);
            prop_assert!(open.is_some(), "nothing open at {} of {:?}", cursor, line);
            let is_closed = matches!(open.unwrap().closing, Closing::Closed { .. });
            prop_assert!(is_closed);
        }
    }
}

/// The stretches of `text` that the other parser takes for text, code and HTML left out.
fn prose(text: &str) -> Vec<Range<usize>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut hidden = 0;
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => hidden += 1,
            Event::End(end) if is_hidden_end(end) => hidden -= 1,
            Event::Text(_) if hidden == 0 => found.push(range),
            _ => {}
        }
    }
    found
}

fn is_hidden_end(end: pulldown_cmark::TagEnd) -> bool {
    use pulldown_cmark::TagEnd;
    matches!(end, TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_))
}

/// The citations `[[w]]` of `text` whose brackets the other parser sees as text.
fn expected(text: &str) -> Vec<usize> {
    let prose = prose(text);
    let is_text = |at: usize| prose.iter().any(|range| range.contains(&at));
    text.match_indices("[[w]]").map(|(at, _)| at).filter(|&at| is_text(at) && is_text(at + 1)).collect()
}

fn found(text: &str) -> Vec<usize> {
    parse(text).citations.iter().map(|citation| citation.range.start).collect()
}

fn oracle_note(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop_oneof![2 => prop::sample::select(pieces), 1 => Just("[[w]]")], 0..24)
        .prop_map(|pieces| pieces.concat())
}

const INLINE: [&str; 26] = [
    " ", "a", "b ", "\n", "`", "``", "` ", "<b>", "</b>", "<b c='", "'>", "<b c=\"", "\">", "<!--", "-->", "<?", "?>",
    "<!X ", ">", "<x:", "\\`", "\\<", "](", "(", ")", "é",
];

const BLOCKS: [&str; 20] = [
    "a",
    " ",
    "\n",
    "\n",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n1. ",
    "\n  ",
    "\n    ",
    "\n# ",
    "\n```\n",
    "\n~~~\n",
    "\n<div>\n",
    "\n<!--",
    "-->",
    "\n***\n",
    "\n| a |\n|---|\n",
    "`",
    "\n\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn inline_code_and_html_are_those_of_another_parser(text in oracle_note(&INLINE)) {
        let text = format!("x{text}");
        prop_assert_eq!(found(&text), expected(&text), "in {:?}", text);
    }

    #[test]
    fn blocks_are_those_of_another_parser(text in oracle_note(&BLOCKS)) {
        prop_assert_eq!(found(&text), expected(&text), "in {:?}", text);
    }
}
