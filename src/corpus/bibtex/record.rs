//! The fields of an entry → a record.

use super::dates;
use super::fields::Fields;
use super::identify::{arxiv, doi, links};
use super::names::names;
use super::readable;
use crate::corpus::text::tex::verbatim;
use crate::paper::{Details, Person, Record, Role, Variable};

/// The record of an entry, without its place.
pub(super) fn record(kind: &str, key: &str, fields: &Fields<'_>) -> Record {
    let text = |name: &str| fields.get(name).map(readable).filter(|text| !text.is_empty());
    let (title, title_says_retracted) = title(fields);
    let (authors, has_others) = authors(kind, fields);
    let author_count = if has_others { None } else { u32::try_from(authors.len()).ok().filter(|count| *count > 0) };
    let arxiv = arxiv(fields);
    Record {
        title,
        abstract_text: text("abstract"),
        author_count,
        authors,
        date: date(fields),
        keys: keys(key, fields),
        doi: doi(fields),
        short_titles: ["shorttitle", "shorthand"].iter().filter_map(|name| text(name)).collect(),
        links: links(fields),
        work_type: work_type(kind, fields, arxiv.is_some()).map(str::to_owned),
        details: details(kind, fields).with_text(Variable::ContainerTitle, venue(kind, fields, arxiv.is_some())),
        retracted: title_says_retracted || is_retracted(fields),
        arxiv,
        ..Record::default()
    }
}

/// The title with its subtitle, and whether it says that the paper was retracted.
fn title(fields: &Fields<'_>) -> (String, bool) {
    let read = |names: &[&str]| fields.first(names).map(readable).unwrap_or_default();
    let (mut title, subtitle) = match fields.get("title") {
        Some(title) => (readable(title), read(&["subtitle"])),
        None => (read(&["maintitle", "booktitle"]), read(&["booksubtitle"])),
    };
    // The title of nothing but a subtitle is that.
    if !subtitle.is_empty() {
        let joint = match title.chars().next_back() {
            None => "",
            Some(':' | '?' | '!' | '.' | '—' | '–') => " ",
            Some(_) => ": ",
        };
        title = format!("{title}{joint}{subtitle}");
    }
    match without_retraction(&title) {
        Some(rest) => (rest.to_owned(), true),
        None => (title, false),
    }
}

/// The title without the mark that publishers put in front of it, where it has one.
fn without_retraction(title: &str) -> Option<&str> {
    const MARKS: [&str; 10] = [
        "[retracted]",
        "(retracted)",
        "retracted:",
        "[withdrawn]",
        "(withdrawn)",
        "withdrawn:",
        "retracted article:",
        "[retracted article]",
        "retracted paper:",
        "retracted -",
    ];
    MARKS.iter().find_map(|mark| {
        let head = title.get(..mark.len())?;
        let rest = title.get(mark.len()..)?.trim_start_matches([':', ' ']);
        (head.eq_ignore_ascii_case(mark) && !rest.is_empty()).then_some(rest)
    })
}

/// Whether keywords, note or state of publication say that the paper was retracted.
fn is_retracted(fields: &Fields<'_>) -> bool {
    let begins = |text: &str| {
        let text = text.trim_start_matches(['{', '[', '(', ' ']).to_ascii_lowercase();
        ["retracted", "withdrawn"]
            .iter()
            .any(|word| text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
    };
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["has been", "have been", "was", "were", "is"]
            .iter()
            .any(|verb| ["retracted", "withdrawn"].iter().any(|word| text.contains(&format!("{verb} {word}"))))
    };
    let of_library = |text: &str| begins(text) && text.to_ascii_lowercase().contains("library");
    let keywords = fields.first(&["keywords", "keyword"]).unwrap_or_default();
    keywords.split([',', ';']).any(begins)
        || fields.get("pubstate").is_some_and(begins)
        || fields.first(&["note", "addendum"]).is_some_and(|note| (begins(note) || says(note)) && !of_library(note))
}

/// The authors, and whether more are not named. Collections without authors have their editors.
fn authors(kind: &str, fields: &Fields<'_>) -> (Vec<Person>, bool) {
    let edited =
        matches!(kind, "proceedings" | "collection" | "book" | "mvbook" | "mvcollection" | "reference" | "periodical");
    let list = fields.get("author").or_else(|| fields.get("editor").filter(|_| edited));
    list.map(names).unwrap_or_default()
}

fn date(fields: &Fields<'_>) -> Option<crate::paper::PublicationDate> {
    let readable = |name: &str| fields.get(name).map(readable);
    let month = readable("month");
    let day = readable("day");
    let from_year = || dates::from_parts(&readable("year")?, month.as_deref(), day.as_deref());
    let from_date = fields.get("date").and_then(|date| dates::from_date(&verbatim(date)));
    from_date.or_else(from_year).or_else(|| dates::from_date(&readable("eventdate")?))
}

