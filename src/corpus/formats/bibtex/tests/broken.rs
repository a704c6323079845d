//! Broken entries: each costs itself only, and is reported.

use std::ops::ControlFlow;

use super::*;

const GOOD: &str = "@misc{good,\n  title = {Good}\n}\n";

#[test]
fn an_entry_that_is_never_closed_ends_at_the_next() {
    let unclosed = "“@misc{bad,” is never closed; it was read up to the next entry or the end";
    assert_eq!(
        shown(&format!("@misc{{bad,\n  title = {{Bad,\n  year = {{2020}}\n}}\n\n{GOOD}")),
        [
            "bad | Bad",
            "good | Good",
            &format!("1: {unclosed}"),
            "2: The brace of “title” is never closed; its value was read up to the next field",
        ]
    );
    assert_eq!(
        shown(&format!("@misc{{bad,\n  title = {{Bad}}\n{GOOD}"))[..3],
        ["bad | Bad", "good | Good", &format!("1: {unclosed}")]
    );
    assert_eq!(shown("@misc{bad,\n  title = {Bad")[..2], ["bad | Bad", &format!("1: {unclosed}")]);
    for next in ["@string{x = 1}", "@comment{x}", "@preamble{\"x\"}", "@lego{x,", "@article{\n"] {
        assert_eq!(shown(&format!("@misc{{bad, title = {{Bad}},\n{next}"))[0], "bad | Bad", "{next}");
    }
}

#[test]
fn text_that_looks_like_a_head_ends_no_entry() {
    let text = "@misc{a, title = {T}, abstract = {Write\n@you {see} and me@misc{x, y} or\n@article}}";
    assert_eq!(shown(text), ["a | T"]);
}

#[test]
fn braces_too_many_are_read_over() {
    let told = "1: “@misc{a,” holds a closing brace too many; it was read over";
    let fault = "2: A closing brace is one too many and was read over";
    assert_eq!(
        shown(&format!("@misc{{a,\n title = {{T}}}},\n year = {{2020}}\n}}\n{GOOD}"))[..3],
        ["a | T", "good | Good", told]
    );
    assert_eq!(shown("@misc{a,\n title = {T}},\n year = {2020}\n}"), ["a | T", told, fault]);
    let (records, _) = read("@misc{a,\n title = T},\n year = {2020}\n}");
    assert_eq!((records[0].title.as_str(), records[0].date.unwrap().year), ("T", 2020));
    assert_eq!(shown(&format!("@misc{{a,\n title = {{T}}}}\n}}\n{GOOD}")), ["a | T", "good | Good"]);
}

#[test]
fn quotes_without_end() {
    let text = format!("@misc{{a,\n  title = \"T,\n  year = \"2020\"\n}}\n{GOOD}");
    assert_eq!(
        shown(&text),
        ["a | T", "good | Good", "2: The quote of “title” is never closed; its value was read up to the next field"]
    );
    assert_eq!(shown(&format!("@misc(a, title = \"T\n)\n{GOOD}"))[..2], ["a | T )", "good | Good"]);
}

#[test]
fn keys_missing_and_twice() {
    assert_eq!(
        shown("@misc{,\n title = {T}}\n@misc{a, title = {A}}\n\n@misc{a, title = {B}}\n@misc{my key, title = {C}}"),
        [
            " | T",
            "a | A",
            "a | B",
            "my key | C",
            "1: The entry has no key; it is found by its title and identifiers only",
            "5: the entry on line 3 has the key a too; both were kept",
            "6: The key holds white space, which other programs will not read; it was kept",
        ]
    );
}

#[test]
fn fields_twice_and_strings_nowhere() {
    assert_eq!(
        shown(
            "@misc{a,\n title = {A},\n title = {B}, year = 2001, year = 2001,\n journal = nojournal}\n@misc{b, title = {B}, journal = nojournal}"
        ),
        [
            "a | A",
            "b | B",
            "3: The entry has two different fields “title”; the first one counts",
            "4: The string “nojournal” is defined nowhere; its name was taken as its text",
        ]
    );
}

#[test]
fn entries_without_title_are_found_by_key_or_not_at_all() {
    assert_eq!(
        shown("@misc{a, author = {X}}\n@misc{}\n@misc{,\n title = {{}}, doi = {10.1000/x}}"),
        [
            "a | ",
            " | ",
            "1: the entry has no title; it is found by its identifiers only",
            "2: the entry has neither title nor identifier; it was skipped",
            "3: The entry has no key; it is found by its title and identifiers only",
            "3: the entry has no title; it is found by its identifiers only",
        ]
    );
}

#[test]
fn entries_whose_keys_and_titles_cannot_be_typed_are_reported() {
    assert_eq!(
        shown(&format!("@misc{{\u{1c}\u{1c}, year = {{2020}}}}\n@misc{{\u{1d}, title = {{\u{1c}}}}}\n{GOOD}")),
        [
            "good | Good",
            "1: the entry has neither title nor identifier; it was skipped",
            "2: the entry has neither title nor identifier; it was skipped",
        ]
    );
}

#[test]
fn heads_without_brace_and_comments_without_end() {
    assert_eq!(
        shown(&format!("@article\n title = {{T}}\n{GOOD}@comment{{ open\n@misc{{b, title = {{B}}}}")),
        [
            "good | Good",
            "b | B",
            "1: No brace follows “@article”; the entry was skipped",
            "6: “@comment{ open” is never closed; only this line was skipped",
        ]
    );
}

#[test]
fn comments_need_no_braces() {
    let text = format!("@Comment a.bib -*- mode: BibTeX -*-\n@comment\n\n{GOOD}% x\n@COMMENT the rest\n");
    assert_eq!(shown(&text), ["good | Good"]);
}

#[test]
fn what_git_could_not_merge_is_said() {
    let text = format!(
        "a <<<<<<< b\n% <<<<<<< c\n<<<<<<< HEAD\n@misc{{a, title = {{A}}}}\n=======\n@misc{{b, title = {{B}}}}\n>>>>>>> other\n{GOOD}"
    );
    let said = "3: Git could not merge what follows; both versions are read until you choose one";
    assert_eq!(shown(&text), ["a | A", "b | B", "good | Good", said]);
    assert_eq!(shown(&text.replace('\n', "\r\n")), ["a | A", "b | B", "good | Good", said]);
    assert_eq!(shown(&format!("<<<<<<<\n<<<<<<<< x\n{GOOD}")), ["good | Good"]);
    let within =
        "@misc{a,\n<<<<<<< HEAD\n title = {A},\n||||||| base\n=======\n title = {B},\n>>>>>>> other\n year = 2020}\n";
    let said = [
        "a | A",
        "2: Git could not merge what follows; of each field the first one counts",
        "6: The entry has two different fields “title”; the first one counts",
    ];
    assert_eq!(shown(within), said);
}

#[test]
fn an_entry_that_is_too_long_is_skipped() {
    let long = format!("@misc{{long,\n title = {{{}", "x".repeat(MAX_ENTRY_BYTES));
    let text = format!("@misc{{a, title = {{A}}}}\n{long}\nme@misc{{no, title = {{N}}}}\n{GOOD}");
    assert_eq!(
        shown(&text),
        ["a | A", "good | Good", "2: “@misc{long,” goes on for more than 8 MiB and was skipped; is a brace missing?"]
    );
}

#[test]
fn a_sink_that_has_enough_ends_the_reading() {
    let mut heard = 0;
    let mut sink = |_| {
        heard += 1;
        if heard < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    Bibtex.read(&mut Cursor::new(GOOD.repeat(50)), &mut sink).unwrap();
    assert_eq!(heard, 2);
}
