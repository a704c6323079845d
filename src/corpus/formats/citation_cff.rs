//! `CITATION.cff`, in which a repository says how to cite it.
//!
//! The software or data set itself, the work that its authors prefer to have cited, and each of its references are
//! records of their own.

mod types;

use std::borrow::Cow;
use std::io;

use self::types::csl_type;
use super::csl_yaml::hand_on;
use super::json::date_in_year;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::yaml::{self, Element, Kind, Piece, Shape};
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::persons::NameParts;
use crate::corpus::text::{Markup, dates};
use crate::corpus::{Format, FormatInfo, Input, Reader, Sink};
use crate::diagnostic::Diagnostic;
use crate::paper::{DateVariable, Role, Span, Variable};

/// The reader of `CITATION.cff`.
pub(super) struct CitationCff;

/// The file as a mapping of members, and as a list of references.
const MEMBERS: Shape = Shape { list: Some(REFERENCES), has_members: true };
const LIST: Shape = Shape { list: Some(REFERENCES), has_members: false };

const REFERENCES: &str = "references";
const PREFERRED: &str = "preferred-citation";

impl Reader for CitationCff {
    fn info(&self) -> FormatInfo {
        FormatInfo { format: Format::CitationCff, name: "CITATION.cff", extensions: &["cff"] }
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        is_head(head)
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        let mut collector = Collector::without_keys(sink);
        let mut work = Work::default();
        yaml::each_piece(input, MEMBERS, &mut |piece| {
            work.piece(piece, &mut collector);
            collector.flow().is_continue()
        })?;
        let mut works = work.entries();
        yaml::each_piece(input, LIST, &mut |piece| {
            if let Piece::Element(reference) = &piece {
                // Records come in the order of the file.
                while let Some((span, entry)) = works.pop_if(|(span, _)| span.start < reference.span.start) {
                    collector.entry(span, entry);
                }
            }
            hand_on(piece, &mut collector, &mut |reference| entry(reference, Of::Reference));
            collector.flow().is_continue()
        })?;
        works.into_iter().rev().for_each(|(span, entry)| collector.entry(span, entry));
        Ok(())
    }
}

/// Whether a file that begins so says that it is of this format.
pub(super) fn is_head(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.any(|line| {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let line = line.strip_prefix(b"\"").unwrap_or(line);
        line.starts_with(b"cff-version")
    })
}

/// What the members of the file are about.
#[derive(Default)]
struct Work {
    members: Vec<(Cow<'static, str>, Value<'static>)>,
    /// The members beside each other among which the title is, or else the first ones.
    span: Option<Span>,
    has_title: bool,
    /// The members that come next are not beside those of the span.
    is_parted: bool,
    preferred: Option<(Span, Value<'static>)>,
}

/// More members than these are no description of a work.
const MAX_MEMBERS: usize = 200;

impl Work {
    fn piece(&mut self, piece: Piece, collector: &mut Collector<'_>) {
        let element = match piece {
            // What is wrong between references is reported where these are read.
            Piece::Diagnostic(_) => return,
            Piece::Element(element) => element,
        };
        if element.kind == Kind::Listed || element.is_called(REFERENCES) {
            self.is_parted = true;
            return;
        }
        let (content, problems) = element.content();
        problems.into_iter().for_each(|problem| {
            let message = problem.message.replacen("the entry", "the member", 1);
            collector.problem(Diagnostic { message, ..problem });
        });
        let Some(content) = content else { return };
        if content.key == PREFERRED {
            self.is_parted = true;
            self.preferred = self.preferred.take().or(Some((element.span, content.value)));
        } else if self.members.len() < MAX_MEMBERS {
            self.grow(&element, content.key == "title");
            self.members.push((Cow::Owned(content.key), content.value));
        }
    }

