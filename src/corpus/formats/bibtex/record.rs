//! The fields of an entry → a record.

use std::borrow::Cow;

use super::fields::{Field, Fields, Other};
use super::identify::{identifiers, links};
use super::inherit::is_part;
use super::words::{csl_type, phrase};
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::text::tex::verbatim;
use crate::corpus::text::{Markup, dates, retraction};
use crate::paper::{CSL_TYPES, DateVariable, Role, Variable};

/// Fields whose text goes into a variable as it is; of several the first one counts.
const TEXTS: [(Variable, &[Field]); 17] = [
    (Variable::ContainerTitleShort, &[Field::Shortjournal]),
    (Variable::EventPlace, &[Field::Venue]),
    (Variable::OriginalPublisher, &[Field::Origpublisher]),
    (Variable::OriginalPublisherPlace, &[Field::Origlocation]),
    (Variable::OriginalTitle, &[Field::Origtitle]),
    (Variable::Volume, &[Field::Volume]),
    (Variable::Page, &[Field::Pages, Field::Eid, Field::Articleno]),
    (Variable::NumberOfPages, &[Field::Pagetotal, Field::Numpages]),
    (Variable::NumberOfVolumes, &[Field::Volumes]),
    (Variable::ChapterNumber, &[Field::Chapter]),
    (Variable::PartNumber, &[Field::Part]),
    (Variable::Edition, &[Field::Edition]),
    (Variable::Version, &[Field::Version]),
    (Variable::Language, &[Field::Langid, Field::Hyphenation, Field::Language]),
    (Variable::Annote, &[Field::Annotation, Field::Annote]),
    (Variable::CallNumber, &[Field::Library]),
    (Variable::Number, &[Field::Isrn]),
];

/// Fields that name people.
const PEOPLE: [(Field, Role); 17] = [
    (Field::Author, Role::Author),
    (Field::Bookauthor, Role::ContainerAuthor),
    (Field::Translator, Role::Translator),
    (Field::Director, Role::Director),
    (Field::Illustrator, Role::Illustrator),
    (Field::Compiler, Role::Compiler),
    (Field::Composer, Role::Composer),
    (Field::Narrator, Role::Narrator),
    (Field::Performer, Role::Performer),
    (Field::Producer, Role::Producer),
    (Field::Interviewer, Role::Interviewer),
    (Field::Scriptwriter, Role::ScriptWriter),
    (Field::Holder, Role::Recipient),
    (Field::Annotator, Role::Contributor),
    (Field::Commentator, Role::Contributor),
    (Field::Introduction, Role::Contributor),
    (Field::Foreword, Role::Contributor),
];

/// Fields of editors with those that say what they did.
const EDITORS: [(Field, Field); 4] = [
    (Field::Editor, Field::Editortype),
    (Field::Editora, Field::Editoratype),
    (Field::Editorb, Field::Editorbtype),
    (Field::Editorc, Field::Editorctype),
];

/// Dates besides that of publication.
const DATES: [(DateVariable, Field); 3] = [
    (DateVariable::Accessed, Field::Urldate),
    (DateVariable::EventDate, Field::Eventdate),
    (DateVariable::OriginalDate, Field::Origdate),
];

/// The record of an entry of a type, in lower case, without its place.
pub(super) fn entry(kind: &str, key: &str, fields: &Fields<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Tex);
    builder.plain(Variable::EntryType, kind);
    builder.key(key);
    fields.get(Field::Ids).into_iter().flat_map(|ids| ids.split(',')).for_each(|key| builder.key(key));
    identifiers(fields, &mut builder);
    links(fields, &mut builder);
    titles(kind, fields, &mut builder);
    people(fields, &mut builder);
    dates(fields, &mut builder);
    numbers(kind, fields, &mut builder);
    publication(kind, fields, &mut builder);
    notes(fields, &mut builder);
    for (variable, sources) in TEXTS {
        fields.first(sources).into_iter().for_each(|text| builder.text(variable, text));
    }
    for (other, value) in fields.others() {
        match other {
            Other::Text(variable) => builder.text(variable, value),
            Other::Date(variable) => builder.set_other_date(variable, dates::date(&verbatim(value))),
            Other::People(role) => builder.names(role, value),
        }
    }
    let is_arxiv = builder.so_far().arxiv.is_some();
    work_type(kind, fields, is_arxiv).into_iter().for_each(|work_type| builder.work_type(work_type));
    builder.finish()
}

