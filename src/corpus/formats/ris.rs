//! RIS: a tag and a value a line, from `TY  - ` to `ER  - `.

use super::reference_fields::Reference;
use super::reference_types;
use super::tagged::TaggedFormat;
use crate::corpus::source::Entry;
use crate::corpus::syntax::tagged::{self, Blank, Boundary, Dialect};
use crate::corpus::{Format, FormatInfo};

/// The reader of RIS.
pub(super) static RIS: TaggedFormat = TaggedFormat {
    info: FormatInfo { format: Format::Ris, name: "RIS", extensions: &["ris", "txt"] },
    dialect: Dialect { parts, boundary, begin: Some("TY"), end: Some("ER"), blank: Blank::Ignored },
    titles: &["TI", "T1", "CT", "BT"],
    is_head,
    entry,
};

fn is_head(lines: &[String]) -> bool {
    // Publishers put lines about themselves in front.
    let tags: Vec<Option<&str>> = lines.iter().map(|line| parts(line).map(|(tag, _)| tag)).collect();
    let start = tags.iter().position(|tag| *tag == Some("TY"));
    let next = start.and_then(|start| tags.get(start + 1));
    start.is_some_and(|start| start < 16) && next.is_none_or(Option::is_some)
}

fn boundary(tag: &str) -> Boundary {
    match tag {
        "TY" => Boundary::Begins,
        "ER" => Boundary::Ends,
        _ => Boundary::Inside,
    }
}

fn entry(entry: &tagged::Entry) -> Entry {
    let reference_type = entry.first(&["TY"]).and_then(|field| reference_types::by_code(field.value));
    Reference::new(reference_type, entry.fields().map(|field| (field.tag, field.value))).entry()
}

/// Tags that are recognised with any spacing, sorted. Others count only where they are written as the format has it,
/// because a line of an abstract may begin like one.
const TAGS: [&str; 79] = [
    "A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "CA",
    "CN", "CP", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ER", "ET", "H1", "H2", "ID", "IS", "J1", "J2",
    "JA", "JF", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB", "LK", "M1", "M2", "M3", "N1", "N2", "NV", "OP", "PB",
    "PP", "PY", "RI", "RN", "RP", "SE", "SN", "SP", "ST", "SV", "T1", "T2", "T3", "TA", "TI", "TT", "TY", "UR", "VL",
    "VO", "Y1", "Y2",
];

/// The tag at the beginning of a line and what follows it. `TY  - x` is the right form; `TY - x`, `TY   - x`, `TY  -x` and
/// tabs are written as well.
fn parts(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let tag = line.get(..2)?;
    let mut letters = tag.bytes();
    let is_tag = letters.next()?.is_ascii_uppercase()
        && letters.next().is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let rest = line.get(2..).filter(|_| is_tag)?;
    let value = rest.trim_start_matches([' ', '\t']);
    let gap = rest.get(..rest.len() - value.len())?;
    let value = value.strip_prefix('-')?;
    let is_known = || TAGS.binary_search(&tag).is_ok();
    let is_parted = value.is_empty() || value.starts_with([' ', '\t']);
    let is_well_formed = gap == "  " && (is_parted || is_known());
    let is_well_enough = || !gap.is_empty() && is_parted && is_known();
    (is_well_formed || is_well_enough()).then_some((tag, value))
}

#[cfg(test)]
mod tests;
