//! Files made to take long: what is read of them, in how many steps.

use std::cell::Cell;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use super::*;

/// An input that counts what is read from it.
struct Counted<'c>(Cursor<&'c [u8]>, &'c Cell<u64>);

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        self.1.set(self.1.get() + length as u64);
        Ok(length)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.1.set(self.1.get() + amount as u64);
        self.0.consume(amount);
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// Records, problems, and how often each byte was read.
fn read_counted(text: &str) -> (Vec<Record>, Vec<Diagnostic>, u64) {
    let bytes = Cell::new(0);
    let (records, problems) = read_from(&mut Counted(Cursor::new(text.as_bytes()), &bytes));
    (records, problems, bytes.get() / text.len() as u64)
}

#[test]
fn entries_of_very_many_fields_names_and_strings_are_read() {
    let fields: String = (0..20_000).map(|n| format!("f{n}={{v}},")).collect();
    let again: String = (0..20_000).map(|n| format!("note={{v{n}}},\n")).collect();
    let undefined: String = (0..20_000).map(|n| format!(" # s{n}")).collect();
    let bare: String = (0..20_000).map(|n| format!("f{n} = {n},")).collect();
    let authors = "Ada Lovelace and ".repeat(20_000);
    let keywords = "word,".repeat(20_000);
    let keys: String = (0..20_000).map(|n| format!("k{n},")).collect();
    for body in [
        fields,
        again,
        format!("note = {{}}{undefined}"),
        bare,
        format!("author = {{{authors} Bo}}"),
        format!("keywords = {{{keywords}}}"),
        format!("ids = {{{keys}}}"),
        format!("note = \"{}", "{\n a = \"".repeat(2_000)),
        "a = {x\n b = ".repeat(5_000),
    ] {
        let (records, problems, passes) = read_counted(&format!("@misc{{a, title = {{T}}, {body}}}\n"));
        assert_eq!(records.len(), 1);
        assert!(problems.len() <= 24, "{}", problems.len());
        assert!(passes <= 3, "{passes}");
    }
}

#[test]
fn titles_of_very_many_accents_and_braces_are_read() {
    for title in [
        "{\\'e}".repeat(200_000),
        "\\'{\\\"e}".repeat(100_000),
        "\\H{o}\\v s\\c{c}".repeat(50_000),
        format!("e{}", "\u{301}".repeat(200_000)),
        format!("{}e{}", "{\\'".repeat(50_000), "}".repeat(50_000)),
        format!("{}x{}", "{".repeat(100_000), "}".repeat(100_000)),
        format!("{}x{}", "\\emph{".repeat(50_000), "}".repeat(50_000)),
        "$".repeat(200_001),
    ] {
        let (records, _, passes) =
            read_counted(&format!("@misc{{a, title = {{{title}}}}}\n@misc{{b, title = {{T}}}}\n"));
        assert_eq!(records.last().map(|it| it.title.as_str()), Some("T"), "{}", &title[..9]);
        assert!(passes <= 3, "{passes}");
    }
}

#[test]
fn very_many_children_of_one_parent_are_read_on_one_line() {
    let children: String = (0..5_000).map(|n| format!("@inbook{{c{n}, title={{T}}, crossref={{p}}}} ")).collect();
    let text = format!("{children}@book{{p, title={{P}}, note={{{}}}}}", "x".repeat(100_000));
    let (records, problems, passes) = read_counted(&text);
    assert_eq!((records.len(), problems.len()), (5_001, 0));
    assert!(passes <= 5, "{passes}");
    assert!(records.iter().take(5_000).all(|record| record.venue() == Some("P")));
}

#[test]
fn parents_in_circles_and_crowds_are_followed_no_further_than_needed() {
    let crowd: Vec<String> = (0..300).map(|n| format!("x{n}")).collect();
    let crowd = crowd.join(",");
    let data: String =
        (0..300).map(|n| format!("@xdata{{x{n}, xdata = {{{crowd}}}, publisher = {{P{n}}}}}\n")).collect();
    let (records, problems, passes) = read_counted(&format!("@misc{{a, title = {{T}}, xdata = {{{crowd}}}}}\n{data}"));
    assert_eq!((records.len(), problems.len()), (1, 0));
    assert_eq!(records[0].details.text(crate::paper::Variable::Publisher), Some("P0"));
    assert!(passes <= 7, "{passes}");
}