/// Where the work appeared, in the words a reader would use.
fn venue(kind: &str, fields: &Fields<'_>, has_arxiv: bool) -> Option<String> {
    let of_kind: &[&str] = match kind {
        "phdthesis" | "mastersthesis" | "bachelorsthesis" | "thesis" => &["school", "institution"],
        "techreport" | "report" => &["institution", "series", "organization"],
        "book" | "mvbook" | "booklet" | "manual" => &["publisher", "series", "organization"],
        _ => &["eventtitle", "series", "organization", "institution", "school", "publisher"],
    };
    let joined = |name: &str, subtitle: &str| {
        let title = fields.get(name).map(readable)?;
        Some(fields.get(subtitle).map_or(title.clone(), |subtitle| format!("{title}: {}", readable(subtitle))))
    };
    // A book whose own title had to be read from `booktitle` does not appear in itself.
    let in_book = || joined("booktitle", "booksubtitle").filter(|_| fields.get("title").is_some());
    let published =
        || fields.get("howpublished").filter(|text| !text.contains("://") && !text.contains("\\url")).map(readable);
    let venue = joined("journaltitle", "journalsubtitle")
        .or_else(|| joined("journal", "journalsubtitle"))
        .or_else(in_book)
        .or_else(|| fields.first(of_kind).map(readable))
        .or_else(published)
        .or_else(|| fields.first(&["publisher", "venue"]).map(readable))?;
    // `arXiv preprint arXiv:2306.02707` says the id twice.
    let repeats_id = has_arxiv && venue.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("arxiv"));
    let venue = if repeats_id { "arXiv".to_owned() } else { venue };
    (!venue.is_empty()).then_some(venue)
}

/// The citation key, then its aliases.
fn keys(key: &str, fields: &Fields<'_>) -> Vec<String> {
    let aliases = fields.get("ids").into_iter().flat_map(|ids| ids.split(','));
    let mut keys: Vec<String> = Vec::with_capacity(1);
    for key in std::iter::once(key).chain(aliases).map(str::trim).filter(|key| !key.is_empty()) {
        if !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

fn details(kind: &str, fields: &Fields<'_>) -> Details {
    let text = |names: &[&str]| fields.first(names).map(readable).filter(|text| !text.is_empty());
    let editors = fields.get("editor").map(|list| names(list).0).unwrap_or_default();
    let is_report = matches!(kind, "techreport" | "report");
    Details::from_iter([
        (Variable::Volume, text(&["volume"])),
        (Variable::Issue, if is_report { text(&["number"]) } else { text(&["number", "issue"]) }),
        (Variable::Page, text(&["pages", "eid"])),
        (Variable::Publisher, text(&["publisher", "school", "institution", "organization"])),
        (Variable::PublisherPlace, text(&["location", "address", "venue"])),
        (Variable::Edition, text(&["edition"])),
        (Variable::CollectionTitle, text(&["series"])),
        (Variable::Isbn, text(&["isbn"])),
        (Variable::Issn, text(&["issn"])),
    ])
    .with_people(Role::Editor, editors)
}

/// The CSL type of an entry type in lower case; `None` for types that are unknown.
fn work_type(kind: &str, fields: &Fields<'_>, has_arxiv: bool) -> Option<&'static str> {
    Some(match kind {
        "article" | "suppperiodical" => "article-journal",
        "inproceedings" | "conference" => "paper-conference",
        "book" | "mvbook" | "collection" | "mvcollection" | "proceedings" | "mvproceedings" | "reference"
        | "mvreference" => "book",
        "booklet" => "pamphlet",
        "incollection" | "inbook" | "bookinbook" | "suppbook" | "suppcollection" => "chapter",
        "inreference" => "entry-encyclopedia",
        "phdthesis" | "mastersthesis" | "bachelorsthesis" | "thesis" => "thesis",
        "techreport" | "report" | "manual" => "report",
        "unpublished" => "manuscript",
        "preprint" => "article",
        "online" | "electronic" | "www" | "webpage" | "website" => {
            if has_arxiv {
                "article"
            } else {
                "webpage"
            }
        }
        "misc" | "other" if has_arxiv => "article",
        "misc" | "other" if links(fields).page.is_some() => "webpage",
        "misc" | "other" => "document",
        "dataset" | "data" => "dataset",
        "software" => "software",
        "standard" => "standard",
        "patent" => "patent",
        "periodical" => "periodical",
        "review" => "review",
        "letter" => "personal_communication",
        "legislation" | "legal" => "legislation",
        "jurisdiction" => "legal_case",
        "movie" | "film" | "video" => "motion_picture",
        "audio" | "music" => "song",
        "image" | "artwork" => "graphic",
        "performance" => "performance",
        _ => return None,
    })
}