    /// Takes a member into the span of the work, of which the line is that of the title.
    fn grow(&mut self, element: &Element, is_title: bool) {
        let own = element.span;
        let is_parted = std::mem::take(&mut self.is_parted);
        let span = match self.span {
            None => own,
            // The title is on the other side.
            Some(_) if is_parted && !self.has_title => own,
            Some(span) if is_parted => {
                self.is_parted = true;
                span
            }
            Some(span) if is_title => Span { start: span.start, ..own },
            Some(span) => Span { end: own.end, end_line: own.end_line, ..span },
        };
        self.has_title |= is_title;
        self.span = Some(span);
    }

    /// The work itself and the preferred one, the last one in the file first.
    fn entries(self) -> Vec<(Span, Entry)> {
        let work = Value::Object(self.members);
        let own = self.span.map(|span| (span, entry(work.fields(), Of::Repository)));
        let preferred = self.preferred.map(|(span, work)| (span, entry(work.fields(), Of::Reference)));
        let mut entries: Vec<(Span, Entry)> = own.into_iter().chain(preferred).collect();
        entries.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        entries
    }
}

/// What an entry describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// What the repository holds.
    Repository,
    /// Any work.
    Reference,
}

fn entry(work: Fields<'_>, of: Of) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Plain);
    builder.title(&work.text("title"));
    builder.short_title(&work.text("abbreviation"));
    builder.abstract_text(&work.text("abstract"));
    let declared = work.text("type");
    let kind = if declared.is_empty() && of == Of::Repository { "software" } else { csl_type(&declared) };
    let is_in_journal = kind == "document" && work.has("journal");
    builder.work_type(if is_in_journal { "article-journal" } else { kind });
    identifiers(&mut builder, work, of);
    for (name, role) in PEOPLE {
        people(&mut builder, *role, work.list(name));
    }
    date(&mut builder, work);
    container(&mut builder, work, kind);
    for (name, variable) in TEXTS {
        builder.text(*variable, &work.text(name));
    }
    pages(&mut builder, work);
    let states: Vec<Cow<'_, str>> = work.list("patent-states").iter().map(Value::text).collect();
    builder.text(Variable::Jurisdiction, &states.join(", "));
    work.list("keywords").iter().for_each(|keyword| builder.keyword(&keyword.text()));
    builder.extra(&work.text("notes"), Variable::Note);
    builder.finish()
}

/// Fields that are variables under another name or the same.
const TEXTS: &[(&str, Variable)] = &[
    ("data-type", Variable::Genre),
    ("database", Variable::Source),
    ("edition", Variable::Edition),
    ("format", Variable::Medium),
    ("isbn", Variable::Isbn),
    ("issn", Variable::Issn),
    ("issue", Variable::Issue),
    ("languages", Variable::Language),
    ("medium", Variable::Medium),
    ("number", Variable::Number),
    ("number-volumes", Variable::NumberOfVolumes),
    ("section", Variable::Section),
    ("status", Variable::Status),
    ("thesis-type", Variable::Genre),
    ("version", Variable::Version),
    ("volume", Variable::Volume),
    ("volume-title", Variable::VolumeTitle),
];

/// Fields that list people, and their roles.
const PEOPLE: &[(&str, Role)] = &[
    ("authors", Role::Author),
    ("editors", Role::Editor),
    ("editors-series", Role::CollectionEditor),
    ("recipients", Role::Recipient),
    ("translators", Role::Translator),
];

