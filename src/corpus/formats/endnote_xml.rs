//! The XML that `EndNote` and the programs beside it exchange. Texts may be split into runs of one style each.

use super::reference_fields::{CORPORATE_AUTHOR, Reference};
use super::reference_types::{self, ReferenceType};
use super::xml::XmlFormat;
use crate::corpus::source::Entry;
use crate::corpus::syntax::xml::{self, Element, Head};
use crate::corpus::table::lookup;
use crate::corpus::text::identifiers::{arxiv_in, doi_in};
use crate::corpus::{Format, FormatInfo};

/// The reader of `EndNote`'s XML.
pub(super) static ENDNOTE_XML: XmlFormat = XmlFormat {
    info: FormatInfo { format: Format::EndnoteXml, name: "EndNote XML", extensions: &["xml"] },
    has_keys: true,
    is_head,
    entries: |_| &["record"],
    title: |record| record.at(&["titles", "title"]),
    entry: |record| Some(entry(record)),
};

fn is_head(tags: Head<'_>, _: &[u8]) -> bool {
    let tags: Vec<&str> = tags.take(40).collect();
    let has = |name: &str| tags.contains(&name);
    match tags.as_slice() {
        ["xml", "records", ..] => true,
        ["records", "record", ..] => has("ref-type") || has("rec-number") || has("foreign-keys"),
        _ => false,
    }
}

/// The fields of a record, each under the tag that RIS has for it: `EndNote` means the same by both.
fn entry(record: Element<'_>) -> Entry {
    let reference_type = reference_type(record);
    let mut fields: Vec<(&str, String)> = Vec::new();
    for field in record.children() {
        match field.name() {
            "contributors" => fields.extend(field.children().flat_map(people)),
            "titles" => fields.extend(titles(field)),
            "periodical" => fields.extend(tagged(field, &[("full-title", "JF"), ("abbr-1", "JA")])),
            "dates" => fields.extend(dates(field)),
            "keywords" => fields.extend(field.all("keyword").map(|keyword| ("KW", keyword.text()))),
            "urls" => fields.extend(field.children().flat_map(|list| addresses(list, record))),
            // The field takes any other identifier as well.
            "electronic-resource-num" => {
                let names_work = |text: &String| doi_in(text).is_some() || arxiv_in(text).is_some();
                fields.extend(Some(field.text()).filter(names_work).map(|text| ("DO", text)));
            }
            "abstract" => fields.push(("AB", styled(field))),
            "number" => fields.push((number_tag(reference_type.code), accessed(field, record, reference_type.code))),
            name => fields.extend(lookup(&FIELDS, &name).map(|tag| (tag, field.text()))),
        }
    }
    let fields = fields.iter().map(|(tag, value)| (*tag, value.trim())).filter(|(_, value)| !value.is_empty());
    Reference::new(Some(reference_type), fields).entry()
}

/// The elements that hold one text, sorted, and the tags of RIS that say the same.
const FIELDS: [(&str, &str); 31] = [
    ("access-date", "Y2"),
    ("accession-num", "AN"),
    ("call-num", "CN"),
    ("custom1", "C1"),
    ("custom2", "C2"),
    ("custom3", "C3"),
    ("custom4", "C4"),
    ("custom5", "C5"),
    ("custom6", "C6"),
    ("custom7", "C7"),
    ("custom8", "C8"),
    ("edition", "ET"),
    ("isbn", "SN"),
    ("issue", "IS"),
    ("label", "ID"),
    ("language", "LA"),
    ("notes", "N1"),
    ("num-vols", "NV"),
    ("orig-pub", "OP"),
    ("pages", "SP"),
    ("pub-location", "CY"),
    ("publisher", "PB"),
    ("remote-database-name", "DB"),
    ("remote-database-provider", "DP"),
    ("report-id", "SN"),
    ("reprint-edition", "RP"),
    ("research-notes", "RN"),
    ("reviewed-item", "RI"),
    ("section", "SE"),
    ("volume", "VL"),
    ("work-type", "M3"),
];

/// The type of a record: its name counts before its number, which other programs than `EndNote` get wrong.
fn reference_type(record: Element<'_>) -> ReferenceType {
    let declared = record.first("ref-type");
    let name = declared.and_then(|kind| kind.attribute("name")).unwrap_or_default();
    let number = declared.map(Element::text).and_then(|number| number.trim().parse::<u8>().ok());
    let by_number = || lookup(&NUMBERS, &number?).and_then(reference_types::by_code);
    let known = reference_types::by_name(&name).or_else(by_number);
    known.unwrap_or(reference_types::GENERIC)
}

/// What the field for numbers is in RIS, which tells issues from other numbers.
fn number_tag(code: &str) -> &'static str {
    match code {
        "ABST" | "EJOUR" | "INPR" | "JFULL" | "JOUR" | "MGZN" | "NEWS" => "IS",
        "CHAP" | "ECHAP" => "SV",
        _ => "M1",
    }
}

/// A number. That of a web page is the day on which it was looked at, of which the field for volumes has the year.
fn accessed(number: Element<'_>, record: Element<'_>, code: &str) -> String {
    let year = record.first("volume").filter(|_| code == "ELEC").map(Element::text).unwrap_or_default();
    format!("{} {}", number.text().trim(), year.trim())
}

