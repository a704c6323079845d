//! Web of Science's tagged text (`savedrecs.txt`, `.ciw`, `.isi`): two letters and a value, three spaces before what goes on
//! with it, from `PT` to `ER`.

use super::tagged::TaggedFormat;
use super::values::{self, most_exact, pages, plain_title, serial_numbers, whole_ranges};
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::tagged::{self, Blank, Boundary, Dialect};
use crate::corpus::text::{Markup, one_line, retraction};
use crate::corpus::{Format, FormatInfo};
use crate::paper::{DateVariable, Role, Variable, fold};

/// The reader of Web of Science's tagged text.
pub(super) static WEB_OF_SCIENCE: TaggedFormat = TaggedFormat {
    info: FormatInfo { format: Format::WebOfScience, name: "Web of Science", extensions: &["ciw", "isi", "txt"] },
    dialect: Dialect { parts, boundary, begin: Some("PT"), end: Some("ER"), blank: Blank::Ignored },
    titles: &["TI", "SO"],
    is_head,
    entry,
};

fn is_head(lines: &[String]) -> bool {
    let mut tags = lines.iter().take(30).map(|line| parts(line));
    match tags.next().flatten() {
        Some(("FN", _)) => matches!(tags.next().flatten(), Some(("VR" | "PT", _))),
        // Only the records may be there; then a type of one letter begins, and the usual tags follow.
        Some(("PT", kind)) => {
            let known = tags.flatten().filter(|(tag, _)| matches!(*tag, "AU" | "TI" | "SO" | "PY" | "UT" | "AF"));
            kind.trim().len() == 1 && known.count() >= 2
        }
        _ => false,
    }
}

fn boundary(tag: &str) -> Boundary {
    match tag {
        "PT" => Boundary::Begins,
        "ER" => Boundary::Ends,
        "FN" | "VR" | "EF" => Boundary::Outside,
        _ => Boundary::Inside,
    }
}

/// The tag at the beginning of a line and what follows it: a capital, a capital or figure, and a space. The marks of an
/// end stand alone.
fn parts(line: &str) -> Option<(&str, &str)> {
    let (tag, value) = (line.get(..2)?, line.get(2..)?);
    let mut letters = tag.bytes();
    let is_tag = letters.next()?.is_ascii_uppercase()
        && letters.next().is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_alone = value.is_empty() || !matches!(tag, "ER" | "EF");
    (is_tag && is_alone && (value.is_empty() || value.starts_with(' '))).then_some((tag, value))
}

fn entry(entry: &tagged::Entry) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let first = |tags: &[&str]| entry.first(tags).map(|field| field.value);
    let work_type = work_type(entry);
    builder.work_type(work_type);
    let documents = one_line(first(&["DT"]).unwrap_or_default());
    builder.notice(documents.split("; ").any(|document| matches!(document, "Retraction" | "Correction")));
    if let Some(title) = first(&["TI"]).or_else(|| first(&["SO"]).filter(|_| work_type == "book")) {
        let (title, is_retracted) = retraction::without_addition(title);
        builder.title(plain_title(title));
        builder.retracted(is_retracted);
    }
    builder.retracted(documents.contains("Retracted"));
    people(entry, work_type, &mut builder);
    containers(entry, work_type, &mut builder);
    builder.set_date(most_exact(first(&["PY"]).into_iter().chain(first(&["PD"]).map(with_season).as_deref())));
    if let Some(text) = first(&["EA", "EY"]) {
        let early = values::date(text, None);
        builder.set_other_date(DateVariable::AvailableDate, early);
        builder.set_date(early);
    }
    match first(&["PS"]) {
        Some(range) => builder.plain(Variable::Page, &whole_ranges(range)),
        None => pages(&mut builder, first(&["BP"]), first(&["EP"])),
    }
    for field in entry.fields() {
        each_field(field.tag, field.value, work_type, &mut builder);
    }
    builder.finish()
}

