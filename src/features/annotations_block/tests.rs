#![allow(clippy::unwrap_used)]

use pulldown_cmark::{Event, Parser, Tag};

use super::*;
use crate::features::edits::edited_text;

fn annotation(key: &str, page: u32, text: &str, comment: &str) -> Annotation {
    Annotation {
        text: text.to_owned(),
        comment: comment.to_owned(),
        page: page.to_string(),
        url: format!("zotero://open-pdf/library/items/PDFD2345?page={page}&annotation={key}"),
        color: "#ffd400".to_owned(),
        tags: Vec::new(),
    }
}

fn holding(annotations: Vec<Annotation>) -> Holding {
    Holding { annotation_count: u32::try_from(annotations.len()).unwrap(), annotations, ..Holding::default() }
}

fn refresh(note: &str, annotations: &[Annotation]) -> String {
    match annotations_edit(note, &holding(annotations.to_vec())).unwrap() {
        Some(edit) => edited_text(note, &[edit]),
        None => note.to_owned(),
    }
}

#[test]
fn a_note_without_a_block_gets_one_that_is_markdown_and_inert() {
    let marks = [annotation("AAAA2345", 2, "It *swims* <b>.", "so?"), annotation("BBBB2345", 9, "", "")];
    let note = refresh("# Orca\n", &marks);
    let open = "zotero://open-pdf/library/items/PDFD2345";
    let lines: Vec<&str> = note.lines().collect();
    assert_eq!(lines[..6], ["# Orca", "", "## Annotations", "", "<!-- ibid:annotations -->", ""]);
    assert!(lines[6].starts_with("<!-- ibid:annotation AAAA2345 ") && lines[6].ends_with(" -->"));
    assert_eq!(lines[7], format!("> It \\*swims\\* \\<b>. [p. 2]({open}?page=2&annotation=AAAA2345)"));
    assert_eq!(lines[8..11], [">", "> so?", ""]);
    assert_eq!(lines[12], format!("> *a picture* [p. 9]({open}?page=9&annotation=BBBB2345)"));
    assert_eq!(lines[13..], ["", "<!-- ibid:inserted AAAA2345 BBBB2345 -->", "<!-- /ibid:annotations -->"]);
    assert_eq!(annotations_edit(&note, &holding(marks.to_vec())), Ok(None), "nothing has changed");
    let windows = refresh("# Orca\r\n", &marks);
    assert_eq!(windows, note.replace('\n', "\r\n"));
    assert_eq!(annotations_edit(&windows, &holding(marks.to_vec())), Ok(None));
    // What a reader of Markdown sees is the text of the marks and nothing else of them.
    let is_quotation = |event: &Event<'_>| matches!(event, Event::Start(Tag::BlockQuote(_)));
    let text_of = |event| if let Event::Text(text) = event { Some(text.to_string()) } else { None };
    let shown: String = Parser::new(&note).filter_map(text_of).collect();
    assert!(shown.contains("It *swims* <b>.") && !shown.contains("ibid:"), "{shown}");
    assert_eq!(Parser::new(&note).filter(is_quotation).count(), 2);
}

