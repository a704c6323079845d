//! The card over a citation.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, note};
use crate::positions::byte_range;

#[test]
fn the_range_is_exactly_the_citation_from_its_first_to_its_last_character() {
    let text = "🐋 an ünïcode [[Orca#abstract|the whale]], yes [[Orca]].\n";
    let (mut session, place) = Session::at(&note(&format!("{text}$0")));
    for citation in ["[[Orca#abstract|the whale]]", "[[Orca]]"] {
        for further in [0, 1, 2, 4, citation.len() - 1] {
            let at = session.find(&place.uri, citation, further);
            let hover = session.hover(&at);
            let found = byte_range(text, &hover["range"], session.encoding);
            assert_eq!(&text[found], citation);
        }
    }
    for outside in ["code", ", yes", ".\n"] {
        let at = session.find(&place.uri, outside, 1);
        assert_eq!(session.hover(&at), Value::Null, "at {outside:?}");
    }
}

#[test]
fn the_card_tells_what_is_known() {
    let (mut session, _) = Session::at(&note("[[Or$0ca]]"));
    let card = session.card_of("Orca");
    let title = "**Orca: Progressive Learning from Complex Explanation Traces of GPT-4**";
    assert!(card.starts_with(title), "{card}");
    for part in ["6 authors", "2023", "18 comments", "zebrafish", "papers.txt:13"] {
        assert!(card.contains(part), "{part:?} in {card}");
    }
    assert!(!card.contains("inferred"), "the page gives the year: {card}");
    let inferred = session.card_of("Orcanizer");
    for part in ["2 authors", "(year inferred)", "1 comment"] {
        assert!(inferred.contains(part), "{part:?} in {inferred}");
    }
    assert!(!inferred.contains("1 comments"), "{inferred}");
    let organisation = session.card_of("LoRA");
    assert!(organisation.contains("Meta Research") && organisation.contains("2021"), "{organisation}");
    assert!(!organisation.contains("author"), "nothing is invented: {organisation}");
    let links = organisation.matches("](").count();
    assert!(links == 1 && organisation.contains("papers.txt#L29)"), "only the place is linked: {organisation}");
}

#[test]
fn editors_without_markdown_get_plain_text() {
    let capabilities = json!({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}});
    let (mut session, place) = Session::with(Setup::new(&note("[[Or$0ca]]")).capabilities(capabilities));
    let hover = session.hover(&place);
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let card = hover["contents"]["value"].as_str().unwrap();
    assert!(card.starts_with("Orca: Progressive Learning from Complex Explanation Traces of GPT-4\n"), "{card}");
    assert!(!card.contains(['*', '\\']), "{card}");
}

#[test]
fn abstracts_are_cut_as_configured_and_whole_where_asked_for() {
    let long = "word ".repeat(1000) + "finis.";
    let fixture = format!(
        "//- /p.txt\nnew\n\nSubscribe\n\nOct 17\n\nLong: A Story\n\n{long}\n\n  • 2 authors\n·\nMay 4, 2022\n\n\
         //- /ibid.toml\nhover.abstract_chars = 100\n//- /a.md\n[[Lo$0ng]] [[Long#abstract]] [[Long#Abstract|x]]\n"
    );
    let (mut session, place) = Session::at(&fixture);
    let cut = session.card(&place);
    assert!(cut.contains("word…") && cut.len() < 300, "{cut}");
    for whole in ["[[Long#abstract", "[[Long#Abstract"] {
        let at = session.find(&place.uri, whole, 2);
        let card = session.card(&at);
        assert!(card.contains("finis.") && card.len() > 5000, "{} bytes", card.len());
    }
}

/// What could make a card act or load something.
const HOSTILE: [&str; 8] = [
    "[click](command:workbench.action.terminal.new)",
    "![pixel](http://evil.example/p.png)",
    "<img src=http://evil.example/x.png onerror=alert(1)>",
    "<script>alert(1)</script>",
    "https://evil.example/path",
    "www.evil.example",
    "<https://evil.example>",
    "[ref]: http://evil.example",
];