/// A title with its subtitle and what is added to it.
fn joined<'f>(fields: &'f Fields<'_>, [title, subtitle, addon]: [Field; 3]) -> Option<Cow<'f, str>> {
    let mut whole = Cow::Borrowed(fields.get(title)?);
    for (part, joint) in [(fields.get(subtitle), ":"), (fields.get(addon), ".")] {
        if let Some(part) = part {
            let is_ended = whole.trim_end_matches('}').ends_with([':', '?', '!', '.', '—', '–']);
            let joint = if is_ended { "" } else { joint };
            whole = Cow::Owned(format!("{whole}{joint} {part}"));
        }
    }
    Some(whole)
}

const MAIN: [Field; 3] = [Field::Maintitle, Field::Mainsubtitle, Field::Maintitleaddon];
const BOOK: [Field; 3] = [Field::Booktitle, Field::Booksubtitle, Field::Booktitleaddon];

fn titles(kind: &str, fields: &Fields<'_>, builder: &mut RecordBuilder) {
    let has_title = fields.has(Field::Title);
    let is_issue = kind == "periodical" && fields.has(Field::Issuetitle);
    let (title, subtitle) = if is_issue {
        (Field::Issuetitle, Field::Issuesubtitle)
    } else if has_title {
        (Field::Title, Field::Subtitle)
    } else if fields.has(Field::Booktitle) {
        (Field::Booktitle, Field::Booksubtitle)
    } else {
        (Field::Maintitle, Field::Mainsubtitle)
    };
    fields.get(title).into_iter().for_each(|text| builder.title(text));
    // The title of nothing but a subtitle is that.
    let lone_subtitle = || fields.get(Field::Subtitle).filter(|_| !fields.has(title));
    fields.get(subtitle).or_else(lone_subtitle).into_iter().for_each(|text| builder.subtitle(text));
    for short in [Field::Shorttitle, Field::Shorthand] {
        fields.get(short).into_iter().for_each(|text| builder.short_title(text));
    }
    let journal = || {
        joined(fields, [Field::Journaltitle, Field::Journalsubtitle, Field::Journaltitleaddon])
            .or_else(|| joined(fields, [Field::Journal, Field::Journalsubtitle, Field::Journaltitleaddon]))
    };
    // What the title had to be taken from contains nothing.
    let book = || joined(fields, BOOK).filter(|_| has_title && (is_part(kind) || !is_book(kind)));
    let main = || joined(fields, MAIN).filter(|_| has_title);
    let container = if is_issue {
        joined(fields, [Field::Title, Field::Subtitle, Field::Titleaddon])
    } else if is_part(kind) {
        main().or_else(book).or_else(journal)
    } else {
        journal().or_else(book).or_else(main)
    };
    if let Some(container) = container {
        // `arXiv preprint arXiv:2306.02707` says the id twice.
        let is_arxiv = builder.so_far().arxiv.is_some()
            && container.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("arxiv"));
        builder.text(Variable::ContainerTitle, if is_arxiv { "arXiv" } else { &container });
    }
    if is_part(kind)
        && fields.has(Field::Maintitle)
        && let Some(volume) = book()
    {
        builder.text(Variable::VolumeTitle, &volume);
    }
    // A special issue with a title of its own.
    if !is_issue && let Some(issue) = joined(fields, [Field::Issuetitle, Field::Issuesubtitle, Field::Issuetitleaddon])
    {
        builder.text(Variable::VolumeTitle, &issue);
    }
    if let Some(event) = joined(fields, [Field::Eventtitle, Field::Eventtitleaddon, Field::Eventtitleaddon]) {
        builder.text(Variable::EventTitle, &event);
    }
}

/// Whether entries of this type are books as a whole.
fn is_book(kind: &str) -> bool {
    matches!(
        kind,
        "book"
            | "booklet"
            | "collection"
            | "manual"
            | "mvbook"
            | "mvcollection"
            | "mvproceedings"
            | "mvreference"
            | "periodical"
            | "proceedings"
            | "reference"
    )
}