#[test]
fn what_the_user_wrote_survives_whatever_zotero_does() {
    let first = annotation("AAAA2345", 2, "First.", "");
    let (second, third) = (annotation("BBBB2345", 4, "Second.", ""), annotation("CCCC2345", 6, "Third.", ""));
    let all = [first.clone(), second.clone(), third.clone()];
    let note = refresh("# Orca\n", &all);
    let changed = |mark: &Annotation, text: &str| Annotation { text: text.to_owned(), ..mark.clone() };
    // Between the entries, and before and after them.
    let own =
        note.replace("<!-- ibid:annotation BBBB2345", "My thought.\n\n- and a list\n\n<!-- ibid:annotation BBBB2345");
    let own = own.replace("<!-- ibid:inserted", "At the end.\n\n<!-- ibid:inserted");
    assert_eq!(refresh(&own, &all), own, "nothing has changed");
    let later = refresh(&own, &[first.clone(), changed(&second, "Second, again."), third.clone()]);
    assert_eq!(
        later,
        own.replace("Second.", "Second, again.").replace(&mark_of(&own, "BBBB2345"), &mark_of(&later, "BBBB2345"))
    );
    // An entry that Zotero no longer has goes, with nothing of the user's.
    let without = refresh(&own, &[second.clone(), third.clone()]);
    assert!(
        !without.contains("First") && without.contains("My thought.\n\n- and a list\n\n<!-- ibid:annotation BBBB2345")
    );
    // One that the user has changed stays, whether Zotero has it or not.
    let mine = own.replace("> Second.", "> Second, as I see it.");
    assert_eq!(refresh(&mine, &all), mine);
    assert!(refresh(&mine, &[first.clone(), third.clone()]).contains("as I see it"));
    // Where both have changed, both stand, once.
    let both = refresh(&mine, &[first.clone(), changed(&second, "Second, corrected."), third.clone()]);
    assert!(both.contains("as I see it") && both.contains("> Second, corrected."), "{both}");
    assert_eq!(refresh(&both, &[first.clone(), changed(&second, "Second, corrected."), third.clone()]), both);
    // What the user has taken out does not come back, and what is new comes where its page is.
    let start = note.find("<!-- ibid:annotation BBBB2345").unwrap();
    let end = note.find("<!-- ibid:annotation CCCC2345").unwrap();
    let out = format!("{}{}", &note[..start], &note[end..]);
    assert_eq!(refresh(&out, &all), out);
    let new = annotation("DDDD2345", 5, "New.", "");
    let more = refresh(&own, &[first, second, new, third]);
    let at = |text: &str| more.find(text).unwrap();
    assert!(at("Second") < at("New") && at("New") < at("Third") && at("My thought") < at("Second"), "{more}");
}

/// The mark of an entry.
fn mark_of(note: &str, key: &str) -> String {
    let start = note.find(&format!("<!-- ibid:annotation {key}")).unwrap();
    note[start..].lines().next().unwrap().to_owned()
}

#[test]
fn blocks_show_what_their_mark_says() {
    let mut red = annotation("BBBB2345", 4, "Red.", "");
    red.color = "#FF6666".to_owned();
    red.tags = vec!["To do".to_owned()];
    let all = [annotation("AAAA2345", 2, "Yellow.", ""), red];
    for (options, yellow, has_red) in [
        ("", true, true),
        (" colour=yellow", true, false),
        (" color=red", false, true),
        (" colours=yellow,#ff6666", true, true),
        (" tag=\"to do\"", false, true),
        (" tag=todo colour=yellow", false, false),
        (" tag=other", false, false),
        (" style=x", true, true),
    ] {
        let note = refresh(&format!("<!-- ibid:annotations{options} -->\n<!-- /ibid:annotations -->\n"), &all);
        assert_eq!((note.contains("Yellow"), note.contains("Red")), (yellow, has_red), "{options}: {note}");
        assert_eq!(refresh(&note, &all), note, "{options}");
    }
    assert!(COLOURS.is_sorted());
}

#[test]
fn marks_that_are_none_are_left_alone() {
    let all = [annotation("AAAA2345", 2, "Yellow.", "")];
    let open = "x\n<!-- ibid:annotations -->\n> text\n";
    let problem = annotations_edit(open, &holding(all.to_vec()));
    assert_eq!(problem, Err(AnnotationsProblem::NoEnd { line: 2 }));
    let code = "```\n<!-- ibid:annotations -->\n```\n";
    assert!(refresh(code, &all).starts_with("```\n<!-- ibid:annotations -->\n```\n\n## Annotations\n"));
    assert_eq!(refresh("", &[]), "## Annotations\n\n<!-- ibid:annotations -->\n\n<!-- /ibid:annotations -->\n");
    let note = refresh("# Orca\n", &all);
    let inside = note.find("> Yellow").unwrap();
    assert!(is_in_block(&note, inside) && !is_in_block(&note, 0));
}
