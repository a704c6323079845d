#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

const LIST: &str = "- One\n- Two\n";

fn edited(note: &str, list: &str) -> String {
    match references_block_edit(note, list, None).unwrap() {
        Some(edit) => {
            let mut text = note.to_owned();
            text.replace_range(edit.range, &edit.text);
            text
        }
        None => note.to_owned(),
    }
}

/// Asserts the edited note, and that editing it again changes nothing.
fn check(note: &str, list: &str, expected: &str) {
    let once = edited(note, list);
    assert_eq!(once, expected);
    assert_eq!(references_block_edit(&once, list, None), Ok(None), "{once}");
}

#[test]
fn a_new_block_stands_at_the_end_under_a_heading() {
    let block = "<!-- ibid:references -->\n\n- One\n- Two\n\n<!-- /ibid:references -->\n";
    check("", LIST, &format!("## References\n\n{block}"));
    check("Text", LIST, &format!("Text\n\n## References\n\n{block}"));
    check("Text\n", LIST, &format!("Text\n\n## References\n\n{block}"));
    check("Text\n\n", LIST, &format!("Text\n\n## References\n\n{block}"));
    check("Text\n\n# References #\n", LIST, &format!("Text\n\n# References #\n\n{block}"));
    check("Text\r\n", LIST, &format!("Text\n\n## References\n\n{block}").replace('\n', "\r\n"));
}

#[test]
fn only_the_content_of_a_block_is_touched() {
    let note = "Before\n<!-- ibid:references style=ieee -->\nold\n  <!-- /ibid:references -->  \nAfter";
    check(
        note,
        LIST,
        "Before\n<!-- ibid:references style=ieee -->\n\n- One\n- Two\n\n  <!-- /ibid:references -->  \nAfter",
    );
    check(note, "", "Before\n<!-- ibid:references style=ieee -->\n\n  <!-- /ibid:references -->  \nAfter");
    let block = references_block(note).unwrap().unwrap();
    assert_eq!(&note[block.content], "old\n");
    assert_eq!(block.style.as_deref(), Some("ieee"));
    assert_eq!(block.range.start, 7);
    let edit = references_block_edit(note, LIST, Some("apa")).unwrap().unwrap();
    assert_eq!((&note[edit.range], edit.text.as_str()), ("old\n", "\n- One\n- Two\n\n"));
}

#[test]
fn the_style_is_remembered_in_a_new_block() {
    let edit = references_block_edit("", LIST, Some("ieee")).unwrap().unwrap();
    assert!(edit.text.contains("<!-- ibid:references style=ieee -->\n"), "{}", edit.text);
    let hostile = references_block_edit("", LIST, Some("x --> <b>")).unwrap().unwrap();
    assert!(hostile.text.contains("<!-- ibid:references -->\n"), "{}", hostile.text);
}

#[test]
fn of_several_blocks_the_first_complete_one_counts() {
    let note = "<!-- ibid:references -->\nkept\n<!-- ibid:references -->\nold\n<!-- /ibid:references -->\n\
                <!-- ibid:references -->\nsecond\n<!-- /ibid:references -->\n";
    let block = references_block(note).unwrap().unwrap();
    assert_eq!(&note[block.content], "old\n");
    let stray = "<!-- /ibid:references -->\n<!-- ibid:references -->\n<!-- /ibid:references -->\n";
    assert_eq!(references_block(stray).unwrap().unwrap().range, 26..76);
}

#[test]
fn a_block_without_end_is_an_error() {
    let note = "a\n\n<!-- ibid:references -->\nmy own text\n";
    let error = references_block_edit(note, LIST, None).unwrap_err();
    assert_eq!(error, BlockProblem::NoEnd { line: 3 });
    assert!(error.to_string().contains("line 3"), "{error}");
}

#[test]
fn markers_in_code_are_text() {
    let inside = "<!-- ibid:references -->\nx\n<!-- /ibid:references -->\n";
    for note in [
        format!("```html\n{inside}```\n"),
        format!("~~~~\n```\n~~~\n{inside}~~~~\n"),
        "    <!-- ibid:references -->\n    <!-- /ibid:references -->\n".to_owned(),
        "text <!-- ibid:references --> text\n".to_owned(),
        "<!-- ibid:referencesx -->\n<!-- ibid -->\n".to_owned(),
    ] {
        assert_eq!(references_block(&note), Ok(None), "{note}");
    }
    let after = format!("```a`b\n{inside}");
    assert!(references_block(&after).unwrap().is_some(), "a fence of backticks has none in its info string");
}

#[test]
fn code_without_end_takes_no_block() {
    let error = references_block_edit("a\n```\ncode\n", LIST, None).unwrap_err();
    assert_eq!(error, BlockProblem::OpenCode { line: 2 });
}

proptest! {
    #[test]
    fn edits_are_idempotent_and_leave_the_rest_alone(
        lines in proptest::collection::vec(prop_oneof![
            Just("<!-- ibid:references -->".to_owned()),
            Just("<!-- /ibid:references -->".to_owned()),
            Just("```".to_owned()),
            Just("## References".to_owned()),
            "[ a-c`~#<!\\->é]{0,6}",
        ], 0..10),
        ending in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let note = lines.join(ending);
        if let Ok(Some(edit)) = references_block_edit(&note, LIST, None) {
            let mut once = note.clone();
            once.replace_range(edit.range.clone(), &edit.text);
            prop_assert_eq!(references_block_edit(&once, LIST, None), Ok(None), "{}", once);
            let start = edit.range.start;
            prop_assert_eq!(&once[..start], &note[..start]);
            prop_assert!(once.ends_with(&note[edit.range.end..]));
        }
    }
}
