#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
use std::io::{BufReader, Cursor};

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::collected;
use crate::paper::Record;

/// The entities of XML and one more.
fn entity(text: &str) -> Option<(char, usize)> {
    let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&uuml;", 'ü'), ("&#233;", 'é')];
    known.into_iter().find(|(written, _)| text.starts_with(written)).map(|(written, letter)| (letter, written.len()))
}

const GRAMMAR: Grammar = Grammar { records: &["r", "s"], title: |record| record.first("t"), entity };

/// What is read of a file: titles as HTML and keys, then the problems with their lines.
fn read_with(bytes: &[u8], capacity: usize) -> (Vec<Record>, Vec<Diagnostic>) {
    let mut input = BufReader::with_capacity(capacity, Cursor::new(bytes));
    let mut entry_of = |record: Element<'_>| {
        let record = Record {
            title: record.first("t").map(Element::html).unwrap_or_default(),
            keys: record.attribute("k").into_iter().chain(record.all("k").map(Element::text)).collect(),
            ..Record::default()
        };
        Some(Entry { record, problems: Vec::new() })
    };
    collected(|sink| read_records(&mut input, GRAMMAR, &mut Collector::new(sink), &mut entry_of).unwrap())
}

fn read(text: &str) -> (Vec<Record>, Vec<Diagnostic>) {
    read_with(text.as_bytes(), 8192)
}

fn titles(text: &str) -> Vec<String> {
    read(text).0.into_iter().map(|record| record.title).collect()
}