fn people(fields: &Fields<'_>, builder: &mut RecordBuilder) {
    for (field, role) in PEOPLE {
        fields.get(field).into_iter().for_each(|list| builder.names(role, list));
    }
    fields.get(Field::Afterword).into_iter().for_each(|list| builder.names(Role::Contributor, list));
    for (field, kind) in EDITORS {
        if let Some(list) = fields.get(field) {
            builder.names(editor_role(field, fields.get(kind)), list);
        }
    }
}

/// What the people in a field for editors did.
fn editor_role(field: Field, kind: Option<&str>) -> Role {
    let Some(kind) = kind else { return Role::Editor };
    match kind.to_ascii_lowercase().as_str() {
        "editor" => Role::Editor,
        "compiler" => Role::Compiler,
        "director" => Role::Director,
        "organizer" | "organiser" => Role::Organizer,
        "translator" => Role::Translator,
        "producer" => Role::Producer,
        "performer" => Role::Performer,
        "illustrator" => Role::Illustrator,
        // Founders, redactors, revisers and collaborators: the first list is printed where editors are.
        _ if field == Field::Editor => Role::Editor,
        _ => Role::Contributor,
    }
}

fn dates(fields: &Fields<'_>, builder: &mut RecordBuilder) {
    let date = fields.get(Field::Date).map(verbatim);
    builder.set_date(date.as_deref().and_then(dates::edtf));
    if let Some(year) = fields.get(Field::Year) {
        builder.date_parts(year, fields.get(Field::Month), fields.get(Field::Day));
    } else if let (Some(date), None) = (&date, builder.so_far().date) {
        builder.date(date);
    }
    for (variable, field) in DATES {
        builder.set_other_date(variable, fields.get(field).and_then(|text| dates::edtf(&verbatim(text))));
    }
}

/// The number in a series, the issue of a journal and the number of a report are all called number.
fn numbers(kind: &str, fields: &Fields<'_>, builder: &mut RecordBuilder) {
    let number = fields.get(Field::Number);
    let issue = fields.get(Field::Issue);
    let is_article = matches!(kind, "article" | "periodical" | "suppperiodical" | "review" | "newsarticle");
    if is_article {
        match (number, issue) {
            (Some(number), Some(issue)) if number != issue => {
                builder.text(Variable::Issue, &format!("{number}, {issue}"));
            }
            _ => number.or(issue).into_iter().for_each(|text| builder.text(Variable::Issue, text)),
        }
        return;
    }
    let variable = if is_part(kind) || (is_book(kind) && kind != "booklet" && kind != "manual") {
        Variable::CollectionNumber
    } else {
        Variable::Number
    };
    number.into_iter().for_each(|text| builder.text(variable, text));
    issue.into_iter().for_each(|text| builder.text(Variable::Issue, text));
}

/// Who published the work, where, and in which series.
fn publication(kind: &str, fields: &Fields<'_>, builder: &mut RecordBuilder) {
    let mut publishers: Vec<&str> = Vec::new();
    for field in [Field::School, Field::Institution, Field::Organization, Field::Publisher] {
        publishers.extend(fields.get(field).filter(|name| !publishers.contains(name)));
    }
    builder.text(Variable::Publisher, &publishers.join("; "));
    let places = if kind == "patent" {
        let countries = fields.get(Field::Location).into_iter().flat_map(|list| list.split(" and "));
        let countries: Vec<&str> = countries.map(str::trim).map(|key| phrase(key).unwrap_or(key)).collect();
        builder.text(Variable::Jurisdiction, &countries.join("; "));
        fields.get(Field::Address)
    } else {
        fields.first(&[Field::Address, Field::Location])
    };
    places.into_iter().for_each(|place| builder.text(Variable::PublisherPlace, place));
    if let Some(series) = fields.get(Field::Series) {
        let series = phrase(series).map_or_else(|| series_title(kind, series), Cow::Borrowed);
        builder.text(Variable::CollectionTitle, &series);
    }
    let genre = fields.get(Field::Type).map(|genre| phrase(genre).unwrap_or(genre));
    let genre = genre.or_else(|| match kind {
        "mastersthesis" => phrase("mathesis"),
        "phdthesis" => phrase("phdthesis"),
        "bachelorsthesis" => phrase("bathesis"),
        _ => None,
    });
    genre.into_iter().for_each(|genre| builder.text(Variable::Genre, genre));
    let how = fields.get(Field::Howpublished).map(without_address).filter(|how| !how.is_empty());
    how.into_iter().for_each(|how| builder.text(Variable::HowPublished, how));
    let state = fields.get(Field::Pubstate).map(|state| phrase(state).unwrap_or(state));
    state.into_iter().for_each(|state| builder.text(Variable::Status, state));
}