/// The texts of elements in an element, under the tags for their names.
fn tagged<'r>(
    element: Element<'r>,
    tags: &'static [(&str, &str)],
) -> impl Iterator<Item = (&'static str, String)> + use<'r> {
    tags.iter().filter_map(move |(name, tag)| Some((*tag, styled(element.first(name)?))))
}

fn titles(titles: Element<'_>) -> impl Iterator<Item = (&'static str, String)> {
    let tags = &[
        ("title", "TI"),
        ("secondary-title", "T2"),
        ("tertiary-title", "T3"),
        ("alt-title", "J2"),
        ("short-title", "ST"),
        ("translated-title", "TT"),
    ];
    tagged(titles, tags)
}

fn people(list: Element<'_>) -> Vec<(&'static str, String)> {
    let tag = match list.name() {
        "authors" => "AU",
        "secondary-authors" => "A2",
        "tertiary-authors" => "A3",
        "subsidiary-authors" | "translated-authors" => "A4",
        _ => return Vec::new(),
    };
    let is_group = |author: &Element<'_>| author.attribute("corp-name").is_some_and(|name| !name.trim().is_empty());
    let tag_of = |author: &Element<'_>| if tag == "AU" && is_group(author) { CORPORATE_AUTHOR } else { tag };
    list.all("author").map(|author| (tag_of(&author), author.text())).collect()
}

/// The year, and the day as people write it; `JabRef` writes the month by its number.
fn dates(dates: Element<'_>) -> Vec<(&'static str, String)> {
    let of = |path: &[&str]| dates.at(path).map(|date| date.text().trim().to_owned()).unwrap_or_default();
    let (year, day, month) = (of(&["year"]), of(&["pub-dates", "date"]), of(&["month"]));
    let month = match month.parse::<u8>() {
        Ok(month) if day.is_empty() => format!("{year}-{month:02}"),
        _ => String::new(),
    };
    // `12/05/2010` is another day on either side of the ocean.
    let is_numbers = !day.is_empty() && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/');
    let is_doubtful = is_numbers && day.as_bytes().get(4) != Some(&b'/') && !year.is_empty();
    vec![("PY", year), ("DA", if is_doubtful { String::new() } else { day }), ("DA", month)]
}

/// Addresses of a list. What a database writes where it has none is no address.
fn addresses(list: Element<'_>, record: Element<'_>) -> Vec<(&'static str, String)> {
    let urls = list.all("url").map(|url| url.text().trim().to_owned());
    if list.name() == "pdf-urls" {
        return urls.filter_map(|url| Some(("L1", attachment(&url, record)?))).collect();
    }
    let has_scheme = |url: &String| url.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme));
    urls.filter(has_scheme).map(|url| ("UR", url)).collect()
}

fn is_scheme(scheme: &str) -> bool {
    !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// The file or address of an attachment. What `EndNote` attaches lies in a folder beside the library.
fn attachment(url: &str, record: Element<'_>) -> Option<String> {
    let Some(inner) = url.strip_prefix("internal-pdf://") else { return Some(url.to_owned()) };
    let library = record.first("database")?.attribute("path")?;
    let folder = library.strip_suffix(".enl")?;
    let is_absolute = folder.starts_with('/') || folder.get(1..3) == Some(":\\");
    let separator = if folder.contains('\\') { "\\" } else { "/" };
    is_absolute.then(|| [&format!("{folder}.Data"), "PDF", &inner.replace('/', separator)].join(separator))
}

/// A text with its styles as HTML has them.
fn styled(element: Element<'_>) -> String {
    element.html_by(&|run| {
        if run.name() != "style" {
            return xml::tag_of(run).into_iter().collect();
        }
        let face = run.attribute("face").unwrap_or_default();
        let tag = |word: &str| match word {
            "italic" => Some("i"),
            "bold" => Some("b"),
            "superscript" => Some("sup"),
            "subscript" => Some("sub"),
            _ => None,
        };
        face.split_whitespace().filter_map(tag).collect()
    })
}

/// The numbers of `EndNote`'s types, sorted, with the abbreviations that RIS has for them.
const NUMBERS: [(u8, &str); 48] = [
    (2, "ART"),
    (3, "ADVS"),
    (4, "BILL"),
    (5, "CHAP"),
    (6, "BOOK"),
    (7, "CASE"),
    (8, "CTLG"),
    (9, "COMP"),
    (10, "CONF"),
    (12, "ELEC"),
    (13, "GEN"),
    (14, "HEAR"),
    (17, "JOUR"),
    (19, "MGZN"),
    (20, "MAP"),
    (21, "MPCT"),
    (23, "NEWS"),
    (24, "PAMP"),
    (25, "PAT"),
    (26, "PCOMM"),
    (27, "RPRT"),
    (28, "EDBOOK"),
    (31, "STAT"),
    (32, "THES"),
    (34, "UNPB"),
    (36, "MANSCPT"),
    (37, "FIGURE"),
    (38, "CHART"),
    (39, "EQUA"),
    (43, "EJOUR"),
    (44, "EBOOK"),
    (45, "DBASE"),
    (46, "GOVDOC"),
    (47, "CPAPER"),
    (48, "MULTI"),
    (49, "CLSWK"),
    (50, "LEGAL"),
    (51, "ANCIENT"),
    (52, "DICT"),
    (53, "ENCYC"),
    (54, "GRANT"),
    (55, "AGGR"),
    (56, "BLOG"),
    (57, "SER"),
    (58, "STAND"),
    (59, "DATA"),
    (60, "ECHAP"),
    (61, "MUSIC"),
];

#[cfg(test)]
mod tests;