fn people(builder: &mut RecordBuilder, role: Role, people: &[Value<'_>]) {
    for person in people {
        let fields = person.fields();
        let [family, given, particle, suffix] =
            ["family-names", "given-names", "name-particle", "name-suffix"].map(|name| fields.text(name));
        if !family.is_empty() || !given.is_empty() {
            let parts = NameParts {
                family: &family,
                given: &given,
                particle: &particle,
                suffix: &suffix,
                dropping_particle: "",
            };
            builder.person(role, parts);
        } else if fields.is_empty() {
            // People in one text are against the rules, and files have them.
            builder.name(role, &person.text());
        } else {
            builder.group(role, &fields.first(&["name", "alias"]));
        }
    }
}

fn identifiers(builder: &mut RecordBuilder, work: Fields<'_>, of: Of) {
    builder.doi(&work.text("doi"));
    builder.pmcid(&work.text("pmcid"));
    for identifier in work.objects("identifiers") {
        let value = identifier.text("value");
        match &*identifier.text("type") {
            "doi" => builder.doi(&value),
            "swh" => {}
            _ => builder.identifiers_in(&value),
        }
    }
    let url = work.first(&["url", "repository"]);
    // A repository is not the paper that its page may be about.
    if of == Of::Repository && url.contains("arxiv.org/") {
        builder.links().page = Some(url.into_owned());
    } else {
        builder.page_url(&url);
    }
    let code = work.text("repository-code");
    builder.links().code = Some(code.into_owned()).filter(|code| !code.is_empty());
}

fn date(builder: &mut RecordBuilder, work: Fields<'_>) {
    let (year, month) = (work.text("year"), work.text("month"));
    let written = work.first(&["date-published", "date-released"]);
    if year.is_empty() {
        builder.date(&written);
    } else {
        let exact = dates::date(&written).filter(|_| month.is_empty());
        builder.set_date(exact.and_then(|exact| date_in_year(Some(exact), &year)));
        builder.date_parts(&year, Some(&month), None);
    }
    builder.other_date(DateVariable::Accessed, &work.first(&["date-accessed", "date-downloaded"]));
    builder.other_date(DateVariable::OriginalDate, &work.text("year-original"));
}

fn container(builder: &mut RecordBuilder, work: Fields<'_>, kind: &str) {
    let collection = work.text("collection-title");
    builder.container(&work.text("journal"));
    let is_part = matches!(kind, "paper-conference" | "article-journal" | "chapter" | "entry" | "document");
    if is_part && !work.has("journal") {
        builder.container(&collection);
    } else {
        builder.text(Variable::CollectionTitle, &collection);
    }
    let (name, place) = entity(work, "conference");
    builder.text(Variable::EventTitle, &name);
    builder.text(Variable::EventPlace, &place);
    let conference = work.object("conference");
    let (start, end) = (conference.text("date-start"), conference.text("date-end"));
    builder.other_date(
        DateVariable::EventDate,
        &if end.is_empty() { start } else { Cow::Owned(format!("{start}/{end}")) },
    );
    // Where a thesis or a report was written.
    let mut publishers = ["publisher", "institution"];
    if matches!(kind, "thesis" | "report") {
        publishers.reverse();
    }
    for publisher in publishers {
        let (name, place) = entity(work, publisher);
        builder.publisher(&name);
        builder.text(Variable::PublisherPlace, &place);
    }
    builder.text(Variable::Archive, &work.object("location").text("name"));
}

/// The name of an entity, which some write as a text, and where it is.
fn entity(work: Fields<'_>, name: &str) -> (String, String) {
    let (text, fields) = (work.text(name), work.object(name));
    let place = ["city", "region", "country"].map(|part| fields.text(part));
    let place: Vec<&str> = place.iter().map(|part| &**part).filter(|part| !part.is_empty()).collect();
    let place = if place.is_empty() { fields.text("location").into_owned() } else { place.join(", ") };
    (if fields.is_empty() { text.into_owned() } else { fields.text("name").into_owned() }, place)
}

/// The first page and the last; how many pages there are, which some write for which pages these are.
fn pages(builder: &mut RecordBuilder, work: Fields<'_>) {
    builder.pages(&work.first(&["start", "loc-start"]), &work.first(&["end", "loc-end"]));
    let pages = work.text("pages");
    let is_number = pages.bytes().all(|byte| byte.is_ascii_digit());
    builder.text(if is_number { Variable::NumberOfPages } else { Variable::Page }, &pages);
}

#[cfg(test)]
mod tests;
