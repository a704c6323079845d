//! `EndNote`'s tagged format (`.enw`), and refer, which it comes from: `%T` and a value a line, a blank line after each record.

use super::reference_fields::{CORPORATE_AUTHOR, Reference};
use super::reference_types::{self, ReferenceType};
use super::tagged::TaggedFormat;
use super::values::{is_citation_key, is_doi};
use crate::corpus::source::Entry;
use crate::corpus::syntax::tagged::{self, Blank, Boundary, Dialect, Field};
use crate::corpus::table::lookup;
use crate::corpus::{Format, FormatInfo};

/// The reader of `EndNote`'s tagged format.
pub(super) static ENDNOTE_TAGGED: TaggedFormat = TaggedFormat {
    info: FormatInfo { format: Format::EndnoteTagged, name: "EndNote tagged", extensions: &["enw", "refer", "txt"] },
    dialect: Dialect { parts, boundary, begin: None, end: None, blank: Blank::Ends(&["%X", "%Z", "%O", "%<"]) },
    titles: &["%T", "%B"],
    is_head,
    entry,
};

fn is_head(lines: &[String]) -> bool {
    // Text without a tag may follow, but no record begins with it.
    lines.iter().take(2).all(|line| parts(line).is_some())
        && lines.iter().take(40).any(|line| matches!(parts(line), Some(("%0" | "%T" | "%A", _))))
}

fn boundary(tag: &str) -> Boundary {
    if tag == "%0" { Boundary::Begins } else { Boundary::Inside }
}

/// The tag at the beginning of a line and what follows it: a per cent sign and one of the letters, figures and marks that
/// are tags, then white space.
fn parts(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let (tag, value) = (line.get(..2)?, line.get(2..)?);
    (lookup(TAGS, &tag).is_some() && (value.is_empty() || value.starts_with([' ', '\t']))).then_some((tag, value))
}

/// The tags, sorted, with the tags of RIS that say the same.
const TAGS: &[(&str, &str)] = &[
    ("%!", "ST"),
    ("%#", "C5"),
    ("%$", "C6"),
    ("%&", "SE"),
    ("%(", "OP"),
    ("%)", "RP"),
    ("%*", "RI"),
    ("%+", "AD"),
    ("%0", "TY"),
    ("%1", "C1"),
    ("%2", "C2"),
    ("%3", "C3"),
    ("%4", "C4"),
    ("%6", "NV"),
    ("%7", "ET"),
    ("%8", "DA"),
    ("%9", "M3"),
    ("%<", "RN"),
    ("%=", "LD"),
    ("%>", "L1"),
    ("%?", "A4"),
    ("%@", "SN"),
    ("%A", "AU"),
    ("%B", "T2"),
    ("%C", "CY"),
    ("%D", "PY"),
    ("%E", "A2"),
    ("%F", "ID"),
    ("%G", "LA"),
    ("%H", "TA"),
    ("%I", "PB"),
    ("%J", "JF"),
    ("%K", "KW"),
    ("%L", "CN"),
    ("%M", "AN"),
    ("%N", "M1"),
    ("%O", "N1"),
    ("%P", "SP"),
    ("%Q", "TT"),
    ("%R", "DO"),
    ("%S", "T3"),
    ("%T", "TI"),
    ("%U", "UR"),
    ("%V", "VL"),
    ("%W", "DP"),
    ("%X", "AB"),
    ("%Y", "A3"),
    ("%Z", "N1"),
    ("%[", "Y2"),
    ("%]", "C7"),
    ("%^", "CA"),
    ("%~", "DB"),
];

fn entry(entry: &tagged::Entry) -> Entry {
    let declared = entry.first(&["%0"]);
    let is_refer = declared.is_none();
    let reference_type = match declared {
        Some(field) => reference_types::by_name(field.value).or_else(|| guessed(entry)),
        None => guessed(entry),
    };
    let code = reference_type.map_or("", |it| it.code);
    let tag = |field: &Field<'_>| match (field.tag, code) {
        // In refer these are a group that wrote it, a label and the number of a report.
        ("%Q", _) if is_refer => CORPORATE_AUTHOR,
        ("%L", _) if is_refer && is_citation_key(field.value) => "ID",
        ("%R", _) if is_refer && !is_doi(field.value) => "SN",
        // EndNote's field for DOIs takes any other identifier as well.
        ("%R", _) if !is_doi(field.value) => "",
        ("%N", "ABST" | "EJOUR" | "INPR" | "JFULL" | "JOUR" | "MGZN" | "NEWS") => "IS",
        ("%N", "CHAP" | "ECHAP") => "SV",
        (tag, _) => lookup(TAGS, &tag).unwrap_or_default(),
    };
    Reference::new(reference_type, entry.fields().map(|field| (tag(&field), field.value))).entry()
}

/// The type of a record that does not declare one, recognised by the fields it has.
fn guessed(entry: &tagged::Entry) -> Option<ReferenceType> {
    let has = |tag: &str| entry.first(&[tag]).is_some();
    let code = if has("%J") {
        "JOUR"
    } else if has("%B") {
        "CHAP"
    } else if entry.first(&["%R"]).is_some_and(|field| !is_doi(field.value)) {
        "RPRT"
    } else if has("%I") {
        "BOOK"
    } else {
        return None;
    };
    reference_types::by_code(code)
}

#[cfg(test)]
mod tests;
