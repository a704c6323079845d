#![allow(clippy::unwrap_used)]
use super::*;
use crate::features::edits::edited_text;

fn edited(text: &str, change: impl FnOnce(&mut EntryEdit)) -> String {
    let document = Document::new(text, 1);
    let start = text.find('@').unwrap() as u64;
    let end = text.rfind(['}', ')']).unwrap() as u64 + 1;
    let mut entry = EntryEdit::at(&document, Span { start, end, ..Span::default() }).unwrap();
    change(&mut entry);
    edited_text(text, &entry.edits())
}

#[test]
fn fields_are_added_in_the_style_of_the_entry() {
    let cases = [
        (
            "@misc{a,\n  title = {T},\n  year = 2020\n}\n",
            "@misc{a,\n  title = {T},\n  year = 2020,\n  doi = {10.1/x}\n}\n",
        ),
        ("@misc{a,\n  title = {T},\n}\n", "@misc{a,\n  title = {T},\n  doi = {10.1/x},\n}\n"),
        ("@misc{a, title={T}}", "@misc{a, title={T}, doi={10.1/x}}"),
        (
            "@misc{a,\r\n\ttitle   = \"T\",\r\n\tyear    = \"2020\"\r\n}",
            "@misc{a,\r\n\ttitle   = \"T\",\r\n\tyear    = \"2020\",\r\n\tdoi     = \"10.1/x\"\r\n}",
        ),
        ("@misc{a}", "@misc{a,\n  doi = {10.1/x}}"),
        ("@MISC(a,\n TITLE = {T} % why\n)", "@MISC(a,\n TITLE = {T},\n DOI = {10.1/x} % why\n)"),
        ("@misc{a, doi = {}, title = {T}}", "@misc{a, doi = {10.1/x}, title = {T}}"),
        ("@misc{a, DOI = {10.2/y}}", "@misc{a, DOI = {10.2/y}}"),
        ("% é\n@misc{a\n , title = {T}\n }\nx", "% é\n@misc{a\n , title = {T}, doi = {10.1/x}\n }\nx"),
    ];
    for (text, expected) in cases {
        assert_eq!(edited(text, |entry| entry.add("doi", "10.1/x")), expected, "{text}");
    }
}

#[test]
fn values_change_within_their_braces() {
    let cases = [
        ("@misc{a, year = 2019}", "@misc{a, year = 2020}"),
        ("@misc{a, year = {2019}}", "@misc{a, year = {2020}}"),
        ("@misc{a, year = \"2019\"}", "@misc{a, year = \"2020\"}"),
        ("@misc{a, year = old # \"x\"}", "@misc{a, year = {2020}}"),
    ];
    for (text, expected) in cases {
        assert_eq!(edited(text, |entry| entry.set("year", "2020")), expected, "{text}");
    }
    for (value, expected) in [("a {\\\"o}", "\"a {\\\"o}\""), ("a \"b\"", "{a \"b\"}")] {
        let quoted = edited("@misc{a, title = \"T\"}", |entry| entry.set("title", value));
        assert_eq!(quoted, format!("@misc{{a, title = {expected}}}"));
    }
    for (text, expected) in [("@Misc{a}", "@Article{a}"), ("@MISC{a}", "@ARTICLE{a}"), ("@misc{a}", "@article{a}")] {
        assert_eq!(edited(text, |entry| entry.set_kind("article")), expected);
    }
}