#[test]
fn hostile_text_of_a_corpus_is_shown_and_never_acts() {
    let hostile = HOSTILE.join(" ");
    let fixture = format!(
        "//- /p.txt\nnew\n\nSubscribe\n\nOct 17\n\nEvil: {hostile}\n\nWe present {hostile} here.\n\n\
         evil [x](command:y)\n·\nMay 4, 2022\n\n//- /a.md\n[[Ev$0il]] [[Evli]]\n"
    );
    let (mut session, place) = Session::with(Setup::new(&fixture).capabilities(crate::completion::shows_markdown()));
    let near = session.find(&place.uri, "[[Evli", 2);
    let item_card = {
        let uri = "untitled:list".to_owned();
        session.open(&uri, "[[Evil");
        let at = session.place(&uri, 6);
        let item = session.items(&at).remove(0);
        let resolved = session.request("completionItem/resolve", item).unwrap();
        resolved["documentation"]["value"].as_str().unwrap().to_owned()
    };
    for markdown in [session.card(&place), session.card(&near), item_card] {
        assert!(markdown.contains("Evil"), "{markdown}");
        assert_only_text(&markdown);
    }
}

/// Markdown that links to nothing but the corpus file, and loads and runs nothing.
fn assert_only_text(markdown: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for event in Parser::new_ext(markdown, Options::all()) {
        if let Event::Start(Tag::Link { dest_url, .. }) = &event
            && dest_url.starts_with("file:///")
            && dest_url.ends_with("/p.txt#L7")
        {
            continue;
        }
        let acts = matches!(
            event,
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)
        );
        assert!(!acts, "{event:?} in {markdown}");
    }
    for linked in ["http:/", "https:/", " www.", "<img", "<script"] {
        for (at, _) in markdown.match_indices(linked) {
            assert!(markdown[..at].ends_with('\\'), "{linked:?} in {markdown}");
        }
    }
}

#[test]
fn an_ambiguous_name_shows_all_candidates() {
    let (mut session, place) = Session::at(&note("[[Twin $0Peaks]]"));
    let card = session.card(&place);
    assert!(card.starts_with("2 papers answer to “Twin Peaks”"), "{card}");
    assert!(card.contains("A Study of Mountains") && card.contains("A Study of Television"), "{card}");
}

#[test]
fn a_near_miss_asks_what_was_meant_and_nothing_else_is_said_of_missing_names() {
    let (mut session, place) = Session::at(&note("[[Orc$0b]] [[Nothing Of The Kind]]"));
    let card = session.card(&place);
    assert!(card.contains("Did you mean") && card.contains("Orca"), "{card}");
    let missing = session.find(&place.uri, "[[Nothing", 3);
    assert_eq!(session.hover(&missing), Value::Null);
}

#[test]
fn links_to_notes_are_left_alone_whatever_papers_are_called() {
    let fixture = format!(
        "{PAPERS}\n//- /Orcs.md\n# Orcs\n//- /Orca.md\n# My note\n//- /deep/Other Note.md\n\n//- /a.md\n[[Orc$0s]] [[Orca]] [[deep/Other Note]]\n"
    );
    let (mut session, place) = Session::at(&fixture);
    assert_eq!(session.hover(&place), Value::Null, "Orcs is near Orca, but a note");
    assert_eq!(session.definition(&place), Value::Null);
    let path = session.find(&place.uri, "[[deep", 3);
    assert_eq!(session.hover(&path), Value::Null);
    let paper = session.find(&place.uri, "[[Orca", 3);
    assert_eq!(session.hover(&paper), Value::Null, "a note of that name wins");
    assert_eq!(session.definition(&paper), Value::Null);
}

#[test]
fn what_is_no_citation_has_no_card() {
    let texts = ["`[[Or$0ca]]`", "```\n[[Or$0ca]]\n```", "<!-- [[Or$0ca]] -->", "$[[Or$0ca]]$", "$$\n[[Or$0ca]]\n$$"];
    for text in texts.into_iter().chain(["\\[[Or$0ca]]", "---\na: [[Or$0ca]]\n---\n", "Or$0ca"]) {
        let (mut session, place) = Session::at(&note(text));
        assert_eq!(session.hover(&place), Value::Null, "in {text:?}");
        assert_eq!(session.definition(&place), Value::Null, "in {text:?}");
    }
}