/// What one field says whatever the others say. What the work cites (`CR`) are other works.
fn each_field(tag: &str, value: &str, work_type: &str, builder: &mut RecordBuilder) {
    match tag {
        "AB" => builder.abstract_text(value),
        "AR" => builder.plain(Variable::Page, value),
        "VL" => builder.plain(Variable::Volume, value),
        "IS" => builder.plain(Variable::Issue, value),
        "SU" => builder.plain(Variable::SupplementNumber, value),
        "PN" if work_type == "patent" => builder.plain(Variable::Number, value),
        "PN" => builder.plain(Variable::PartNumber, value),
        "PC" if work_type == "patent" => builder.text(Variable::Jurisdiction, value),
        "PG" if work_type == "book" => builder.plain(Variable::NumberOfPages, value),
        "CE" => builder.text(Variable::Edition, value),
        "LA" => builder.text(Variable::Language, value),
        "PU" => builder.publisher(&recased(value, "")),
        "PI" | "PV" => builder.text(Variable::PublisherPlace, &recased(value, "")),
        "CT" => builder.text(Variable::EventTitle, value),
        "CL" => builder.text(Variable::EventPlace, value),
        "CY" => builder.other_date(DateVariable::EventDate, &one_line(value)),
        "SN" | "EI" | "BN" => serial_numbers(builder, value),
        "DI" => builder.doi(value),
        // The DOI of the book is not that of a chapter.
        "D2" if work_type == "book" => builder.doi(value),
        "UR" | "AW" => builder.page_url(value),
        "PM" => builder.plain(Variable::Pmid, value),
        "UT" => {
            if let Some(number) = value.strip_prefix("MEDLINE:") {
                builder.plain(Variable::Pmid, number);
            }
        }
        "DE" | "ID" => one_line(value).split(';').for_each(|keyword| builder.keyword(keyword)),
        _ => {}
    }
}

/// The CSL type, recognised by the type of publication, `J`ournal, `B`ook, `S`eries, `C`onference or `P`atent, and by that of the
/// document, which may be several.
fn work_type(entry: &tagged::Entry) -> &'static str {
    let kind = entry.first(&["PT"]).map_or("", |field| field.value);
    let documents = one_line(entry.first(&["DT"]).map_or("", |field| field.value)).to_ascii_lowercase();
    let is = |wanted: &str| documents.split("; ").any(|document| document == wanted);
    let is_journal = matches!(kind, "J" | "Journal");
    let title = |tag: &str| entry.first(&[tag]).map(|field| fold(field.value));
    let is_whole = title("TI").is_none() || title("TI") == title("SO");
    match kind {
        "P" | "Patent" => "patent",
        "D" => "dataset",
        _ if is("patent") => "patent",
        _ if is("data set") || is("dataset") => "dataset",
        _ if is("book review") => "review-book",
        _ if is("dissertation/thesis") || is("dissertation") || is("thesis") => "thesis",
        _ if is("preprint") => "article",
        "C" | "Conference" => "paper-conference",
        _ if !is_journal && (is("proceedings paper") || is("conference paper")) => "paper-conference",
        _ if !is_journal && is("book chapter") => "chapter",
        "B" | "Book" if is_whole || is("book") => "book",
        "B" | "Book" | "S" | "Chapter" => "chapter",
        _ => "article-journal",
    }
}

/// The people, by their full names where there are any, a name a line.
fn people(entry: &tagged::Entry, work_type: &str, builder: &mut RecordBuilder) {
    let list = |tags: &[&str]| entry.first(tags).map(|field| field.value).unwrap_or_default();
    let (own, of_book) = (list(&["AF", "AU"]), list(&["BF", "BA"]));
    let is_part = !own.is_empty();
    each_name(own, |text| name(builder, Role::Author, text));
    each_name(of_book, |text| name(builder, if is_part { Role::ContainerAuthor } else { Role::Author }, text));
    each_name(list(&["BE"]), |text| name(builder, Role::Editor, text));
    each_name(list(&["ED"]), |text| name(builder, Role::Editor, text));
    each_name(list(&["TR"]), |text| name(builder, Role::Translator, text));
    each_name(list(&["CA"]), |group| builder.group(Role::Author, group));
    if builder.so_far().authors.is_empty() && work_type == "book" {
        each_name(list(&["GP"]), |group| builder.group(Role::Author, group));
    }
    each_name(list(&["AE"]), |holder| builder.group(Role::Recipient, holder));
}

fn each_name(list: &str, take: impl FnMut(&str)) {
    let names = list.split(['\n', ';']).map(str::trim);
    names.filter(|name| !name.is_empty() && *name != "[Anonymous]").for_each(take);
}