#[test]
fn records_stand_where_their_spans_say() {
    let text = "\u{feff}<?xml version='1.0'?>\r\n<all>\r\n<r k='a'>\r\n  <t>É 𝒳</t>\r\n</r><s><t>x</t></s>\r\n<r k=\"b\"/></all>\r\n";
    for capacity in [1, 7, 8192] {
        let (records, problems) = read_with(text.as_bytes(), capacity);
        let places: Vec<_> = records
            .iter()
            .map(|record| {
                let span = record.span;
                let range = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
                (&text[range], span.line, span.end_line, span.title_utf16)
            })
            .collect();
        assert_eq!(
            places,
            [
                ("<r k='a'>\r\n  <t>É 𝒳</t>\r\n</r>", 3, 4, 13),
                ("<s><t>x</t></s>", 4, 4, 19),
                ("<r k=\"b\"/>", 5, 5, 16)
            ]
        );
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
}

#[test]
fn texts_are_handed_over_as_html() {
    let cases = [
        ("A <i>b</i> c", "A <i>b</i> c"),
        ("A&amp;B &lt; C &uuml; &#233; &nope; & d", "A&amp;B &lt; C ü é &nope; & d"),
        ("<![CDATA[a < b & <i>]]>", "a &lt; b &amp; &lt;i&gt;"),
        ("a<!-- <i> -->b<?php x ?>c", "abc"),
        ("<unknown>a</unknown> <x:sub y='1'>2</x:sub>", "a <sub>2</sub>"),
        ("<m:math xmlns:m='u'><m:mi>x</m:mi></m:math>", "<mml:math><mml:mi>x</mml:mi></mml:math>"),
        (
            "<math><msup><mi>x</mi><mn>2</mn></msup></math>",
            "<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>",
        ),
        ("a < b and c > d", "a < b and c > d"),
        ("p<0.05 and <i>q</i>", "p<0.05 and <i>q</i>"),
        ("x <y and <b>z</b>", "x <y and <b>z</b>"),
        ("<style face='italic'>a</style>", "a"),
        ("", ""),
    ];
    for (written, expected) in cases {
        let text = format!("<all><r><k>a</k><t>{written}</t><k>b</k></r></all>");
        let (records, _) = read(&text);
        assert_eq!((records[0].title.as_str(), records[0].keys.len()), (expected, 2), "{written}");
    }
}

#[test]
fn prefixes_do_not_matter() {
    for prefix in ["", "p:", "mods:"] {
        let text = "<all><_r _k='1'><_t>T</_t></_r></all>".replace('_', prefix);
        let (records, problems) = read(&text);
        assert_eq!((records[0].title.as_str(), problems.as_slice()), ("T", [].as_slice()), "{text}");
        assert_eq!(records[0].keys, ["1"]);
    }
    assert_eq!(titles("<rs><rx><t>a</t></rx><r-r/></rs>"), [""; 0]);
}

#[test]
fn what_is_no_element_hides_no_record_and_shows_none() {
    let record = "<r><t>T</t></r>";
    let around = [
        "<!-- <r><t>no</t></r> -->_",
        "<!DOCTYPE all [<!ENTITY r \"<r><t>no</t></r>\"> <!-- ' <r> --> ]>_",
        "<!DOCTYPE all SYSTEM 'x.dtd'>_",
        "<?php <r><t>no</t></r> ?>_",
        "<![CDATA[<r><t>no</t></r>]]>_",
        "<a title='1 > 2'/>_",
        "<!-- without end _",
        "<!DOCTYPE without end _",
        "<?without end _",
        "<![CDATA[ without end _",
        "< r>_",
        "<>_</>",
    ];
    for text in around {
        assert_eq!(titles(&text.replace('_', record)), ["T"], "{text}");
    }
    assert_eq!(titles("<r><!-- </r> --><t>T<![CDATA[</r>]]></t></r>"), ["T&lt;/r&gt;"]);
}

#[test]
fn entities_are_single_characters_whatever_is_declared() {
    let declared =
        "<!DOCTYPE all [<!ENTITY a \"&b;&b;\"><!ENTITY b \"&c;&c;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>";
    assert_eq!(titles(&format!("{declared}<r><t>&a;&b;&c;</t></r>")), ["&a;&b;&c;"]);
}

#[test]
fn damage_costs_the_record_it_stands_in() {
    let damaged = [
        "<r><t>x</k></r>",
        "<r><t>x</r>",
        "<r><t>x<k>y</k></r>",
        "<r><t>x</t>",
        "<r><t>x",
        "<r><t",
        "<r k='x><t>x</t></r>",
        "<r k='x' <t>x</t></r>",
        "<r><t>x</t></r></r></all>",
        "</r>",
        "<r><!-- x</r>",
        "<r><t><![CDATA[x</t></r>",
        "<r><t>&#xFFFFFFF; &nothing &;</t></r>",
        "<r>\0<t>\u{1}</t></r>",
    ];
    let good = |key: &str| format!("<r k='{key}'><t>T {key}</t></r>");
    for damage in damaged {
        for (start, gap, end) in [("<all>", "", "</all>"), ("<all>\n ", "\n ", "\n</all>\n"), ("", "", "")] {
            let text = [start, &good("a"), gap, damage, gap, &good("b"), end].concat();
            let (records, problems) = read(&text);
            let good = records.iter().filter(|record| record.keys == ["a"] || record.keys == ["b"]);
            let kept: Vec<&str> = good.map(|record| record.title.as_str()).collect();
            assert_eq!(kept, ["T a", "T b"], "{text}\n{records:?}\n{problems:?}");
        }
    }
}

#[test]
fn problems_name_the_line_and_what_was_done() {
    let shown = |text: &str| -> Vec<String> {
        read(text).1.iter().map(|problem| format!("{}: {}", problem.line, problem.message)).collect()
    };
    let done = "what could be made out of it was read";
    let cases = [
        ("<all>\n<r>\n<t>a\n</r></all>", format!("4: the entry is damaged here: `<t>` does not end; {done}")),
        ("<r><t>a</t>\n</u></r>", format!("2: the entry is damaged here: `</u>` ends nothing; {done}")),
        ("<r>\n<t>a</t>\n", format!("3: the entry is damaged here: its end is missing; {done}")),
        ("<r>\n<t>a < b</t></r>", format!("2: the entry is damaged here: a `<` begins no tag; {done}")),
        ("<r>\n<u/></r>", "1: the entry has neither title nor identifier; it was skipped".to_owned()),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text), [expected], "{text}");
    }
    let deep = format!("<r><t>a</t>\n{}{}</r><s><t>b</t></s>", "<u>".repeat(300), "</u>".repeat(300));
    assert_eq!(shown(&deep), ["2: elements are nested too deep; the entry was skipped"]);
    assert_eq!(titles(&deep), ["b"]);
}