/// A journal counts its series: `2` is `2nd series`.
fn series_title<'f>(kind: &str, series: &'f str) -> Cow<'f, str> {
    let is_counted = kind == "article" && series.len() <= 2 && series.bytes().all(|byte| byte.is_ascii_digit());
    if !is_counted {
        return Cow::Borrowed(series);
    }
    let ending = match series {
        "11" | "12" | "13" => "th",
        _ if series.ends_with('1') => "st",
        _ if series.ends_with('2') => "nd",
        _ if series.ends_with('3') => "rd",
        _ => "th",
    };
    Cow::Owned(format!("{series}{ending} series"))
}

/// What a text says before the address in it: `Blog post` of `Blog post, \url{…}`, nothing of `Available at \url{…}`.
fn without_address(text: &str) -> &str {
    let at = ["\\url", "\\href", "http://", "https://", "www."].iter().filter_map(|mark| text.find(mark)).min();
    let Some(at) = at else { return text };
    let before = text.get(..at).unwrap_or_default();
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || ",.;:({[<".contains(c));
    let lead = before.to_ascii_lowercase();
    let is_lead = ["at", "from", "online", "url", "in", "see", "available", "on", "via", "website"]
        .iter()
        .any(|word| lead.rsplit(' ').next() == Some(word));
    if is_lead { "" } else { before }
}

/// Abstract, keywords, notes and what they say of the work's state.
fn notes(fields: &Fields<'_>, builder: &mut RecordBuilder) {
    fields.get(Field::Abstract).into_iter().for_each(|text| builder.abstract_text(text));
    let keywords = fields.first(&[Field::Keywords, Field::Keyword]);
    keywords.into_iter().flat_map(|list| list.split([',', ';'])).for_each(|keyword| builder.keyword(keyword));
    let addon = fields.get(Field::Titleaddon);
    let parts = [addon, fields.get(Field::Note), fields.get(Field::Addendum)];
    let mut note = String::new();
    for part in parts.into_iter().flatten() {
        let joint = match note.trim_end_matches('}').chars().next_back() {
            None => "",
            Some('.' | '!' | '?' | ',' | ';' | ':') => " ",
            Some(_) => ". ",
        };
        note.push_str(joint);
        note.push_str(part);
    }
    builder.text(Variable::Note, &note);
    builder.retracted(is_retracted(fields));
}

/// Whether keywords, note or state of publication say that the paper was retracted.
fn is_retracted(fields: &Fields<'_>) -> bool {
    let keywords = fields.first(&[Field::Keywords, Field::Keyword]).unwrap_or_default();
    keywords.split([',', ';']).any(retraction::begins_with_mark)
        || fields.get(Field::Pubstate).is_some_and(retraction::begins_with_mark)
        || fields.first(&[Field::Note, Field::Addendum]).is_some_and(retraction::note_says_so)
}

/// The CSL type of an entry: the one that its subtype names, or else that of its entry type. `None` for types that are
/// unknown.
fn work_type(kind: &str, fields: &Fields<'_>, is_arxiv: bool) -> Option<&'static str> {
    let subtype = fields.get(Field::Entrysubtype).unwrap_or_default();
    if let Some(named) = CSL_TYPES.into_iter().find(|known| *known == subtype) {
        return Some(named);
    }
    let known = csl_type(kind)?;
    Some(match known {
        "article-journal" | "periodical" if subtype.eq_ignore_ascii_case("magazine") => "article-magazine",
        "article-journal" | "periodical" if subtype.eq_ignore_ascii_case("newspaper") => "article-newspaper",
        "manuscript" if fields.first(&[Field::Eventdate, Field::Eventtitle, Field::Venue]).is_some() => "speech",
        "webpage" | "document" if is_arxiv => "article",
        "document" if fields.first(&[Field::Url, Field::Howpublished]).is_some_and(|url| url.contains("://")) => {
            "webpage"
        }
        _ => known,
    })
}