/// `Smith, J. Mark`, `Smith, JM`, with an address in parentheses after it, or `SMITH J`.
fn name(builder: &mut RecordBuilder, role: Role, text: &str) {
    let text = text.split(" (").next().unwrap_or(text);
    if text.contains('.') {
        builder.name(role, text);
    } else {
        builder.indexed_name(role, text);
    }
}

/// The journal, the book and the series.
fn containers(entry: &tagged::Entry, work_type: &str, builder: &mut RecordBuilder) {
    let first = |tags: &[&str]| entry.first(tags).map(|field| one_line(field.value));
    let abbreviated = first(&["JI"]).unwrap_or_default();
    if let Some(container) = first(&["SO"]).filter(|_| work_type != "book") {
        let container = recased(&container, &abbreviated);
        builder.container(&container);
        if let Some(short) = first(&["JI", "J9"]).filter(|short| !short.eq_ignore_ascii_case(&container)) {
            builder.text(Variable::ContainerTitleShort, &short);
        }
    }
    if let Some(series) = first(&["SE"]) {
        let series = recased(&series, "");
        let whole = first(&["BS"]).map_or(series.clone(), |subtitle| format!("{series}: {}", recased(&subtitle, "")));
        builder.text(Variable::CollectionTitle, &whole);
    }
}

/// A season as people write it, for the first three letters of it.
fn with_season(text: &str) -> String {
    let season = |word: &str| {
        let whole = match word.to_ascii_uppercase().as_str() {
            "SPR" => "Spring",
            "SUM" => "Summer",
            "FAL" | "AUT" => "Autumn",
            "WIN" | "WTR" => "Winter",
            _ => word,
        };
        whole.to_owned()
    };
    one_line(text).split(' ').map(season).collect::<Vec<_>>().join(" ")
}

/// A name in capitals as it is usually written: `JOURNAL OF THE ACM` → `Journal of the ACM`. How a word is written in the
/// abbreviated name counts first, then abbreviations that are known or have no vowel. Other texts stay.
fn recased(text: &str, abbreviated: &str) -> String {
    let text = one_line(text);
    if text.chars().any(char::is_lowercase) {
        return text;
    }
    let is_break = |c: char| !c.is_alphanumeric() && c != '\'' && c != '’';
    let mut written = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let length = rest.find(is_break).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let starts = written.is_empty() || written.ends_with([':', '(', '"']) || written.ends_with(": ");
        written.push_str(&recased_word(word, abbreviated, starts));
        let gap = after.chars().next().map_or(0, char::len_utf8);
        written.push_str(after.get(..gap).unwrap_or_default());
        rest = after.get(gap..).unwrap_or_default();
    }
    written
}

fn recased_word(word: &str, abbreviated: &str, starts: bool) -> String {
    let known = abbreviated.split(|c: char| !c.is_alphanumeric()).find(|known| known.eq_ignore_ascii_case(word));
    if let Some(known) = known.filter(|known| known.len() > 1) {
        return known.to_owned();
    }
    let lower = word.to_lowercase();
    if !starts && SMALL_WORDS.contains(&lower.as_str()) {
        return lower;
    }
    let has_vowel = lower.contains(['a', 'e', 'i', 'o', 'u', 'y']) || !lower.is_ascii();
    let is_ordinal = word.starts_with(|c: char| c.is_ascii_digit());
    let is_numeral = !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    let is_word = has_vowel || matches!(word, "DR" | "LTD" | "ST");
    if !is_ordinal && (!is_word || is_numeral || ABBREVIATIONS.contains(&word)) {
        return word.to_owned();
    }
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

const SMALL_WORDS: [&str; 29] = [
    "a", "al", "an", "and", "at", "by", "da", "de", "del", "der", "des", "di", "die", "du", "e", "el", "en", "et",
    "for", "fur", "in", "la", "le", "of", "on", "the", "to", "und", "y",
];

/// Abbreviations that look like words.
const ABBREVIATIONS: [&str; 20] = [
    "ACM", "AIP", "APS", "ASCE", "ASME", "DNA", "IEEE", "IET", "IFAC", "IOP", "JAMA", "MDPI", "MIT", "RNA", "SAE",
    "SAGE", "SIAM", "SPIE", "UK", "USA",
];

#[cfg(test)]
mod tests;