#[test]
fn an_element_that_does_not_end_takes_nothing_along() {
    let cases = [
        ("<t>A <i>b</t><k>1</k>", "A <i>b</i>", 1),
        ("<t>A<k>1</k><k>2</k>", "A", 2),
        ("<k>1</k><t>A</t><k>2", "A", 2),
        ("<k>1<t>A</t>", "A", 1),
    ];
    for (inside, title, keys) in cases {
        let (records, problems) = read(&format!("<r>{inside}</r>"));
        assert_eq!((records[0].title.as_str(), records[0].keys.len()), (title, keys), "{inside}");
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
    // Of a file that is cut off the last text may be half of one.
    assert_eq!(read("<r k='a'><t>Whole</t><k>hal").0[0].keys, ["a"]);
    assert_eq!(read("<r k='a'><t>Hal").0[0].title, "");
}

#[test]
fn a_record_too_large_for_any_paper_costs_itself_alone() {
    let large = "<k>x</k>".repeat(1_200_000);
    let (records, problems) = read(&format!("<all>\n<r><t>a</t></r>\n<r>{large}</r>\n<r><t>b</t></r></all>"));
    let titles: Vec<(&str, u32)> = records.iter().map(|record| (record.title.as_str(), record.span.line)).collect();
    assert_eq!(titles, [("a", 1), ("b", 3)]);
    assert_eq!(problems[0].message, "the entry is too large for any paper; it was skipped");
    assert_eq!(problems[0].line, 3);
}

/// Counts what is taken from a file, so that work is measured and not time.
struct Counted<'a> {
    bytes: Cursor<&'a [u8]>,
    taken: u64,
}

impl std::io::Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.bytes.read(buffer)?;
        self.taken += length as u64;
        Ok(length)
    }
}

impl io::BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.bytes.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount as u64;
        self.bytes.consume(amount);
    }
}

impl io::Seek for Counted<'_> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[test]
fn a_file_of_one_line_is_taken_twice_at_most() {
    let text = format!("<all>{}</all>", "<r><t>A Title of Some Length</t></r>".repeat(40_000));
    let mut input = Counted { bytes: Cursor::new(text.as_bytes()), taken: 0 };
    let mut count = 0;
    let mut sink = |_| {
        count += 1;
        std::ops::ControlFlow::Continue(())
    };
    let mut entry_of = |record: Element<'_>| {
        let title = record.first("t").map(Element::text).unwrap_or_default();
        Some(Entry { record: Record { title, ..Record::default() }, problems: Vec::new() })
    };
    read_records(&mut input, GRAMMAR, &mut Collector::new(&mut sink), &mut entry_of).unwrap();
    assert_eq!(count, 40_000);
    assert!(input.taken <= 2 * text.len() as u64, "{} of {}", input.taken, text.len());
}

#[test]
fn tags_that_make_no_sense_are_not_looked_through_again_and_again() {
    // Each of these would be looked through to its end for each of its pieces.
    for piece in ["<", "<a \"", "<!--", "<![CDATA[", "<?", "&", "<a", "</", "<!DOCTYPE x [", "<r "] {
        let text = format!("<r k='a'><t>T</t>{}</r>", piece.repeat(300_000));
        let (records, _) = read(&text);
        assert!(records.iter().any(|record| record.title == "T"), "{piece}");
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[<>/!?\\[\\]\"'&;= a-z\n\r]{0,6}",
        Just("<r>".to_owned()),
        Just("</r>".to_owned()),
        Just("<t>Ü".to_owned()),
        Just("</t>".to_owned()),
        Just("<i>".to_owned()),
        Just("</i>".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("<![CDATA[".to_owned()),
        Just("]]>".to_owned()),
        Just("<!DOCTYPE x [".to_owned()),
        Just("&amp;".to_owned()),
        Just("<s k='1'/>".to_owned()),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in pieces(), capacity in 1usize..20) {
        let (records, problems) = read_with(text.as_bytes(), capacity);
        let (whole, said) = read_with(text.as_bytes(), 8192);
        prop_assert_eq!(&records, &whole);
        prop_assert_eq!(problems, said);
        for record in records {
            prop_assert!(record.span.start < record.span.end && record.span.end <= text.len() as u64);
            prop_assert!(record.span.line <= record.span.end_line);
        }
    }

    #[test]
    fn what_is_well_formed_comes_back(words in prop::collection::vec("[a-z<>& ]{1,8}", 1..5), cut in 0usize..40) {
        let escaped = |word: &str| word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let title: String = words.iter().map(|word| format!("<i>{}</i>", escaped(word))).collect();
        let text = format!("<all><r><t>{title}</t></r><r><t>{title}</t></r></all>");
        let (records, problems) = read(&text);
        prop_assert_eq!(records.len(), 2);
        prop_assert_eq!(&records[0].title, &title);
        prop_assert_eq!(problems, []);
        // Nothing that is cut out of the first record harms the second.
        let end = usize::try_from(records[0].span.end).unwrap();
        let from = (7 + cut).min(end);
        let to = (from + cut).min(end);
        let (damaged, _) = read(&format!("{}{}", &text[..from], &text[to..]));
        prop_assert_eq!(damaged.last().map(|record| &record.title), Some(&title));
    }
}
